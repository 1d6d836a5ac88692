package config

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Tree is the settings that a project's file makes for one type of resource,
// by package and folder. A nil Tree has none. It is safe for concurrent use.
type Tree struct {
	root *branch
}

type branch struct {
	path     []string
	at       source.Span
	layer    Layer
	layers   []Layer // of all branches down to this one, without empty ones
	branches map[string]*branch
	order    []string
	used     atomic.Bool
}

// NewTree reads a tree: a key with + in front, or with a value that is no
// mapping, is a setting; all others are packages and folders. Rendered and raw
// are the same node after and before rendering.
func NewTree(rendered, raw *yaml.Node) (*Tree, diag.List) {
	var list diag.List
	if rendered.Null() {
		return nil, list
	}
	if rendered.Kind != yaml.Mapping {
		list.Add(diag.Diagnostic{
			Code: "config-type", Span: rendered.Span,
			What: "a tree of configs must be a mapping, not " + rendered.What(),
			Fix:  "write packages and folders as keys, and configs with a + in front",
		})
		return nil, list
	}
	t := &Tree{root: grow(nil, rendered.Span, rendered, raw, &list)}
	t.root.gather(nil)
	return t, list
}

func grow(path []string, at source.Span, rendered, raw *yaml.Node, list *diag.List) *branch {
	b := &branch{path: path, at: at, branches: map[string]*branch{}}
	var settings []yaml.Entry
	for _, e := range rendered.Entries {
		name := e.Name()
		if strings.HasPrefix(name, "+") || e.Value.Kind != yaml.Mapping {
			settings = append(settings, e)
			continue
		}
		if _, ok := b.branches[name]; !ok {
			b.order = append(b.order, name)
		}
		below := append(append(make([]string, 0, len(path)+1), path...), name)
		b.branches[name] = grow(below, e.Key.Span, e.Value, raw.Get(name), list)
	}
	layer, found := FromEntries(settings, raw)
	list.Join(found)
	b.layer = layer
	return b
}

// gather notes the layers of the branches; above are those further up.
func (b *branch) gather(above []Layer) {
	b.layers = above
	if len(b.layer.Settings) > 0 {
		b.layers = append(slices.Clip(above), b.layer)
	}
	for _, below := range b.branches {
		below.gather(b.layers)
	}
}

// Layers are the settings that hold for a node, the closest last, and are
// used from then on. The caller must not change the slice.
func (t *Tree) Layers(fqn []string) []Layer {
	if t == nil {
		return nil
	}
	b := t.root
	for i := 0; ; i++ {
		if !b.used.Load() {
			b.used.Store(true)
		}
		if i == len(fqn) || b.branches[fqn[i]] == nil {
			return b.layers
		}
		b = b.branches[fqn[i]]
	}
}

// Unused warns of settings that hold for no node; key is what the tree is
// called in the project's file, such as models.
func (t *Tree) Unused(key string) diag.List {
	var list diag.List
	if t != nil {
		t.root.unused(key, &list)
	}
	return list
}

func (b *branch) unused(key string, list *diag.List) {
	if len(b.layer.Settings) > 0 && len(b.path) > 0 && !b.used.Load() {
		path := strings.Join(append([]string{key}, b.path...), ".")
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: "unused-config-path", Span: b.at,
			What: "the configs of " + path + " apply to no resource",
			Why:  "there is no such package or folder with " + key + " in it",
			Fix:  "correct the path, or remove it",
		}
		last := b.path[len(b.path)-1]
		if k, ok := keys[Canonical(last)]; ok && k.kind&mapping != 0 {
			d.Why = `without a + in front, "` + last + `" is read as a folder`
			d.Fix = "write +" + last
		}
		list.Add(d)
	}
	for _, name := range b.order {
		b.branches[name].unused(key, list)
	}
}
