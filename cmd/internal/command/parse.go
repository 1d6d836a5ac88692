package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
)

func (a *app) parseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "parse",
		Short: "Read and check the project, and write manifest.json",
		Long: `Read the whole project and report every mistake in it, with file and line.
Nothing is connected to. manifest.json is written to the target folder.`,
		Example: `  chmod parse
  chmod parse --project-dir warehouse --target ci`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(_ context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				c.found(inv)
				return true, c.artifacts(inv, nil)
			})
		},
	}
}
