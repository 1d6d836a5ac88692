package command

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed all:starter
var starter embed.FS

func (a *app) initCommand() *cobra.Command {
	var skipProfile, skipDebug bool
	cmd := &cobra.Command{
		Use:   "init [NAME]",
		Short: "Make a project that runs at once",
		Long: `Make a folder with a small project: a seed, models, tests, and a profile with
the embedded ClickHouse. "chmod build" in it works at once.`,
		Example: `  chmod init shop
  cd shop && chmod build`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			name := "my_project"
			if len(args) == 1 {
				name = args[0]
			}
			return a.makeProject(name)
		},
	}
	cmd.Flags().BoolVar(&skipProfile, "skip-profile-setup", false, "accepted: nothing is asked")
	cmd.Flags().BoolVar(&skipDebug, "skip-debug", false, "accepted: nothing is checked")
	hide(cmd.Flags(), "skip-profile-setup")
	hide(cmd.Flags(), "skip-debug")
	return cmd
}

func (a *app) makeProject(name string) error {
	if !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) {
		return fmt.Errorf("%q cannot be a project's name: letters, digits and underscores, not beginning with a digit", name)
	}
	dir := filepath.Join(a.projectDir(), name)
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is there already and not empty; choose another name", relative(dir))
	}
	err := fs.WalkDir(starter, "starter", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := starter.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(path, "starter/")))
		// A .gitignore in our own tree would act there.
		target = strings.Replace(target, "dot-gitignore", ".gitignore", 1)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, []byte(strings.ReplaceAll(string(text), "PROJECT_NAME", name)), 0o644)
	})
	if err != nil {
		return fmt.Errorf("make the project: %w", err)
	}
	fmt.Fprintf(a.Out, "made the project %s\n\nnext:\n  cd %s\n  chmod build\n  chmod show --select revenue_per_day\n", name, relative(dir))
	return nil
}
