package bed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// on runs a statement on a node of a cluster of embedded engines.
func on(t *testing.T, c *bed.Embedded, n int, sql string) [][]any {
	t.Helper()
	a, err := clickhouse.Open(t.Context(), c.Config(n))
	require.NoError(t, err)
	defer a.Close()
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	table, _, err := s.Query(t.Context(), adapters.Statement{SQL: sql})
	require.NoError(t, err, sql)
	return table.Rows
}

func TestEmbeddedCluster(t *testing.T) {
	c := bedtest.Embedded(t, 2)
	for n := 1; n <= 2; n++ {
		on(t, c, n, "CREATE TABLE local (a UInt64) ENGINE = MergeTree ORDER BY a")
		on(t, c, n, "CREATE TABLE dist AS local ENGINE = Distributed(bed, default, local, a)")
		rows := on(t, c, n, "SELECT shard_num FROM system.clusters WHERE cluster = 'bed' AND is_local")
		require.Equal(t, [][]any{{uint32(n)}}, rows, "a node knows itself")
	}
	on(t, c, 1, "INSERT INTO dist SELECT number FROM numbers(1000) SETTINGS distributed_foreground_insert = 1")
	for n := 1; n <= 2; n++ {
		require.Equal(t, [][]any{{uint64(1000)}}, on(t, c, n, "SELECT count() FROM dist"))
		require.Equal(t, [][]any{{uint64(500)}}, on(t, c, n, "SELECT count() FROM local"))
	}

	require.NoError(t, c.Kill(2))
	a, err := clickhouse.Open(t.Context(), c.Config(1))
	require.NoError(t, err)
	defer a.Close()
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT count() FROM dist"})
	require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
	require.NoError(t, c.StartNode(t.Context(), 2))
	require.Equal(t, [][]any{{uint64(1000)}}, on(t, c, 1, "SELECT count() FROM dist"))
	require.NoError(t, c.StopNode(t.Context(), 2))
	require.NoError(t, c.StopNode(t.Context(), 2), "it is stopped")
	require.ErrorContains(t, c.Kill(3), "there is no node 3")
}
