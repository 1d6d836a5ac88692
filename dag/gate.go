package dag

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Gated returns a graph in which tests stand between what they test and what
// is built on it: whatever descends from all nodes that a test reads waits for
// the test. This is how `build` keeps bad data from spreading.
func Gated(g *Graph, m *manifest.Manifest) *Graph {
	gated := empty(g.ids)
	for v := range g.ids {
		gated.parents[v] = slices.Clone(g.parents[v])
		gated.children[v] = slices.Clone(g.children[v])
	}
	for v, id := range g.ids {
		n := m.Nodes[id]
		if n == nil || n.ResourceType != manifest.Test || len(g.parents[v]) == 0 {
			continue
		}
		for _, next := range g.behind(g.parents[v]) {
			if !isTest(m, g.ids[next]) {
				gated.connect(id, next)
			}
		}
	}
	gated.sortEdges()
	return gated
}

// behind returns the first vertices that descend from all of the given ones:
// their own descendants are behind them.
func (g *Graph) behind(parents []int) []int {
	if len(parents) == 1 {
		return g.children[parents[0]]
	}
	count := map[int]int{}
	for _, p := range parents {
		reached := g.reach(g.children, only(g.ids[p]), Unlimited)
		reached[g.ids[p]] = struct{}{}
		for id := range reached {
			count[g.index[id]]++
		}
	}
	var first []int
	for v, n := range count {
		if n < len(parents) || slices.Contains(parents, v) {
			continue
		}
		outside := func(p int) bool { return count[p] < len(parents) || slices.Contains(parents, p) }
		if slices.ContainsFunc(g.parents[v], outside) {
			first = append(first, v)
		}
	}
	return first
}

func isTest(m *manifest.Manifest, id string) bool {
	n := m.Nodes[id]
	return n != nil && n.ResourceType == manifest.Test
}

func only(id string) func(func(string) bool) {
	return func(yield func(string) bool) { yield(id) }
}
