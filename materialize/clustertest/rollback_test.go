package clustertest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// rollback goes back to what is kept of a model's table.
func (s *shop) rollback(n *manifest.Node) error {
	s.t.Helper()
	_, err := s.rollbackUntil(n, math.MaxInt, "")
	return err
}

// rollbackUntil is rollback by a process that dies right after one of its
// statements.
func (s *shop) rollbackUntil(n *manifest.Node, at int, prefer string) (dead bool, err error) {
	s.t.Helper()
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := s.begin()
	plan, err := materialize.Rollback(materialize.Input{
		Node: n, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id,
	}, prefer)
	if err != nil {
		return false, err
	}
	ctx, end := context.WithCancel(s.t.Context())
	defer end()
	m := &mortal{Cluster: i.cluster, at: at, how: afterIt, loose: &sync.WaitGroup{}, end: end}
	_, err = materialize.Apply(ctx, m, plan, nil)
	return m.died(), err
}

// rollbackEverywhere exchanges generations there and back again, the first time
// while readers on every node watch. They take a generation for newer that has a
// higher number: it is built first here, and replaced by a lower one.
func rollbackEverywhere(t *testing.T, s *shop, exchanges bool) {
	config := []any{"materialized", "table", "order_by", "id", "keep_previous_generation", true}
	table := "orders"
	if s.bed.Shards > 1 {
		config, table = append(config, "sharding_key", "id"), "orders_local"
	}
	n := s.model("orders", config...)
	_, err := s.build(n, generation(2))
	require.NoError(t, err)
	require.ErrorContains(t, s.rollback(n), "there is no earlier generation")
	_, err = s.build(n, generation(1))
	require.NoError(t, err)
	has := func(generation uint64) {
		t.Helper()
		for node, rows := range s.everywhere(s.whole("orders")) {
			require.Equal(t, [][]any{{uint64(1000), generation, generation}}, rows, "node %d", node+1)
		}
		for node := range s.bed.Nodes {
			kept := 0
			for _, name := range s.tables(node + 1) {
				if base, stamp, ok := materialize.ParseStaging(name); ok {
					require.Equal(t, table, base)
					require.Equal(t, materialize.RoleKept, stamp.Role)
					kept++
				}
			}
			require.Equal(t, 1, kept, "node %d", node+1)
		}
	}
	has(1)
	r := s.read(table)
	require.NoError(t, s.rollback(n))
	polls, missing := r.whole()
	require.Positive(t, polls)
	if exchanges {
		require.Zero(t, missing)
	}
	has(2)
	require.NoError(t, s.rollback(n))
	has(1)
	// The next one to be kept takes the place of this one.
	_, err = s.build(n, generation(3))
	require.NoError(t, err)
	has(3)
	require.NoError(t, s.rollback(n))
	has(1)
	// A host that does not have it is told.
	i := s.begin()
	k, ok := materialize.KeptOf(materialize.Input{Node: n, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id})
	require.True(t, ok)
	s.bed.Exec(t, 2, "DROP TABLE "+adapters.Relation{Database: k.Database, Name: k.Name}.String())
	require.ErrorContains(t, s.rollback(n), "the earlier generation of `"+s.database+"`.`"+table+"` is not on ")
}

func TestRollbackOnReplicas(t *testing.T) { rollbackEverywhere(t, newShop(t, "1x3"), false) }
func TestRollbackOnCurrent(t *testing.T)  { rollbackEverywhere(t, newEmbeddedShop(t), true) }

// dyingRollbacks has rollbacks die at every statement: what comes next, a run or a
// rollback, finds one generation in place and the other one kept, on all nodes
// under one name.
func dyingRollbacks(t *testing.T, s *shop) {
	n := s.incremental("delete+insert")
	table := "entries"
	if s.bed.Shards > 1 {
		table = "entries_local"
	}
	require.NoError(t, s.add(n, added("first", 0, 4)))
	i := s.begin()
	refresh := i.planInput(materialize.Input{Node: n, FullRefresh: true}, func(bool) string { return added("second", 0, 8) })
	_, err := materialize.Apply(t.Context(), i.cluster, refresh, nil)
	require.NoError(t, err)
	in := func() (held []string) {
		for _, rows := range s.everywhere("SELECT v, count() FROM " + s.database + "." + table + " GROUP BY v") {
			held = append(held, fmt.Sprint(rows))
		}
		return held
	}
	onItsWay, mixed := 0, 0
	for at, over := 1, false; !over; at++ {
		dead, err := s.rollbackUntil(n, at, "")
		over = !dead && err == nil
		for node := range s.bed.Nodes {
			if slices.ContainsFunc(s.tables(node+1), func(name string) bool {
				_, stamp, ok := materialize.ParseStaging(name)
				return ok && stamp.Role == materialize.RoleOnItsWay
			}) {
				onItsWay++
			}
		}
		switch held := slices.Compact(in()); {
		case len(held) > 1:
			mixed++
			require.ErrorContains(t, s.rollback(n), "hosts have different generations", "after statement %d", at)
			_, err := s.rollbackUntil(n, math.MaxInt, s.bed.Nodes[0].Addr)
			require.NoError(t, err, "after statement %d", at)
		case at%2 == 0:
			require.NoError(t, s.rollback(n), "after statement %d", at)
			require.NotEqual(t, held, slices.Compact(in()), "after statement %d", at)
		default:
			require.NoError(t, s.add(n, added("none", 0, 0)), "after statement %d", at)
			require.Equal(t, held, slices.Compact(in()), "after statement %d", at)
		}
		require.Len(t, slices.Compact(in()), 1, "after statement %d", at)
		kept := map[string]int{}
		for node := range s.bed.Nodes {
			for _, name := range s.tables(node + 1) {
				if _, stamp, ok := materialize.ParseStaging(name); ok {
					require.Equal(t, materialize.RoleKept, stamp.Role, "%s after statement %d", name, at)
					kept[name]++
				}
			}
		}
		require.Len(t, kept, 1, "after statement %d", at)
		for name, nodes := range kept {
			require.Equal(t, len(s.bed.Nodes), nodes, "%s after statement %d", name, at)
		}
	}
	t.Logf("%d tables were on their way, %d times hosts had different generations", onItsWay, mixed)
	require.Positive(t, onItsWay)
}

func TestDyingRollbacksOnReplicas(t *testing.T) { dyingRollbacks(t, newShop(t, "1x3")) }
func TestDyingRollbacksOnCurrent(t *testing.T)  { dyingRollbacks(t, newEmbeddedShop(t)) }
