package context

import (
	"context"
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Rendering is one template being rendered. It is the scope in which the
// template looks up its names. It belongs to one goroutine.
type Rendering struct {
	*World
	// Context bounds what the rendering asks of the warehouse.
	Context context.Context
	// Package is whose macros and variables come first.
	Package string
	// Execute is false while the project is being read.
	Execute bool
	// Node is what is rendered; nil for an operation without one.
	Node *manifest.Node
	// Model makes the node as templates see it; nil without one.
	Model func() *value.Dict
	// This is the node's own relation; nil without one.
	This *Relation
	// Settings is where config() finds values when it runs; nil without any.
	Settings *manifest.Config
	Resolver Resolver
	// Warehouse is nil when templates may not ask.
	Warehouse Warehouse
	// Extra are names that only this rendering has.
	Extra map[string]value.Value
	// Seen collects what the template refers to.
	Seen Seen
	// Header is what set_sql_header gave.
	Header string

	renderer *template.Renderer
	made     map[string]value.Value
	bound    map[*Macro]value.Value
	missed   []string
	results  map[string]*stored
}

// Seen is what a template referred to while it was rendered.
type Seen struct {
	Refs    []SeenRef
	Sources []SeenSource
	Configs []SeenConfig
	// Macros are the unique ids of the macros that the template itself called,
	// in order, each once.
	Macros []string
	// MissingVars are variables without value or default that were read.
	MissingVars []error
	// RanIncremental is set when the template asked whether it runs
	// incrementally.
	RanIncremental bool
}

// constructor makes the value of a name; false where the name does not exist.
type constructor func(r *Rendering) (value.Value, bool)

// Lookup finds a name: what this rendering adds, the macros of its package and
// of the root project, which may stand in for dbt's own names, and then those.
func (r *Rendering) Lookup(name string) (value.Value, bool) {
	if v, ok := r.made[name]; ok {
		return v, true
	}
	if v, ok := r.Extra[name]; ok {
		return v, true
	}
	v, ok := r.find(name)
	if !ok {
		r.miss(name)
		return nil, false
	}
	if r.made == nil {
		r.made = map[string]value.Value{}
	}
	r.made[name] = v
	return v, true
}

func (r *Rendering) find(name string) (value.Value, bool) {
	if r.Macros != nil {
		if m := r.Macros.visible(r.Package, name); m != nil {
			return r.bind(m), true
		}
	}
	if made, ok := r.names[name]; ok {
		if v, ok := made(r); ok {
			return v, true
		}
	}
	if r.Macros == nil {
		return nil, false
	}
	if r.Macros.HasPackage(name) {
		return &packageNames{name: name, in: r}, true
	}
	if m := r.Macros.builtin(name); m != nil {
		return r.bind(m), true
	}
	return nil, false
}

// id is the unique id of what is rendered, or empty.
func (r *Rendering) id() string {
	if r.Node == nil {
		return ""
	}
	return r.Node.UniqueID
}

// miss remembers a name, or "name.attribute", that is not there. While the
// project is read such names are forgiven; whoever reads it reports them.
func (r *Rendering) miss(name string) {
	if !r.Execute && !template.IsBuiltin(name) && !slices.Contains(r.missed, name) {
		r.missed = append(r.missed, name)
	}
}

// Missed are the names, and attributes of dbt's own objects, that templates
// looked for and did not find while the project was read.
func (r *Rendering) Missed() []string { return r.missed }
