package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/dag/selection"
)

func (a *app) listCommand() *cobra.Command {
	var choose choosing
	var output = "selector"
	var keys []string
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the nodes that a selection means",
		Long: `List the selected nodes, sorted. Nothing is connected to, and selecting nothing
is no error.`,
		Example: `  chmod ls --select +orders
  chmod ls --resource-type test --output name
  chmod ls --select tag:daily --output json --output-keys name resource_type`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(choose.models) > 0 {
				if len(choose.selected) > 0 || len(choose.resourceTypes) > 0 {
					return fmt.Errorf("--models means models only: it excludes --select and --resource-type")
				}
				choose.resourceTypes = []string{"model"}
			}
			if len(choose.types(choose.resourceTypes)) == 0 && !choose.all() {
				choose.excludeResourceTypes = append(choose.excludeResourceTypes, "analysis")
			}
			return a.withProject(cmd, compiler.Flags{}, func(_ context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				return true, c.list(inv, a.selection(choose), output, keys)
			})
		},
	}
	choose.declare(cmd)
	choose.declareTypes(cmd)
	chooseFlag := cmd.Flags()
	chooseWords(chooseFlag, &output)
	chooseFlag.StringArrayVar(&keys, "output-keys", nil, "`fields` of --output json")
	return cmd
}

func (c *call) list(inv *invocation.Invocation, r selection.Request, output string, keys []string) error {
	ids, err := inv.Select(r)
	if err != nil {
		return err
	}
	if c.app.settings.writeJSON {
		if err := inv.WriteManifest(); err != nil {
			return err
		}
	}
	var fields []string
	for _, k := range keys {
		fields = append(fields, strings.Fields(k)...)
	}
	listed := 0
	if err := c.inBulk(func() error {
		for _, id := range ids.Sorted() {
			text, ok, err := listing{inv: inv, output: output, keys: fields}.line(id)
			if err != nil {
				return err
			}
			if ok {
				listed++
				c.events.Send(event.Printed{Text: text})
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if listed == 0 {
		return inv.Nothing()
	}
	return nil
}
