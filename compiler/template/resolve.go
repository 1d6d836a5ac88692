package template

import (
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// resolver gives every name of a template its variable.
type resolver struct {
	errs *diag.List
	// names are those asked of the globals.
	names map[string]bool
	// macro is the top-level macro at hand and macroNames what it asks for.
	macro      *Macro
	macroNames map[string]bool
	loops      int
}

func (t *Template) resolve(errs *diag.List) {
	r := &resolver{errs: errs, names: map[string]bool{}}
	fn := newFunction(nil)
	root := newSymbols(nil, fn)
	root.analyze(t.body)
	r.stmts(root, t.body, false)
	t.code.slots = len(fn.slots)
	t.names = sorted(r.names)
	for _, m := range t.macros {
		m.rootSlots = t.code.slots
	}
	for _, b := range t.blocks {
		if b.template != nil {
			b.template.place = t.place
			b.template.resolve(errs)
		}
	}
}

func sorted(names map[string]bool) []string {
	return slices.Sorted(maps.Keys(names))
}

func (r *resolver) fail(at source.Span, what, fix string) {
	report(r.errs, diag.Diagnostic{Span: at, What: what, Fix: fix})
}

// variable resolves a name that is used in a block.
func (r *resolver) variable(s *symbols, name string) variable {
	return r.variableIn(s.fn, s, name)
}

// variableIn resolves a name from a function, looking in s and further out.
func (r *resolver) variableIn(fn *function, s *symbols, name string) variable {
	owner := s.find(name)
	if owner == nil {
		r.asks(name)
		return variable{slot: -1}
	}
	l := owner.loads[name]
	if l == loadGlobal && !owner.stores[name] {
		r.asks(name)
		return variable{slot: -1}
	}
	if l == loadGlobal {
		r.asks(name)
	} else if r.macro != nil && owner.parent == nil {
		// A macro called by itself finds no template around it.
		r.macroNames[name] = true
	}
	return variable{
		up:     fn.depth - owner.fn.depth,
		slot:   owner.fn.slot(owner.level, name),
		global: l == loadGlobal,
	}
}

func (r *resolver) asks(name string) {
	r.names[name] = true
	if r.macro != nil {
		r.macroNames[name] = true
	}
}

// scope lists what happens to a block's variables. A function's own block
// starts with empty slots and only copies.
func (r *resolver) scope(s *symbols, own bool) scope {
	var sc scope
	for _, name := range slices.Sorted(maps.Keys(s.loads)) {
		l := s.loads[name]
		if l == loadGlobal && !s.stores[name] || own && l != loadAlias {
			continue
		}
		v := scopeVar{slot: s.fn.slot(s.level, name), param: l == loadParam, name: name}
		if l == loadAlias {
			v.alias, v.from = true, r.variableIn(s.fn, s.parent, name)
		}
		sc.vars = append(sc.vars, v)
	}
	return sc
}

func (r *resolver) expr(s *symbols, x expr, soft bool) {
	switch x := x.(type) {
	case nil:
		return
	case *nameExpr:
		x.ref = r.variable(s, x.name)
		return
	case *condExpr:
		soft = true
	case *filterExpr:
		if x.run == nil && x.name != "" && !soft {
			r.fail(x.span, "there is no filter '"+x.name+"'", diag.DidYouMean(x.name, filterNames()))
		}
	case *testExpr:
		if x.run == nil && x.name != "" && !soft {
			r.fail(x.span, "there is no test '"+x.name+"'", diag.DidYouMean(x.name, testNames()))
		}
	}
	children(x, func(c expr) { r.expr(s, c, soft) })
}

func (r *resolver) target(s *symbols, t target) {
	switch t := t.(type) {
	case *nameTarget:
		if t.name == "loop" && r.loops > 0 {
			r.fail(t.span, "cannot assign to 'loop' inside of a loop", "choose another name")
		}
		t.ref = r.variable(s, t.name)
	case *attrTarget:
		t.ref = r.variable(s, t.name)
	case *tupleTarget:
		for _, item := range t.items {
			r.target(s, item)
		}
	}
}
