package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) clusterCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cluster",
		Short: "Look at the hosts of the target, and bring them in line",
		Long: `Look at each host of the target's cluster by itself: how it is, what it has that
is not as the project says or as the other hosts have it, and bring it in line.`,
		Example: `  chmod cluster status
  chmod cluster diff --select orders
  chmod cluster repair --dry-run`,
		Args: a.unknown,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.clusterStatus(), a.clusterDiff(), a.clusterRepair())
	return cmd
}

// comparing are the flags of what compares hosts.
type comparing struct {
	choosing
	prefer, output string
	foreign        bool
}

func (c *comparing) declare(cmd *cobra.Command) {
	c.choosing.declare(cmd)
	c.declareTypes(cmd)
	cmd.Flags().StringVar(&c.prefer, "prefer", "", "`host` that is right where hosts differ and it cannot be told")
	chooseOutput(cmd, &c.output)
}

// onHost says where something is.
func onHost(host string) string {
	if host == "" {
		return "server"
	}
	return host
}

func plural(n int, one string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}
