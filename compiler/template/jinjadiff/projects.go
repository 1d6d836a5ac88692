package jinjadiff

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// Found is what the files of projects have to ask.
type Found struct {
	Asks     []Ask
	Packages map[string][]PackageMacro
	// Files is how many there are.
	Files int
}

// Projects reads every .sql, .yml and .md file below a folder. All are parsed
// and rendered, the strings of YAML files each by itself, and every macro is
// called.
func Projects(dir string) (*Found, error) {
	found := &Found{Packages: map[string][]PackageMacro{}}
	projects := map[string]string{} // folder to name
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == "dbt_project.yml" {
			if name, err := projectName(path); err == nil {
				projects[filepath.Dir(path)] = name
			}
		}
		switch filepath.Ext(path) {
		case ".sql", ".yml", ".yaml", ".md":
			if d.Type().IsRegular() {
				files = append(files, path)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the projects: %w", err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the projects: %w", err)
		}
		found.Files++
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, fmt.Errorf("read the projects: %w", err)
		}
		// Files lose their byte order mark when they are read, which is not asked
		// about here.
		found.add(name, strings.ToValidUTF8(strings.TrimPrefix(string(text), "\ufeff"), "?"), packageOf(path, projects))
	}
	slices.SortStableFunc(found.Asks, func(a, b Ask) int { // what is quick comes first
		switch {
		case a.Parse == b.Parse:
			return 0
		case a.Parse:
			return -1
		}
		return 1
	})
	return found, nil
}

func projectName(path string) (string, error) {
	var project struct{ Name string }
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if err := yaml.Unmarshal(text, &project); err != nil {
		return "", err
	}
	if project.Name == "" {
		return "", errors.New("no name")
	}
	return project.Name, nil
}

// packageOf is the innermost project that a file lies in.
func packageOf(path string, projects map[string]string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if name, ok := projects[dir]; ok {
			return name
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func (f *Found) add(name, text, pkg string) {
	ext := strings.TrimPrefix(filepath.Ext(name), ".")
	f.Asks = append(f.Asks, Ask{Template: text, Parse: true, From: ext + " parsed:" + name, Seconds: 5})
	if ext == "yml" || ext == "yaml" {
		f.strings(name, text, pkg)
		return
	}
	tmpl, err := template.Parse(source.New(name, name, text))
	if err != nil || len(tmpl.Macros()) == 0 {
		if !tag.MatchString(text) {
			return // nothing to render
		}
		f.Asks = append(f.Asks,
			Ask{Template: text, World: worldProject, Package: pkg, Undefined: "chainable", From: ext + " rendered:" + name, Seconds: 5},
			Ask{Template: text, World: worldProject, Package: pkg, Execute: true, From: ext + " rendered:" + name, Seconds: 5})
		return
	}
	for _, m := range tmpl.Macros() {
		f.Packages[pkg] = append(f.Packages[pkg], PackageMacro{Name: m.Name, Text: m.Span.Text()})
		if chance.MatchString(m.Span.Text()) {
			continue // twice the same answer would be luck
		}
		var args []string
		for _, p := range m.Params {
			if !p.HasDefault() {
				args = append(args, p.Name+"=argument."+p.Name)
			}
		}
		call := "{{ " + m.Name + "(" + strings.Join(args, ", ") + ") }}"
		f.Asks = append(f.Asks,
			Ask{Template: call, World: worldProject, Package: pkg, Execute: true, From: "macros called:" + name, Seconds: 5},
			Ask{Template: call, World: worldProject, Package: pkg, From: "macros called:" + name, Seconds: 5})
	}
}

var chance = regexp.MustCompile(`\|\s*random\b`)

var templated = regexp.MustCompile(`\{\{|\{%|\{#`)

// strings are those of a YAML file that are templates.
func (f *Found) strings(name, text, pkg string) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return // no YAML: nothing in it is rendered
	}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && templated.MatchString(n.Value) {
			f.Asks = append(f.Asks, Ask{Template: n.Value, Native: true, World: worldProject, Package: pkg, From: "yml strings:" + name, Seconds: 5})
		}
		if n.Kind == yaml.AliasNode {
			return
		}
		for _, c := range n.Content {
			visit(c)
		}
	}
	visit(&root)
}
