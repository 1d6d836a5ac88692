package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Selectors reads selectors.yml; without the file there are none.
func Selectors(p *Project, r yaml.Renderer) (map[string]*manifest.Selector, diag.List, error) {
	out := map[string]*manifest.Selector{}
	abs := filepath.Join(p.Root, "selectors.yml")
	if _, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) {
		return out, diag.List{}, nil
	}
	_, doc, list, err := readYAML(abs, path.Join(p.Prefix, "selectors.yml"))
	if err != nil || doc == nil {
		return out, list, err
	}
	doc, found, err := yaml.Render(doc, r, nil)
	list.Join(found)
	if err != nil {
		return out, list, err
	}
	t := typing{Reader: yaml.Reader{Code: "selector-type", List: list}, node: doc}
	t.Known("selectors.yml", doc, []string{"selectors", "version"}, nil)
	all := doc.Get("selectors")
	if !all.Null() && all.Kind != yaml.Sequence {
		t.Wrong(all, "selectors must be a list, not "+all.What(), "begin each entry with - name:")
	}
	if all != nil {
		for _, n := range all.Items() {
			t.selector(n, out)
		}
	}
	return out, t.List, nil
}

func (t *typing) selector(n *yaml.Node, out map[string]*manifest.Selector) {
	if t.Dict("a selector", n) == nil {
		return
	}
	t.Known("a selector", n, []string{"name", "description", "default", "definition"}, nil)
	name := t.Str("the name of a selector", n.Get("name"))
	if name == "" {
		if n.Get("name").Null() {
			t.Wrong(n, "a selector has no name", "add name:")
		}
		return
	}
	if n.Get("definition").Null() {
		t.Wrong(n, "the selector "+name+" has no definition", "add definition:")
		return
	}
	if first := out[name]; first != nil {
		t.List.Add(diag.Diagnostic{
			Code: "duplicate-name", Span: n.Get("name").Span,
			What: fmt.Sprintf("there are two selectors named %q", name), Fix: "rename one of them",
			Notes: []diag.Note{{Span: first.Span, Text: "the first one"}},
		})
		return
	}
	out[name] = &manifest.Selector{
		Name: name, Span: n.Get("name").Span,
		Description: t.Str("the description of "+name, n.Get("description")),
		Default:     t.Bool("default of "+name, n.Get("default"), false),
		Definition:  n.Get("definition").Value(), Written: n.Get("definition").Span,
	}
}
