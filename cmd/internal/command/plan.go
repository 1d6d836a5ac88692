package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

func (a *app) planCommand() *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show the statements that build would run, and run none",
		Long: `Show, node by node and in order, every statement that "chmod build" would send
to the server as it is now, and what readers can see meanwhile. Columns that are
known only once a parent is built are told as such. Nothing is changed.`,
		Example: `  chmod plan
  chmod plan --select orders --target prod
  chmod plan --select +mart_daily_volume --resource-type model`,
		Args: noWords,
	}
	r.declare(cmd)
	r.declareTypes(cmd)
	r.declareRefresh(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.withProject(cmd, r.flags(), func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
			types := []string{manifest.Model, manifest.Seed, manifest.Snapshot, manifest.Test}
			plans, err := inv.Plan(ctx, invocation.Run{Selection: a.selection(r.choosing), Types: types})
			if err != nil {
				return false, err
			}
			if len(plans) == 0 {
				return true, inv.Nothing()
			}
			for _, p := range plans {
				c.events.Send(event.Printed{Text: planText(p)})
			}
			return true, c.artifacts(inv, nil)
		})
	}
	return cmd
}

func planText(p invocation.Planned) string {
	var b strings.Builder
	b.WriteString(p.Note)
	if p.Node != nil && p.Plan == nil {
		fmt.Fprintf(&b, "-- %s\n", p.Node.UniqueID)
	}
	switch {
	case p.Unknown != nil:
		fmt.Fprintf(&b, "--   %s\n", strings.ReplaceAll(p.Unknown.Error(), "\n", "\n--   "))
	case p.Test != nil:
		b.WriteString(p.Test.Step().Text())
	case p.Plan != nil:
		b.WriteString(p.Plan.Text())
		for _, batch := range p.Rest {
			b.WriteString("\n" + batch.Text())
		}
	}
	return b.String()
}
