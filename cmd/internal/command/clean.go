package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
)

func (a *app) cleanCommand() *cobra.Command {
	var onlyProject = true
	cmd := &cobra.Command{
		Use:   "clean",
		Short: "Remove the folders that clean-targets names",
		Long: `Remove the folders that clean-targets of dbt_project.yml names: by default the
target folder. Folders that hold the project's own files, or lie outside of the
project, are refused. The embedded warehouse is not among them unless named.`,
		Example: "  chmod clean",
		Args:    noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(_ context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				return true, c.clean(inv, onlyProject)
			})
		},
	}
	toggle(cmd.Flags(), &onlyProject, "clean-project-files-only", "", "refuse folders outside of the project")
	return cmd
}

func (c *call) clean(inv *invocation.Invocation, onlyProject bool) error {
	var doomed []string
	for _, name := range inv.Project.Settings.CleanTargets {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(inv.Root(), path)
		}
		inside, err := filepath.Rel(inv.Root(), path)
		if err != nil {
			return fmt.Errorf("clean %s: %w", name, err)
		}
		if !filepath.IsLocal(inside) && onlyProject {
			return fmt.Errorf("clean-targets names %s, which is outside of the project; to remove it all the same, add --no-clean-project-files-only", name)
		}
		if holds(path, inv) {
			return fmt.Errorf("clean-targets names %s, which holds files of the project", name)
		}
		doomed = append(doomed, path)
	}
	for _, path := range doomed {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("clean: %w", err)
		}
		c.events.Send(event.Message{Level: event.Info, Text: "Removed " + relative(path)})
	}
	return nil
}

// holds reports whether a folder is, or contains, the project or one of its
// folders of source files.
func holds(path string, inv *invocation.Invocation) bool {
	p := inv.Project.Settings
	keep := []string{inv.Root()}
	for _, dirs := range [][]string{p.ModelPaths, p.SeedPaths, p.SnapshotPaths, p.TestPaths, p.AnalysisPaths, p.MacroPaths} {
		for _, dir := range dirs {
			keep = append(keep, filepath.Join(inv.Root(), dir))
		}
	}
	for _, k := range keep {
		if rel, err := filepath.Rel(path, k); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}
