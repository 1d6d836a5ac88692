package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Packages reads the files of the installed packages, sorted by name, and
// reports those that the project asks for and that are not installed.
func Packages(root *Project) ([]*Definition, diag.List, error) {
	var list diag.List
	dir := root.PackagesPath
	abs := dir
	if !filepath.IsAbs(dir) {
		abs = filepath.Join(root.Root, filepath.FromSlash(dir))
	}
	entries, err := os.ReadDir(abs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, list, fmt.Errorf("read the packages in %s: %w", dir, err)
	}
	var out []*Definition
	places := map[string]*Definition{}
	for _, e := range entries {
		at := filepath.Join(abs, e.Name())
		if strings.HasPrefix(e.Name(), ".") || projectFile(at) == "" {
			continue
		}
		d, found, err := Open(at, path.Join(root.Prefix, filepath.ToSlash(dir), e.Name()))
		list.Join(found)
		if err != nil {
			return nil, list, err
		}
		if d == nil {
			continue
		}
		if other := places[d.Name]; other != nil || d.Name == root.Name {
			diagnostic := diag.Diagnostic{
				Code: "duplicate-package", Span: d.Node.Get("name").Place(),
				What: fmt.Sprintf("there are two projects named %q", d.Name), Fix: "remove one of them",
			}
			if other != nil {
				diagnostic.Notes = []diag.Note{{Span: other.Node.Get("name").Place(), Text: "the other one"}}
			}
			list.Add(diagnostic)
			continue
		}
		places[d.Name] = d
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b *Definition) int { return strings.Compare(a.Name, b.Name) })
	err = asked(root, len(out), &list)
	return out, list, err
}

// asked compares the packages asked for with those installed.
func asked(root *Project, installed int, list *diag.List) error {
	for _, name := range []string{"packages.yml", "dependencies.yml"} {
		abs := filepath.Join(root.Root, name)
		if _, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		f, node, found, err := readYAML(abs, path.Join(root.Prefix, name))
		if err != nil {
			return err
		}
		list.Join(found)
		packages := node.Get("packages")
		if packages.Null() {
			continue
		}
		if packages.Kind != yaml.Sequence {
			list.Add(diag.Diagnostic{
				Code: "project-type", Span: packages.Span,
				What: "packages must be a list, not " + packages.What(), Fix: "begin each entry with -",
			})
			continue
		}
		if len(packages.Items()) > installed {
			list.Add(diag.Diagnostic{
				Code: "packages-not-installed", Span: source.Span{File: f, Start: packages.Span.Start, End: packages.Span.End},
				What: fmt.Sprintf("%s asks for %s, and %s installed in %s", f.Path, counted(len(packages.Items())), are(installed), root.PackagesPath),
				Fix:  `Run "dbt deps" to install package dependencies`,
			})
		}
	}
	return nil
}

func counted(n int) string {
	if n == 1 {
		return "1 package"
	}
	return fmt.Sprintf("%d packages", n)
}

func are(n int) string {
	switch n {
	case 0:
		return "none is"
	case 1:
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}
