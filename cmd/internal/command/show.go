package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
)

func (a *app) showCommand() *cobra.Command {
	var choose choosing
	var inline, direct, output string
	var limit int
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Run a model's SQL, or any other, and show the first rows",
		Long: `Run the SQL of the selected nodes, or of --inline, and show the first rows. It
reads what the parents of a model hold now and writes nothing.`,
		Example: `  chmod show --select mart_daily_volume --limit 10
  chmod show --inline "select count() from {{ ref('orders') }}"
  chmod show --select orders --output json`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			given := len(choose.selected) + len(choose.models)
			switch {
			case inline != "" && direct != "", (inline != "" || direct != "") && (given > 0 || choose.selector != ""):
				return fmt.Errorf("--inline, --inline-direct and a selection exclude each other")
			case inline == "" && direct == "" && given == 0 && choose.selector == "":
				return fmt.Errorf("nothing to show: give --select NODE or --inline SQL")
			}
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				previews, err := inv.Show(ctx, invocation.Preview{Selection: a.selection(choose), Inline: inline, Direct: direct, Limit: limit})
				if err != nil {
					return false, err
				}
				for _, p := range previews {
					c.events.Send(event.Shown{Name: p.Name, Table: p.Table, Inline: p.Inline, JSON: output == "json"})
				}
				return true, nil
			})
		},
	}
	choose.declare(cmd)
	cmd.Flags().StringVar(&inline, "inline", "", "`SQL` to run, with templates")
	cmd.Flags().StringVar(&direct, "inline-direct", "", "`SQL` to run as it is")
	cmd.Flags().IntVar(&limit, "limit", 5, "`number` of rows; -1 for all")
	chooseOutput(cmd, &output)
	return cmd
}
