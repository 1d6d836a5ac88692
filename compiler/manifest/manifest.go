// Package manifest is a project after it was read, rendered and resolved:
// every node with its config, its place in the warehouse and what it depends
// on.
//
// Its main type is Manifest. It is built once by the compiler and never
// changed afterwards; everything that runs, selects or shows a project reads
// it, concurrently. It opens no file and renders nothing.
package manifest

import (
	"slices"
	"strings"
)

// Manifest is a whole project with its packages.
type Manifest struct {
	ProjectName string
	// Nodes are models, seeds, snapshots, tests, analyses and hooks, by unique
	// id.
	Nodes     map[string]*Node
	Sources   map[string]*Source
	Exposures map[string]*Exposure
	Macros    map[string]*Macro
	Docs      map[string]*Doc
	Groups    map[string]*Group
	UnitTests map[string]*UnitTest
	// Disabled are nodes and sources switched off by enabled: false, by unique
	// id; several may share one.
	Disabled map[string][]*Node
	// DisabledSources likewise.
	DisabledSources map[string][]*Source
	// Selectors are the definitions of selectors.yml, by name.
	Selectors map[string]*Selector
	// Carried are objects of the semantic layer, kept as they were written:
	// metrics, semantic_models, saved_queries. By kind, then by unique id.
	Carried map[string]map[string]any
}

// Node finds a node; nil when there is none.
func (m *Manifest) Node(id string) *Node { return m.Nodes[id] }

// IDs returns the unique ids of all nodes, sources, exposures and unit tests,
// sorted.
func (m *Manifest) IDs() []string {
	ids := make([]string, 0, len(m.Nodes)+len(m.Sources)+len(m.Exposures)+len(m.UnitTests))
	for id := range m.Nodes {
		ids = append(ids, id)
	}
	for id := range m.Sources {
		ids = append(ids, id)
	}
	for id := range m.Exposures {
		ids = append(ids, id)
	}
	for id := range m.UnitTests {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Parents returns what an id depends on directly, in the order it was written;
// nil for sources and unknown ids.
func (m *Manifest) Parents(id string) []string {
	switch {
	case m.Nodes[id] != nil:
		return m.Nodes[id].DependsOn.Nodes
	case m.Exposures[id] != nil:
		return m.Exposures[id].DependsOn.Nodes
	case m.UnitTests[id] != nil:
		return m.UnitTests[id].DependsOn.Nodes
	}
	return nil
}

// ResourceType is the first word of a unique id: model, seed, source ...
func ResourceType(id string) string {
	kind, _, _ := strings.Cut(id, ".")
	return kind
}
