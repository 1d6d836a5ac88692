// Package project reads what makes a folder a project: dbt_project.yml,
// profiles.yml, packages and the list of files.
//
// Its main types are Project, a project's file as chmod uses it, and Target,
// where it is built. Reading goes in steps, because each needs the one before:
// Open reads the file, LoadTarget the profile it names, and Definition.Project
// renders and types the file for that target. The package parses no models and
// connects to nothing.
package project

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// FileNames are what a project's file may be called, the first that exists
// counts.
func FileNames() []string { return []string{"dbt_project.yml", "chmod_project.yml"} }

// Definition is a project's file, read and not rendered.
type Definition struct {
	// Root is the project's folder, absolute.
	Root string
	// Prefix is put before the paths of files when they are shown: empty for
	// the root project, dbt_packages/x for a package.
	Prefix string
	File   *source.File
	Node   *yaml.Node
	// Name is as written.
	Name string
}

// Locate finds the project's folder: dir or its nearest parent with a
// project's file. With exact, parents do not count, as for --project-dir.
func Locate(dir string, exact bool) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", dir, err)
	}
	for at := start; ; at = filepath.Dir(at) {
		if projectFile(at) != "" {
			return at, nil
		}
		if exact || filepath.Dir(at) == at {
			break
		}
	}
	d := diag.Diagnostic{Code: "no-project", What: "there is no project in " + start, Fix: `make one with "chmod init"`}
	if exact {
		d.Why = "it holds no " + FileNames()[0]
	} else {
		d.Why = fmt.Sprintf("neither it nor a folder above holds a %s", FileNames()[0])
		d.Fix += ", or name its folder with --project-dir"
	}
	return "", d
}

func projectFile(dir string) string {
	for _, name := range FileNames() {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

// Open reads the file of the project in root. The definition is nil when the
// list holds errors.
func Open(root, prefix string) (*Definition, diag.List, error) {
	name := projectFile(root)
	if name == "" {
		_, err := Locate(root, true)
		var list diag.List
		return nil, list, list.AddError(err)
	}
	f, node, list, err := readYAML(filepath.Join(root, name), path.Join(prefix, name))
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	if node.Null() || node.Kind != yaml.Mapping {
		list.Add(diag.Diagnostic{
			Code: "project-type", Span: source.Span{File: f},
			What: f.Path + " must be a mapping, not " + node.What(), Fix: "begin it with name:",
		})
		return nil, list, nil
	}
	d := &Definition{Root: root, Prefix: prefix, File: f, Node: node}
	d.Name, _ = node.Get("name").Str()
	return d, list, nil
}

// ProfileName is the profile that the file names; empty when it names none.
func (d *Definition) ProfileName(r yaml.Renderer) (string, source.Span, diag.List, error) {
	node, list, err := yaml.Render(d.Node.Get("profile"), r, nil)
	if err != nil || list.HasErrors() {
		return "", node.Place(), list, err
	}
	t := yaml.Reader{Code: "project-type", List: list}
	name := t.Str("profile", node)
	return name, node.Place(), t.List, nil
}

// readYAML reads one file; the node is nil when it is empty or broken.
func readYAML(abs, shown string) (*source.File, *yaml.Node, diag.List, error) {
	text, err := os.ReadFile(abs)
	if err != nil {
		return nil, nil, diag.List{}, fmt.Errorf("read %s: %w", shown, err)
	}
	f := source.New(shown, abs, string(text))
	if d, wrong := notUTF8(f); wrong {
		var list diag.List
		list.Add(d)
		return f, nil, list, nil
	}
	node, list := yaml.ParseFile(f)
	return f, node, list, nil
}
