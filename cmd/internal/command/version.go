package command

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/cmd/internal/artifact"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the versions of chmod, of the engine and of dbt's behaviour",
		Long: `Show the version of chmod, of the ClickHouse engine it is tested with, and of
the dbt whose commands, artifacts and templates it follows.

"chmod --version" prints what dbt prints, for programs that look for that.`,
		Example: "  chmod version",
		Args:    noWords,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.Out, "chmod %s (%s/%s, %s)\nengine %s\ndbt %s\n",
				a.Version, runtime.GOOS, runtime.GOARCH, runtime.Version(), embedded.EngineVersion, artifact.DBTVersion)
			return nil
		},
	}
}
