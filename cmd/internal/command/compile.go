package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
)

func (a *app) compileCommand() *cobra.Command {
	var choose choosing
	var inline, output string
	var refresh, empty, introspect = false, false, true
	cmd := &cobra.Command{
		Use:   "compile",
		Short: "Render models and tests to SQL, and run nothing",
		Long: `Render the selected nodes to target/compiled. The server is asked only when a
template asks it. With --inline, or when --select names a single model, the SQL
is shown.`,
		Example: `  chmod compile
  chmod compile --select orders
  chmod compile --inline "select * from {{ ref('orders') }}"`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if inline != "" && (len(choose.selected)+len(choose.models)+len(choose.exclude) > 0 || choose.selector != "") {
				return fmt.Errorf("--inline and a selection exclude each other")
			}
			flags := compiler.Flags{FullRefresh: refresh, Empty: empty}
			return a.withProject(cmd, flags, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				if inline != "" {
					compiled, err := inv.CompileInline(ctx, inline, introspect)
					if err != nil {
						return false, err
					}
					c.events.Send(event.CompiledShown{Name: "inline_query", SQL: compiled.SQL, Inline: true, JSON: output == "json"})
					return true, nil
				}
				c.found(inv)
				outcome, err := inv.Compile(ctx, a.selection(choose), introspect)
				if err != nil {
					return false, err
				}
				if len(choose.selected)+len(choose.models) > 0 {
					c.showCompiled(outcome, output == "json")
				}
				return !outcome.Failed(), c.artifacts(inv, &outcome)
			})
		},
	}
	choose.declare(cmd)
	cmd.Flags().StringVar(&inline, "inline", "", "`SQL` to render instead of nodes")
	chooseOutput(cmd, &output)
	toggle(cmd.Flags(), &introspect, "introspect", "", "let templates ask the server")
	toggle(cmd.Flags(), &refresh, "full-refresh", "f", "render as for a build from nothing")
	toggle(cmd.Flags(), &empty, "empty", "", "render with no rows from refs and sources")
	return cmd
}

// showCompiled shows the SQL when a single model was meant.
func (c *call) showCompiled(o invocation.Outcome, asJSON bool) {
	var shown []event.Result
	for _, r := range o.Results {
		if r.Compiled && r.Node.Test == nil {
			shown = append(shown, r)
		}
	}
	if len(shown) != 1 {
		return
	}
	c.events.Send(event.CompiledShown{Name: shown[0].Node.Name, SQL: shown[0].CompiledSQL, JSON: asJSON, UniqueID: shown[0].Node.UniqueID})
}

func chooseOutput(cmd *cobra.Command, output *string) {
	*output = "text"
	choose(cmd.Flags(), output, "output", "", "how to show it", "text", "json")
}
