package clustertest

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// people are what a snapshot is of: names by their ids.
type people map[int]string

// sql returns the people, also where there are none.
func (p people) sql() string {
	rows := []string{"SELECT toUInt64(0) AS id, '' AS name WHERE 0"}
	for _, id := range slices.Sorted(maps.Keys(p)) {
		rows = append(rows, fmt.Sprintf("SELECT toUInt64(%d), '%s'", id, p[id]))
	}
	return "SELECT id, name FROM (" + strings.Join(rows, " UNION ALL ") + ")"
}

// version is one of a person's; to is 0 while it is current.
type version struct {
	id       int
	name     string
	from, to int64
}

// past is a history by the book.
type past []version

// take is a snapshot at a time, that ends what is gone.
func (h *past) take(p people, at int64) {
	seen := map[int]bool{}
	for i, v := range *h {
		switch name, there := p[v.id]; {
		case v.to != 0:
		case there && name == v.name:
			seen[v.id] = true
		default:
			(*h)[i].to = at
		}
	}
	for id, name := range p {
		if !seen[id] {
			*h = append(*h, version{id, name, at, 0})
		}
	}
}

func (h past) String() string {
	var lines []string
	for _, v := range h {
		lines = append(lines, fmt.Sprintf("[%d %s %d %d]", v.id, v.name, v.from, v.to))
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}

func (s *shop) people(more ...any) *manifest.Node {
	config := append([]any{"materialized", "snapshot", "strategy", "check", "check_cols", "all", "unique_key", "id", "hard_deletes", "invalidate", "order_by", "id"}, more...)
	if s.bed.Shards > 1 {
		config = append(config, "sharding_key", "id")
	}
	n := s.model("people", config...)
	n.UniqueID, n.ResourceType = "snapshot.shop.people", manifest.Snapshot
	return n
}

// taken is a run of the snapshot at a second of its own, in which k, unless it
// is 0, is the last step.
func (s *shop) taken(p people, second, k int) (at int64, err error) {
	s.t.Helper()
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := s.begin()
	i.id.StartedAt = time.Date(2026, 6, 1, 0, 0, second, 0, time.UTC)
	plan := i.planAdding(s.people(), p.sql())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err = materialize.Apply(s.t.Context(), i.cluster, plan, func(e materialize.Event) {
			if f, ok := e.(materialize.StepFinished); ok && f.Step.Number == k && f.Err == nil {
				runtime.Goexit()
			}
		})
	}()
	<-done
	return i.id.StartedAt.Unix(), err
}

// remembers requires the history on every node, and nothing beside it.
func (s *shop) remembers(h past) {
	s.t.Helper()
	for node, rows := range s.everywhere("SELECT id, name, toInt64(toUnixTimestamp(dbt_valid_from)), toInt64(ifNull(toUnixTimestamp(dbt_valid_to), 0)) FROM " + s.database + ".people") {
		var lines []string
		for _, row := range rows {
			lines = append(lines, fmt.Sprint(row))
		}
		slices.Sort(lines)
		require.Equal(s.t, h.String(), strings.Join(lines, " "), "node %d", node+1)
	}
	want := []string{"people"}
	if s.bed.Shards > 1 {
		want = append(want, "people_local")
		local := s.everywhere("SELECT id, dbt_valid_from FROM " + s.database + ".people_local ORDER BY id, dbt_valid_from")
		for node, rows := range local {
			require.Equal(s.t, local[node/s.bed.Replicas*s.bed.Replicas], rows, "node %d and the first of its shard", node+1)
		}
	}
	for node := range s.bed.Nodes {
		require.Equal(s.t, want, s.tables(node+1), "node %d", node+1)
	}
}

// snapshotsEverywhere takes snapshots of people who come, change, go and come
// back, and ends runs after some of their steps: the next one has all that the
// ended one has seen, or nothing of it.
func snapshotsEverywhere(t *testing.T, s *shop) {
	var h past
	second := 0
	take := func(p people) {
		t.Helper()
		second++
		at, err := s.taken(p, second, 0)
		require.NoError(t, err)
		h.take(p, at)
		s.remembers(h)
	}
	take(people{1: "ann", 2: "bob", 3: "cat", 4: "dan"})
	take(people{1: "ann", 2: "rob", 3: "cat", 5: "eve"})
	take(people{1: "ann", 2: "rob", 4: "dan"})

	plan := s.begin().planAdding(s.people(), people{1: "x"}.sql())
	committed, steps := 0, []int{}
	for _, step := range plan.Steps {
		if step.Commit {
			committed = step.Number
		}
		if os.Getenv(everyStep) != "" || step.Commit {
			steps = append(steps, step.Number)
		}
	}
	require.NotZero(t, committed)
	for _, k := range steps {
		ended := people{1: fmt.Sprint("ann", k), 2: "rob", 6: "fay"}
		second++
		at, err := s.taken(ended, second, k)
		require.NoError(t, err)
		if k >= committed {
			h.take(ended, at)
		}
		take(people{1: fmt.Sprint("ann", k), 4: "dan"})
	}
	if os.Getenv(everyStep) != "" {
		take(people{})
		take(people{2: "rob"})
	}
}

// TestSnapshots takes some seconds for each layout: 2x2 is asked for by everyStep.
func TestSnapshots(t *testing.T) {
	t.Run("1x3", func(t *testing.T) { snapshotsEverywhere(t, newShop(t, "1x3")) })
	t.Run("current", func(t *testing.T) { snapshotsEverywhere(t, newEmbeddedShop(t)) })
	if os.Getenv(everyStep) != "" {
		t.Run("2x2", func(t *testing.T) { snapshotsEverywhere(t, newShop(t, "2x2")) })
	}
}
