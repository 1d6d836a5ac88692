package context

import (
	"maps"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Prepare makes the table of names. It must be called once, before the first
// rendering.
func (w *World) Prepare() {
	w.names = map[string]constructor{}
	for _, theme := range []map[string]constructor{
		refNames(),
		configNames(),
		variableNames(),
		invocationNames(),
		nodeNames(),
		statementNames(),
		logNames(),
		dataNames(),
		adapterNames(),
		returnNames(),
	} {
		maps.Copy(w.names, theme)
	}
}

// PrepareYAML is Prepare for a world of which only the files that set up a
// project know: there are no nodes, no macros and no warehouse in it.
func (w *World) PrepareYAML() {
	w.Macros, w.Graph = nil, nil
	w.names = map[string]constructor{}
	for _, theme := range []map[string]constructor{variableNames(), invocationNames(), logNames(), dataNames(), returnNames()} {
		maps.Copy(w.names, theme)
	}
	if w.Target == nil {
		delete(w.names, "target")
		delete(w.names, "env")
	}
}

// Names are dbt's names and the macros that a package sees, for suggestions.
func (r *Rendering) Names() []string {
	var all []string
	for name, made := range r.names {
		if _, ok := made(r); ok {
			all = append(all, name)
		}
	}
	for name := range r.Extra {
		all = append(all, name)
	}
	if r.Macros != nil {
		all = append(all, r.Macros.Visible(r.Package)...)
	}
	return all
}

// function is the constructor of a callable that needs its rendering.
func function(name string, fn func(r *Rendering, c *value.Call) (value.Value, error)) constructor {
	return func(r *Rendering) (value.Value, bool) {
		return method(name, func(c *value.Call) (value.Value, error) { return fn(r, c) }), true
	}
}

// constant is the constructor of a value that is the same for all renderings.
func constant(made func(w *World) value.Value) constructor {
	return func(r *Rendering) (value.Value, bool) { return made(r.World), true }
}
