package dag

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Cycles returns one cycle for each knot of ids that need each other, as a
// chain in which each id needs the next and the last needs the first. An
// acyclic graph has none.
func (g *Graph) Cycles() [][]string {
	var cycles [][]string
	for _, knot := range g.knots() {
		cycles = append(cycles, g.chain(knot))
	}
	return cycles
}

// CheckCycles reports every cycle as a diagnostic at one of its nodes.
func CheckCycles(g *Graph, m *manifest.Manifest) diag.List {
	var list diag.List
	for _, cycle := range g.Cycles() {
		names := make([]string, 0, len(cycle)+1)
		for _, id := range append(slices.Clone(cycle), cycle[0]) {
			names = append(names, name(m, id))
		}
		d := diag.Diagnostic{
			Code: "cycle",
			Span: place(m, cycle[0], names[1]),
			What: "models need each other in a circle: " + strings.Join(names, " -> "),
			Why:  "none of them can be built before the others (a -> b means that a reads b)",
			Fix:  "remove one of these references, or move what they share into a model of its own",
		}
		for i, id := range cycle[1:] {
			d.Notes = append(d.Notes, diag.Note{
				Span: place(m, id, names[i+2]),
				Text: fmt.Sprintf("%s reads %s", name(m, id), names[i+2]),
			})
		}
		list.Add(d)
	}
	return list
}

func name(m *manifest.Manifest, id string) string {
	if n := m.Nodes[id]; n != nil {
		return n.Name
	}
	return id
}

// place is where a node reads another: its ref() as far as the text shows it,
// and the node itself where a macro hides it.
func place(m *manifest.Manifest, id, other string) source.Span {
	if n := m.Nodes[id]; n != nil {
		at := n.Span
		ref := regexp.MustCompile(`ref\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]` + regexp.QuoteMeta(other) + `['"][^()]*\)`)
		if found := ref.FindStringIndex(at.Text()); found != nil {
			at.Start, at.End = at.Start+found[0], at.Start+found[1]
		}
		return at
	}
	return source.Span{}
}

// knots are the strongly connected components that hold a cycle, by Tarjan's
// algorithm with a stack of our own: projects are deeper than goroutine stacks
// are cheap.
func (g *Graph) knots() [][]int {
	const unseen = -1
	order := make([]int, len(g.ids))
	for v := range order {
		order[v] = unseen
	}
	low := make([]int, len(g.ids))
	onStack := make([]bool, len(g.ids))
	var stack []int
	var knots [][]int
	count := 0

	type frame struct{ vertex, edge int }
	for root := range g.ids {
		if order[root] != unseen {
			continue
		}
		work := []frame{{vertex: root}}
		for len(work) > 0 {
			f := &work[len(work)-1]
			v := f.vertex
			if f.edge == 0 {
				order[v], low[v] = count, count
				count++
				stack, onStack[v] = append(stack, v), true
			}
			if f.edge < len(g.parents[v]) {
				next := g.parents[v][f.edge]
				f.edge++
				switch {
				case order[next] == unseen:
					work = append(work, frame{vertex: next})
				case onStack[next]:
					low[v] = min(low[v], order[next])
				}
				continue
			}
			work = work[:len(work)-1]
			if len(work) > 0 {
				parent := work[len(work)-1].vertex
				low[parent] = min(low[parent], low[v])
			}
			if low[v] != order[v] {
				continue
			}
			at := slices.Index(stack, v)
			component := slices.Clone(stack[at:])
			for _, w := range component {
				onStack[w] = false
			}
			stack = stack[:at]
			if len(component) > 1 || slices.Contains(g.parents[v], v) {
				slices.Sort(component)
				knots = append(knots, component)
			}
		}
	}
	slices.SortFunc(knots, slices.Compare)
	return knots
}

// chain finds a shortest cycle through the first vertex of a knot.
func (g *Graph) chain(knot []int) []string {
	start := knot[0]
	from := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, next := range g.parents[v] {
			if next == start {
				path := []string{g.ids[v]}
				for v != start {
					v = from[v]
					path = append(path, g.ids[v])
				}
				slices.Reverse(path)
				return path
			}
			if _, seen := from[next]; !seen && slices.Contains(knot, next) {
				from[next] = v
				queue = append(queue, next)
			}
		}
	}
	return nil
}
