package command

import (
	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/compiler/manifest"
)

func (a *app) snapshotCommand() *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Note in snapshots what has changed since the last time",
		Long: `Bring the selected snapshots up to date: what has changed in their queries is
computed once and added to their history, of which nothing else is written
again.`,
		Example: `  chmod snapshot
  chmod snapshot --select customers_history`,
	}
	toggle(cmd.Flags(), &r.empty, "empty", "", "with no rows from refs and sources")
	return a.work(cmd, &r, []string{manifest.Snapshot}, false, true)
}
