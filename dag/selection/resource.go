package selection

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
)

// resource is anything that can be selected, seen the same way.
type resource struct {
	id, pkg, path string
	fqn, tags     []string
	config        *manifest.Config
	node          *manifest.Node
	source        *manifest.Source
	exposure      *manifest.Exposure
	unit          *manifest.UnitTest
}

func (r resource) model() bool { return r.node != nil && r.node.ResourceType == manifest.Model }

func (r resource) test() *manifest.TestInfo {
	if r.node == nil {
		return nil
	}
	return r.node.Test
}

func (s *Selector) resource(id string) resource {
	m := s.Manifest
	if n := m.Nodes[id]; n != nil {
		return resource{id: id, pkg: n.Package, path: n.OriginalPath, fqn: n.FQN, tags: n.Tags, config: n.Config, node: n}
	}
	if o := m.Sources[id]; o != nil {
		return resource{id: id, pkg: o.Package, path: o.OriginalPath, fqn: o.FQN, tags: o.Tags, config: o.Config, source: o}
	}
	if e := m.Exposures[id]; e != nil {
		return resource{id: id, pkg: e.Package, path: e.OriginalPath, fqn: e.FQN, tags: e.Tags, config: e.Config, exposure: e}
	}
	if u := m.UnitTests[id]; u != nil {
		return resource{id: id, pkg: u.Package, path: u.OriginalPath, fqn: u.FQN, config: u.Config, unit: u}
	}
	return resource{id: id}
}

// filter returns the ids whose resource answers yes.
func (s *Selector) filter(yes func(resource) bool) dag.Set {
	found := dag.Set{}
	for _, id := range s.Graph.IDs() {
		if yes(s.resource(id)) {
			found[id] = struct{}{}
		}
	}
	return found
}
