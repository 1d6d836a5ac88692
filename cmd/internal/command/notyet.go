package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

// notYet are dbt's commands that are not here yet. They say so: the system's
// chmod, which unknown words go to, would only confuse.
func notYet() []*cobra.Command {
	var list []*cobra.Command
	for name, instead := range map[string]string{
		"deps":          `install packages with "dbt deps"; chmod reads them from dbt_packages`,
		"docs":          "",
		"source":        "",
		"run-operation": "",
		"clone":         "",
	} {
		list = append(list, &cobra.Command{
			Use: name, Hidden: true, DisableFlagParsing: true,
			RunE: func(*cobra.Command, []string) error {
				if instead != "" {
					return fmt.Errorf("chmod has no %s yet: %s", name, instead)
				}
				return fmt.Errorf("chmod has no %s yet", name)
			},
		})
	}
	return list
}
