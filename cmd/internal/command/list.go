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
		Args: cobra.NoArgs,
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
			// What is listed is the output: the lines around it would be in the way.
			a.settings.logLevel = quieter(a.settings)
			return a.withProject(cmd, compiler.Flags{}, func(_ context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				return true, c.list(inv, a.selection(choose), output, keys)
			})
		},
	}
	choose.declare(cmd)
	choose.declareTypes(cmd)
	chooseFlag := cmd.Flags()
	chooseWords(chooseFlag, &output)
	chooseFlag.StringArrayVar(&keys, "output-keys", nil, "fields of --output json")
	return cmd
}

// quieter is the log level of commands whose result goes to standard output.
func quieter(s *settings) string {
	if s.logLevel == string(event.Info) && !s.debug && s.logFormat != "json" {
		return string(event.Warn)
	}
	return s.logLevel
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
	if listed == 0 {
		c.events.Send(event.NothingSelected{})
	}
	return nil
}
