package resolve

import (
	"cmp"
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Index finds nodes and sources by the names that ref and source use. It is
// immutable once it is built.
type Index struct {
	root     string
	nodes    map[string][]*manifest.Node // models, seeds and snapshots, by name
	sources  map[[2]string][]*manifest.Source
	disabled struct {
		nodes   map[string][]*manifest.Node
		sources map[[2]string][]*manifest.Source
	}
}

// newIndex makes an index of a manifest.
func newIndex(m *manifest.Manifest) *Index {
	x := &Index{root: m.ProjectName, nodes: map[string][]*manifest.Node{}, sources: map[[2]string][]*manifest.Source{}}
	x.disabled.nodes = map[string][]*manifest.Node{}
	x.disabled.sources = map[[2]string][]*manifest.Source{}
	for _, n := range m.Nodes {
		if refable(n) {
			x.nodes[n.Name] = append(x.nodes[n.Name], n)
		}
	}
	for _, all := range m.Disabled {
		for _, n := range all {
			if refable(n) {
				x.disabled.nodes[n.Name] = append(x.disabled.nodes[n.Name], n)
			}
		}
	}
	for _, s := range m.Sources {
		key := [2]string{s.SourceName, s.Name}
		x.sources[key] = append(x.sources[key], s)
	}
	for _, all := range m.DisabledSources {
		for _, s := range all {
			key := [2]string{s.SourceName, s.Name}
			x.disabled.sources[key] = append(x.disabled.sources[key], s)
		}
	}
	for _, list := range []map[string][]*manifest.Node{x.nodes, x.disabled.nodes} {
		for _, nodes := range list {
			slices.SortFunc(nodes, func(a, b *manifest.Node) int { return cmp.Compare(a.UniqueID, b.UniqueID) })
		}
	}
	for _, list := range []map[[2]string][]*manifest.Source{x.sources, x.disabled.sources} {
		for _, sources := range list {
			slices.SortFunc(sources, func(a, b *manifest.Source) int { return cmp.Compare(a.UniqueID, b.UniqueID) })
		}
	}
	return x
}

func refable(n *manifest.Node) bool {
	switch n.ResourceType {
	case manifest.Model, manifest.Seed, manifest.Snapshot:
		return true
	}
	return false
}

// Found is what a name stands for: one of the first two, or neither.
type Found struct {
	Node *manifest.Node
	// Disabled is set when the name is only that of something switched off.
	Disabled *manifest.Node
	// Others are further nodes that the name fits equally well.
	Others []*manifest.Node
	// Versions are those that the model has, when none of them was asked for.
	Versions []*manifest.Node
}

// search are the packages in which a name is looked for, in order; the empty
// one is any.
func (x *Index) search(from, pkg string) []string {
	switch {
	case pkg != "":
		return []string{pkg}
	case from == x.root:
		return []string{x.root, ""}
	}
	return []string{x.root, from, ""}
}

// Ref finds what ref(name) means in a package.
func (x *Index) Ref(from string, r manifest.Ref) Found {
	var f Found
	for _, pkg := range x.search(from, r.Package) {
		candidates := in(x.nodes[r.Name], pkg)
		if match := versions(candidates, r.Version); len(match) > 0 {
			f.Node = match[0]
			f.Others = match[1:]
			return f
		}
		if r.Version != nil && f.Versions == nil {
			f.Versions = candidates
		}
		if f.Disabled == nil {
			if off := versions(in(x.disabled.nodes[r.Name], pkg), r.Version); len(off) > 0 {
				f.Disabled = off[0]
			}
		}
	}
	return f
}

// in are the nodes of a package. The result is read only.
func in(nodes []*manifest.Node, pkg string) []*manifest.Node {
	if pkg == "" {
		return nodes
	}
	return those(nodes, func(n *manifest.Node) bool { return n.Package == pkg })
}

// those are the nodes that fit: mostly all of them, and then they are not
// copied.
func those(nodes []*manifest.Node, fits func(*manifest.Node) bool) []*manifest.Node {
	strange := func(n *manifest.Node) bool { return !fits(n) }
	if !slices.ContainsFunc(nodes, strange) {
		return nodes
	}
	return slices.DeleteFunc(slices.Clone(nodes), strange)
}

// versions keeps the nodes of a version; without one, those that are not
// versioned or are the latest.
func versions(nodes []*manifest.Node, v value.Value) []*manifest.Node {
	return those(nodes, func(n *manifest.Node) bool {
		if v == nil {
			return n.Version == nil || sameVersion(n.Version, n.LatestVersion)
		}
		return n.Version != nil && sameVersion(n.Version, v)
	})
}

func sameVersion(a, b value.Value) bool { return versionText(a) == versionText(b) }

// Source finds what source(name, table) means in a package; the second result
// is one that is switched off.
func (x *Index) Source(from, name, table string) (found, disabled *manifest.Source) {
	key := [2]string{name, table}
	for _, pkg := range x.search(from, "") {
		if i := slices.IndexFunc(x.sources[key], func(s *manifest.Source) bool { return pkg == "" || s.Package == pkg }); i >= 0 {
			return x.sources[key][i], nil
		}
		if disabled == nil {
			if i := slices.IndexFunc(x.disabled.sources[key], func(s *manifest.Source) bool { return pkg == "" || s.Package == pkg }); i >= 0 {
				disabled = x.disabled.sources[key][i]
			}
		}
	}
	return nil, disabled
}

// RefNames are all names that ref can be asked for.
func (x *Index) RefNames() []string {
	names := make([]string, 0, len(x.nodes))
	for name := range x.nodes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Tables are the tables of a source; nil when there is no such source.
func (x *Index) Tables(name string) []string {
	var tables []string
	for key := range x.sources {
		if key[0] == name {
			tables = append(tables, key[1])
		}
	}
	slices.Sort(tables)
	return tables
}

// SourceNames are the names of all sources.
func (x *Index) SourceNames() []string {
	var names []string
	for key := range x.sources {
		names = append(names, key[0])
	}
	slices.Sort(names)
	return slices.Compact(names)
}
