package project

import (
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Vars answers var(): the command line's come first, then those the root
// project gives to the package, the root project's, those the package gives to
// itself, and the package's. It is safe for concurrent use.
type Vars struct {
	cli  *value.Dict
	root *Project
}

// NewVars makes the vars of a project; cli may be nil.
func NewVars(cli *value.Dict, root *Project) *Vars {
	if cli == nil {
		cli = value.NewDict()
	}
	return &Vars{cli: cli, root: root}
}

// Lookup finds a var for code in a package, nil being the root project. The
// value is as written; the node is where, nil for the command line's.
func (v *Vars) Lookup(pkg *Project, name string) (value.Value, *yaml.Node, bool) {
	if val, ok := v.cli.Get(name); ok {
		return val, nil, true
	}
	if pkg == nil {
		pkg = v.root
	}
	for _, p := range [2]*Project{v.root, pkg} {
		if p == nil || pkg == nil {
			continue
		}
		for _, scope := range [2]*yaml.Node{p.Vars.Get(pkg.Name), p.Vars} {
			if scope == nil || scope.Kind != yaml.Mapping {
				continue
			}
			if e, ok := scope.Entry(name); ok {
				return e.Value.Value(), e.Value, true
			}
		}
	}
	return nil, nil, false
}

// Dict is all vars that a package sees, as written.
func (v *Vars) Dict(pkg *Project) *value.Dict {
	out := value.NewDict()
	if pkg == nil {
		pkg = v.root
	}
	for _, p := range [2]*Project{pkg, v.root} {
		if p == nil {
			continue
		}
		for _, scope := range [2]*yaml.Node{p.Vars, p.Vars.Get(pkg.Name)} {
			if scope == nil {
				continue
			}
			for _, e := range scope.Entries {
				out.Put(e.Name(), e.Value.Value())
			}
		}
	}
	for k, val := range v.cli.All() {
		_ = out.Set(k, val) // k was a key before
	}
	return out
}

// Names are the vars that a package sees.
func (v *Vars) Names(pkg *Project) []string {
	var out []string
	for k := range v.Dict(pkg).All() {
		if s, ok := k.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
