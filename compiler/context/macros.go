package context

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/template"
)

// Macro is a macro that can be called.
type Macro struct {
	*manifest.Macro
	Template *template.Macro
}

// Macros are all macros of a project, found by the rules of dbt. They are
// immutable after the last Add.
type Macros struct {
	root     string
	orders   map[string][]string // dispatch: in dbt_project.yml, by namespace
	packages map[string]map[string]*Macro
	written  map[*template.Macro]*Macro
}

// NewMacros makes an empty set; orders are the search orders that the root
// project configures for adapter.dispatch.
func NewMacros(root string, orders map[string][]string) *Macros {
	return &Macros{root: root, orders: orders, packages: map[string]map[string]*Macro{}, written: map[*template.Macro]*Macro{}}
}

// Add puts a macro in the set and returns the one of its package that had the
// name before, if any.
func (m *Macros) Add(macro *Macro) *Macro {
	pkg := m.packages[macro.Package]
	if pkg == nil {
		pkg = map[string]*Macro{}
		m.packages[macro.Package] = pkg
	}
	before := pkg[macro.Name]
	if before == nil {
		pkg[macro.Name] = macro
		m.written[macro.Template] = macro
	}
	return before
}

// AddPackage makes a package known that may hold no macros.
func (m *Macros) AddPackage(name string) {
	if m.packages[name] == nil {
		m.packages[name] = map[string]*Macro{}
	}
}

// of is the macro that a block of a template is.
func (m *Macros) of(t *template.Macro) *Macro { return m.written[t] }

// In finds a macro of a package; nil when there is none.
func (m *Macros) In(pkg, name string) *Macro { return m.packages[pkg][name] }

// HasPackage reports whether there is a package of that name.
func (m *Macros) HasPackage(name string) bool { return m.packages[name] != nil }

// Packages are the names of all packages, sorted.
func (m *Macros) Packages() []string {
	var all []string
	for name := range m.packages {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// visible is what a bare name means before built-in macros are asked: a macro
// of the package itself, or of the root project.
func (m *Macros) visible(pkg, name string) *Macro {
	if found := m.packages[pkg][name]; found != nil && pkg != builtin.Package {
		return found
	}
	return m.packages[m.root][name]
}

func (m *Macros) builtin(name string) *Macro { return m.packages[builtin.Package][name] }

// Find is what a bare name means in a package; nil when there is no such
// macro.
func (m *Macros) Find(pkg, name string) *Macro {
	if found := m.visible(pkg, name); found != nil {
		return found
	}
	return m.builtin(name)
}

// Anywhere is Find, and then any package, as dbt looks up generic tests and
// the macros that macros call.
func (m *Macros) Anywhere(pkg, name string) *Macro {
	if found := m.packages[pkg][name]; found != nil {
		return found
	}
	if found := m.packages[m.root][name]; found != nil {
		return found
	}
	for _, other := range slices.Backward(m.Packages()) {
		if found := m.packages[other][name]; found != nil && other != builtin.Package {
			return found
		}
	}
	return m.builtin(name)
}

// Visible are the names of all macros that a package may call by a bare name.
func (m *Macros) Visible(pkg string) []string {
	var all []string
	for _, p := range []string{pkg, m.root, builtin.Package} {
		for name := range m.packages[p] {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Names are the names of a package's macros, sorted.
func (m *Macros) Names(pkg string) []string {
	var all []string
	for name := range m.packages[pkg] {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Dispatched are the names that adapter.dispatch can be asked for.
func (m *Macros) Dispatched() []string {
	var all []string
	for _, pkg := range m.packages {
		for name := range pkg {
			for _, prefix := range prefixes() {
				if rest, ok := strings.CutPrefix(name, prefix); ok {
					all = append(all, rest)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func prefixes() []string { return []string{"clickhouse__", "default__"} }

// Search is where adapter.dispatch looks for the macros of a namespace; false
// for a namespace that nobody knows.
func (m *Macros) Search(space string) ([]string, bool) {
	if order, ok := m.orders[space]; ok {
		return order, true
	}
	if space == m.root {
		return []string{space}, true
	}
	if !m.HasPackage(space) {
		return nil, false
	}
	return []string{m.root, space}, true
}

// Dispatch finds the closest implementation of a macro, and tells where it
// looked.
func (m *Macros) Dispatch(pkg, name, space string) (found *Macro, searched []string, ok bool) {
	if space == "" {
		for _, prefix := range prefixes() {
			if found := m.Find(pkg, prefix+name); found != nil {
				return found, nil, true
			}
			searched = append(searched, prefix+name)
		}
		return nil, searched, true
	}
	order, ok := m.Search(space)
	if !ok {
		return nil, nil, false
	}
	for _, in := range order {
		for _, prefix := range prefixes() {
			if found := m.packages[in][prefix+name]; found != nil {
				return found, nil, true
			}
			searched = append(searched, in+"."+prefix+name)
		}
	}
	return nil, searched, true
}
