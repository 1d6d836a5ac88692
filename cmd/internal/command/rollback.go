package command

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/dag/selection"
)

func (a *app) rollbackCommand() *cobra.Command {
	q := invocation.Rollback{IfLocked: invocation.IfLockedWait}
	var dryRun, yes bool
	cmd := &cobra.Command{
		Use:   "rollback [MODEL...]",
		Short: "Go back to what a model's table was before a full refresh",
		Long: `Exchange a model's table for what it was before it was built from nothing, in
one step for all readers, verified on every host of a cluster. A full refresh of
an incremental model keeps the table that it replaces until the next one, and so
does every build of a table or seed with keep_previous_generation: true.

What is exchanged is kept in its turn: the same again undoes it. What has been
added to the table since the full refresh is not in the older one; a model that
asks its table how far it is goes on from there with the next run.

Without a model, show what can be gone back to. The plan is shown and carried
out after a question; --dry-run only shows it.`,
		Example: `  chmod rollback
  chmod rollback fct_transactions --dry-run
  chmod rollback fct_transactions --yes --target prod`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				if len(args) == 0 {
					return true, c.generations(ctx, inv)
				}
				q.Selection, q.Changes = selection.Request{Select: args}, !dryRun
				return c.rollback(ctx, inv, q, yes)
			})
		},
	}
	choose(cmd.Flags(), &q.IfLocked, "if-locked", "", "what to do when a run is building the model", invocation.IfLockedWait, invocation.IfLockedFail)
	cmd.Flags().StringVar(&q.Prefer, "prefer", "", "`host` whose table the others are to have, after a rollback that was broken off")
	toggle(cmd.Flags(), &dryRun, "dry-run", "", "show the plan and change nothing")
	toggle(cmd.Flags(), &yes, "yes", "y", "carry the plan out without asking")
	return cmd
}

// generations shows what is kept.
func (c *call) generations(ctx context.Context, inv *invocation.Invocation) error {
	all, err := inv.Kept(ctx, selection.Request{})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		c.say("no earlier generation of any table is kept")
	}
	for _, g := range all {
		on := ""
		if len(g.Hosts) > 0 {
			on = ", on " + strings.Join(g.Hosts, ", ")
		}
		c.say("%s  %s, kept by a run of %s UTC%s", g.Node.Name, g.Relation, g.Since.UTC().Format(time.DateTime), on)
	}
	return nil
}

func (c *call) rollback(ctx context.Context, inv *invocation.Invocation, q invocation.Rollback, yes bool) (bool, error) {
	r, err := inv.Rollback(ctx, q)
	if err != nil {
		return false, err
	}
	steps := 0
	for _, p := range r.Plans {
		steps += len(p.Steps)
		c.events.Send(event.Printed{Text: p.Text()})
	}
	switch {
	case steps == 0:
		return true, inv.Nothing()
	case !q.Changes:
		return true, nil
	}
	if err := c.agreed(yes, steps); err != nil {
		return false, err
	}
	if err := r.Apply(ctx); err != nil {
		return false, err
	}
	c.say("%s carried out; the same again goes back to what was there", plural(steps, "step"))
	return true, nil
}
