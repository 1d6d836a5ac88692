package dag_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/dag/dagtest"
)

func TestReach(t *testing.T) {
	g := dagtest.Graph("a -> b -> c -> d, x -> c, lone")
	for _, c := range []struct {
		from  string
		depth int
		up    string
		down  string
	}{
		{"c", dag.Unlimited, "a b x", "d"},
		{"c", 1, "b x", "d"},
		{"c", 2, "a b x", "d"},
		{"a", 2, "", "b c"},
		{"lone", dag.Unlimited, "", ""},
		{"nobody", dag.Unlimited, "", ""},
		{"c", 0, "", ""},
	} {
		from := dag.NewSet(c.from)
		require.Equal(t, c.up, strings.Join(g.Ancestors(from.All(), c.depth).Sorted(), " "), "ancestors of %s", c.from)
		require.Equal(t, c.down, strings.Join(g.Descendants(from.All(), c.depth).Sorted(), " "), "descendants of %s", c.from)
	}
}

func TestOrderPutsParentsFirst(t *testing.T) {
	g := dagtest.Graph("c -> b -> a, z -> a, q")
	require.Equal(t, []string{"c", "q", "z", "b", "a"}, g.Order())
}

func TestRemainingPathIsTheHeaviestChain(t *testing.T) {
	g := dagtest.Graph("a -> b -> c, a -> x")
	require.Equal(t, map[string]float64{"a": 3, "b": 2, "c": 1, "x": 1}, g.RemainingPath(nil))
	heavy := g.RemainingPath(func(id string) float64 { return map[string]float64{"x": 10}[id] })
	require.Equal(t, map[string]float64{"a": 10, "b": 0, "c": 0, "x": 10}, heavy)
}

func TestCycles(t *testing.T) {
	for text, want := range map[string][][]string{
		"a -> b -> c":                      nil,
		"a -> a":                           {{"a"}},
		"a -> b -> c -> a":                 {{"a", "c", "b"}},
		"a -> b -> a, c -> d -> c, b -> c": {{"a", "b"}, {"c", "d"}},
		"a -> b -> c -> d -> a, c -> a":    {{"a", "c", "b"}},
		"top -> a -> b -> a, b -> low":     {{"a", "b"}},
	} {
		require.Equal(t, want, dagtest.Graph(text).Cycles(), text)
	}
}

func TestDeepChainsNeedNoDeepStack(t *testing.T) {
	var edges [][2]string
	for i := range 200_000 {
		edges = append(edges, [2]string{fmt.Sprintf("n%06d", i), fmt.Sprintf("n%06d", i+1)})
	}
	g := dag.FromEdges(nil, edges)
	require.Empty(t, g.Cycles())
	require.Len(t, g.Order(), 200_001)
}

func TestCheckCyclesNamesTheChain(t *testing.T) {
	m := dagtest.Manifest("a -> b -> c -> a")
	list := dag.CheckCycles(dag.New(m), m)
	require.Equal(t, 1, list.Len())
	d := list.All()[0]
	require.Equal(t, "cycle", d.Code)
	require.Equal(t, "models need each other in a circle: a -> c -> b -> a", d.What)
	require.Equal(t, "c reads b", d.Notes[0].Text)
	require.Equal(t, "b reads a", d.Notes[1].Text)
}

func TestGatedPutsTestsBeforeWhatDescendsFromAllTheyRead(t *testing.T) {
	for _, c := range []struct{ name, text, test, blocks string }{
		{"one parent", "a -> b -> c, a -> test_x", "test_x", "b"},
		{"two parents, one child of both", "a -> c, b -> c, c -> d, a -> e, a -> test_x, b -> test_x", "test_x", "c"},
		{"a parent above the other", "a -> b -> c -> d, a -> test_x, b -> test_x", "test_x", "c"},
		{"nothing descends from both", "a -> c, b -> d, a -> test_x, b -> test_x", "test_x", ""},
		{"tests do not block tests", "a -> test_x, a -> test_y", "test_x", ""},
	} {
		m := dagtest.Manifest(c.text)
		g := dag.Gated(dag.New(m), m)
		var names []string
		for _, id := range g.Children(dagtest.ID(c.test)) {
			names = append(names, m.Nodes[id].Name)
		}
		slices.Sort(names)
		require.Equal(t, c.blocks, strings.Join(names, " "), c.name)
		require.Empty(t, g.Cycles(), c.name)
	}
}
