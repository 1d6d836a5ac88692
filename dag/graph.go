// Package dag is the project as a graph: who needs whom, whether that is
// possible, and in which order to work.
//
// Its main type is Graph, made once from a manifest and read concurrently. The
// package knows no SQL and does not know what running a node means.
package dag

import (
	"iter"
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Graph holds every node, source, exposure and unit test of a manifest and
// the edges between them. It is immutable.
type Graph struct {
	ids      []string // sorted; a vertex is an index into it
	index    map[string]int
	parents  [][]int
	children [][]int
}

// New makes the graph of a manifest. Dependencies on what is not in the
// manifest (disabled nodes) are left out.
func New(m *manifest.Manifest) *Graph {
	g := empty(m.IDs())
	for v, id := range g.ids {
		for _, parent := range m.Parents(id) {
			g.connect(parent, v)
		}
	}
	g.sortEdges()
	return g
}

// FromEdges makes a graph of pairs (parent, child) and lone ids, for whatever
// has no manifest.
func FromEdges(ids []string, edges [][2]string) *Graph {
	all := slices.Clone(ids)
	for _, e := range edges {
		all = append(all, e[0], e[1])
	}
	slices.Sort(all)
	g := empty(slices.Compact(all))
	for _, e := range edges {
		g.connect(e[0], g.index[e[1]])
	}
	g.sortEdges()
	return g
}

func empty(ids []string) *Graph {
	g := &Graph{
		ids:      ids,
		index:    make(map[string]int, len(ids)),
		parents:  make([][]int, len(ids)),
		children: make([][]int, len(ids)),
	}
	for v, id := range ids {
		g.index[id] = v
	}
	return g
}

func (g *Graph) connect(parent string, child int) {
	if p, ok := g.index[parent]; ok {
		g.parents[child] = append(g.parents[child], p)
		g.children[p] = append(g.children[p], child)
	}
}

func (g *Graph) sortEdges() {
	for v := range g.ids {
		slices.Sort(g.parents[v])
		g.parents[v] = slices.Compact(g.parents[v])
		slices.Sort(g.children[v])
		g.children[v] = slices.Compact(g.children[v])
	}
}

// Len is the number of ids.
func (g *Graph) Len() int { return len(g.ids) }

// IDs returns all ids, sorted. The caller must not change the slice.
func (g *Graph) IDs() []string { return g.ids }

// Has reports whether the id is in the graph.
func (g *Graph) Has(id string) bool { _, ok := g.index[id]; return ok }

// Parents are the ids that id needs directly, sorted.
func (g *Graph) Parents(id string) []string { return g.names(g.parents, id) }

// Children are the ids that need id directly, sorted.
func (g *Graph) Children(id string) []string { return g.names(g.children, id) }

func (g *Graph) names(edges [][]int, id string) []string {
	v, ok := g.index[id]
	if !ok {
		return nil
	}
	names := make([]string, len(edges[v]))
	for i, n := range edges[v] {
		names[i] = g.ids[n]
	}
	return names
}

// Unlimited is a depth that reaches everything.
const Unlimited = -1

// Ancestors are the ids that any of from needs, at most depth steps away,
// without from itself unless one of them needs another.
func (g *Graph) Ancestors(from iter.Seq[string], depth int) Set {
	return g.reach(g.parents, from, depth)
}

// Descendants are the ids that need any of from, at most depth steps away.
func (g *Graph) Descendants(from iter.Seq[string], depth int) Set {
	return g.reach(g.children, from, depth)
}

func (g *Graph) reach(edges [][]int, from iter.Seq[string], depth int) Set {
	var frontier []int
	for id := range from {
		if v, ok := g.index[id]; ok {
			frontier = append(frontier, v)
		}
	}
	found := Set{}
	seen := make([]bool, len(g.ids))
	for depth != 0 && len(frontier) > 0 {
		var next []int
		for _, v := range frontier {
			for _, n := range edges[v] {
				if !seen[n] {
					seen[n] = true
					found[g.ids[n]] = struct{}{}
					next = append(next, n)
				}
			}
		}
		frontier = next
		depth--
	}
	return found
}
