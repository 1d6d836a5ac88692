package schedule_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/dag/dagtest"
	"github.com/chmod-sql/chmod/dag/schedule"
)

func all(g *dag.Graph) dag.Set { return dag.NewSet(g.IDs()...) }

// record works on ids in the order they come and fails those named.
func record(order *[]string, fail ...string) func(context.Context, string, int) schedule.Outcome {
	var mu sync.Mutex
	return func(_ context.Context, id string, _ int) schedule.Outcome {
		mu.Lock()
		defer mu.Unlock()
		*order = append(*order, id)
		if slices.Contains(fail, id) {
			return schedule.Failed
		}
		return schedule.Done
	}
}

func TestLongestRemainingPathGoesFirst(t *testing.T) {
	g := dagtest.Graph("a -> b, m -> n -> o -> p, z")
	var order []string
	schedule.Run(t.Context(), schedule.Work{Graph: g, Selected: all(g), Threads: 1, Do: record(&order)})
	require.Equal(t, "m n a o b p z", strings.Join(order, " "), "equal paths go by name")
}

func TestFailureSkipsDescendantsAndNamesTheCause(t *testing.T) {
	g := dagtest.Graph("a -> b -> c -> d, x -> d, x -> y")
	var order, skips []string
	r := schedule.Run(t.Context(), schedule.Work{
		Graph: g, Selected: all(g), Threads: 1, Do: record(&order, "b"),
		Skip: func(id, cause string, index int) { skips = append(skips, fmt.Sprintf("%d %s: %s", index, id, cause)) },
	})
	require.Equal(t, []string{"b"}, r.Failed)
	require.Equal(t, []string{"c", "d"}, r.Skipped)
	require.ElementsMatch(t, []string{"a", "x", "y"}, r.Done)
	require.Len(t, skips, 2)
	require.Contains(t, skips[0], "c: b")
	require.Contains(t, skips[1], "d: b")
}

func TestUnselectedIdsPassOnWhatHappened(t *testing.T) {
	g := dagtest.Graph("a -> b -> c, a -> d")
	var order []string
	r := schedule.Run(t.Context(), schedule.Work{Graph: g, Selected: dag.NewSet("a", "c"), Threads: 4, Do: record(&order)})
	require.Equal(t, []string{"a", "c"}, order)
	require.Empty(t, r.Skipped)
	order = nil
	r = schedule.Run(t.Context(), schedule.Work{Graph: g, Selected: dag.NewSet("a", "c"), Threads: 4, Do: record(&order, "a")})
	require.Equal(t, []string{"c"}, r.Skipped)
}

func TestFailFastCancelsWhatRunsAndStartsNothing(t *testing.T) {
	g := dagtest.Graph("a, b, c, d")
	running := make(chan struct{})
	r := schedule.Run(t.Context(), schedule.Work{
		Graph: g, Selected: all(g), Threads: 2, FailFast: true,
		Do: func(ctx context.Context, id string, _ int) schedule.Outcome {
			if id == "a" {
				<-running
				return schedule.Failed
			}
			close(running)
			<-ctx.Done()
			return schedule.Failed
		},
	})
	require.ElementsMatch(t, []string{"a", "b"}, r.Failed)
	require.Equal(t, []string{"c", "d"}, r.NotStarted)
}

func TestStopLetsWhatRunsEnd(t *testing.T) {
	g := dagtest.Graph("a -> b")
	stop := make(chan struct{})
	r := schedule.Run(t.Context(), schedule.Work{
		Graph: g, Selected: all(g), Threads: 2, Stop: stop,
		Do: func(context.Context, string, int) schedule.Outcome {
			close(stop)
			return schedule.Done
		},
	})
	// Which of the two the scheduler hears first is open, but never both:
	// b is either not started or done after a.
	require.Contains(t, r.Done, "a")
	require.Len(t, append(r.Done, r.NotStarted...), 2)
}

func TestEndOfContextStartsNothing(t *testing.T) {
	g := dagtest.Graph("a -> b")
	ctx, cancel := context.WithCancel(t.Context())
	r := schedule.Run(ctx, schedule.Work{
		Graph: g, Selected: all(g), Threads: 1,
		Do: func(context.Context, string, int) schedule.Outcome { cancel(); return schedule.Done },
	})
	require.Equal(t, []string{"a"}, r.Done)
	require.Equal(t, []string{"b"}, r.NotStarted)
}

// Random graphs, threads and failures: every id ends in exactly one way, none
// before its parents, none after a failed ancestor, never more than allowed at
// once.
func TestInvariantsOnRandomGraphs(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		n := 1 + rng.IntN(30)
		var ids []string
		var edges [][2]string
		for i := range n {
			ids = append(ids, fmt.Sprintf("n%02d", i))
			for j := range i {
				if rng.IntN(6) == 0 {
					edges = append(edges, [2]string{ids[j], ids[i]})
				}
			}
		}
		g := dag.FromEdges(ids, edges)
		fail := dag.Set{}
		for _, id := range ids {
			if rng.IntN(5) == 0 {
				fail[id] = struct{}{}
			}
		}
		threads := 1 + rng.IntN(4)
		var mu sync.Mutex
		running, most := 0, 0
		ended := dag.Set{}
		r := schedule.Run(t.Context(), schedule.Work{
			Graph: g, Selected: all(g), Threads: threads,
			Do: func(_ context.Context, id string, _ int) schedule.Outcome {
				mu.Lock()
				running++
				most = max(most, running)
				require.True(t, ended.Holds(g.Parents(id)), "seed %d: %s before its parents", seed, id)
				mu.Unlock()
				mu.Lock()
				defer mu.Unlock()
				running--
				ended[id] = struct{}{}
				if fail.Has(id) {
					return schedule.Failed
				}
				return schedule.Done
			},
		})
		require.LessOrEqual(t, most, threads)
		every := slices.Concat(r.Done, r.Failed, r.Skipped)
		require.ElementsMatch(t, ids, every, "seed %d", seed)
		require.Empty(t, r.NotStarted)
		for _, id := range r.Skipped {
			bad := g.Ancestors(only(id), dag.Unlimited).Intersect(dag.NewSet(r.Failed...))
			require.NotEmpty(t, bad, "seed %d: %s skipped without a cause", seed, id)
		}
	}
}

func only(id string) func(func(string) bool) { return func(yield func(string) bool) { yield(id) } }
