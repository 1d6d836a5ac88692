package clustertest

import (
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
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := s.begin()
	plan, err := materialize.Rollback(materialize.Input{
		Node: n, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id,
	}, "")
	if err != nil {
		return err
	}
	_, err = materialize.Apply(s.t.Context(), i.cluster, plan, nil)
	return err
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
