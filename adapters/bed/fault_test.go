package bed_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

func decimal(v any) string { return fmt.Sprint(v) }

// errorOf is what a statement that has to fail says.
func errorOf(t *testing.T, b *bedtest.Bed, n int, sql string) string {
	t.Helper()
	a, err := clickhouse.Open(t.Context(), b.Config(n))
	require.NoError(t, err)
	defer a.Close()
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: sql})
	require.Error(t, err, sql)
	return err.Error()
}

// replicated creates a replicated table with three rows, which all nodes have.
func replicated(t *testing.T, b *bedtest.Bed) string {
	t.Helper()
	table := b.Database(t) + ".t"
	b.Exec(t, 1, fmt.Sprintf("CREATE TABLE %s ON CLUSTER %s (a UInt64) ENGINE = ReplicatedMergeTree('%s', '{replica}') ORDER BY a",
		table, b.Name, bedtest.KeeperPath("t")))
	insert(t, b, 1, table, 3)
	for n := range b.Nodes {
		b.Exec(t, n+1, "SYSTEM SYNC REPLICA "+table)
		require.Equal(t, uint64(3), count(t, b, n+1, table))
	}
	return table
}

func insert(t *testing.T, b *bedtest.Bed, n int, table string, rows int) {
	t.Helper()
	// Blocks are told apart by the time, or the server would drop the second of two.
	b.Exec(t, n, fmt.Sprintf("INSERT INTO %s SELECT %d + number FROM numbers(%d)", table, time.Now().UnixNano(), rows))
}

func count(t *testing.T, b *bedtest.Bed, n int, table string) uint64 {
	t.Helper()
	return b.Rows(t, n, "SELECT count() FROM "+table)[0][0].(uint64)
}

// eventually waits for a condition of a real server.
func eventually(t *testing.T, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, time.Minute, 20*time.Millisecond)
}

func TestKillNode(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	table := replicated(t, b)
	require.NoError(t, m.Kill(3))
	require.False(t, m.Running(3))
	_, err := clickhouse.Open(t.Context(), b.Config(3))
	require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
	insert(t, b, 1, table, 4)
	start := time.Now()
	require.NoError(t, m.StartNode(t.Context(), 3))
	t.Logf("back in %s", time.Since(start))
	b.Exec(t, 3, "SYSTEM SYNC REPLICA "+table)
	require.Equal(t, uint64(7), count(t, b, 3, table))
	require.NoError(t, m.StopNode(t.Context(), 2))
	require.NoError(t, m.StartNode(t.Context(), 2))
	require.Equal(t, uint64(7), count(t, b, 2, table))
	require.ErrorContains(t, m.Kill(4), "there is no node 4")
}

func TestStaleReplica(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	table := replicated(t, b)
	require.NoError(t, m.PauseFetches(t.Context(), 2, table))
	insert(t, b, 1, table, 5)
	b.Exec(t, 3, "SYSTEM SYNC REPLICA "+table)
	require.Equal(t, uint64(8), count(t, b, 3, table))
	eventually(t, func() bool {
		return b.Rows(t, 2, "SELECT count() FROM system.replication_queue WHERE type = 'GET_PART'")[0][0].(uint64) == 1
	})
	require.Equal(t, uint64(3), count(t, b, 2, table))
	require.NoError(t, m.ResumeFetches(t.Context(), 2, table))
	eventually(t, func() bool { return count(t, b, 2, table) == 8 })
}

func TestKeeperDown(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	table := replicated(t, b)
	require.NoError(t, m.KillKeeper())
	require.False(t, m.KeeperRunning())
	require.Equal(t, uint64(3), count(t, b, 2, table), "reading needs no Keeper")
	eventually(t, func() bool { return readOnly(t, b, 1) })
	require.Contains(t, errorOf(t, b, 1, "INSERT INTO "+table+" SELECT 1"), "242")
	require.ErrorContains(t, m.StartNode(contextOf(t, m.Kill(2)), 2), "needs Keeper")
	require.NoError(t, m.StartKeeper(t.Context()))
	require.NoError(t, m.StartNode(t.Context(), 2))
	require.NoError(t, m.Ready(t.Context()))
	eventually(t, func() bool { return !readOnly(t, b, 1) })
	insert(t, b, 1, table, 2)
	b.Exec(t, 2, "SYSTEM SYNC REPLICA "+table)
	require.Equal(t, uint64(5), count(t, b, 2, table))
}

func contextOf(t *testing.T, err error) context.Context {
	t.Helper()
	require.NoError(t, err)
	return t.Context()
}

func readOnly(t *testing.T, b *bedtest.Bed, n int) bool {
	t.Helper()
	return b.Rows(t, n, "SELECT max(is_readonly) FROM system.replicas")[0][0].(uint8) == 1
}

func TestNodeLosesKeeper(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	table := replicated(t, b)
	require.NoError(t, m.CutKeeper(2))
	eventually(t, func() bool { return readOnly(t, b, 2) })
	require.Contains(t, errorOf(t, b, 2, "INSERT INTO "+table+" SELECT 1"), "242")
	insert(t, b, 1, table, 2)
	require.False(t, readOnly(t, b, 1))
	require.Equal(t, uint64(3), count(t, b, 2, table))
	require.NoError(t, m.MendKeeper(t.Context(), 2))
	eventually(t, func() bool { return !readOnly(t, b, 2) })
	eventually(t, func() bool { return count(t, b, 2, table) == 5 })
}

func TestFrozenNode(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	require.NoError(t, m.Freeze(3))
	require.True(t, m.Running(3))
	c := b.Config(3)
	c.ConnectTimeout, c.SyncRequestTimeout = 50*time.Millisecond, 50*time.Millisecond
	_, err := clickhouse.Open(t.Context(), c)
	require.Error(t, err)
	require.NoError(t, m.Thaw(3))
	require.Len(t, b.Rows(t, 3, "SELECT 1"), 1)
}

func TestDeadHost(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	db := b.Database(t)
	a := b.Adapter(t, 1)
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Exec(t.Context(), adapters.Statement{
		SQL:      "CREATE TABLE " + db + ".t ON CLUSTER " + m.Dead + " (a UInt8) ENGINE = Memory",
		Settings: map[string]any{"distributed_ddl_task_timeout": 1},
	})
	require.Equal(t, adapters.ClassTimeout, adapters.ClassOf(err), "%v", err)
	require.Len(t, b.Rows(t, 1, "SELECT 1 FROM system.tables WHERE database = '"+db+"'"), 1)
}

// TestOccupiedQueue is that a distributed statement waits where the queue is
// busy, and is done there later.
func TestOccupiedQueue(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	db := b.Database(t)
	require.NoError(t, m.OccupyQueue(t.Context(), 3, 4*time.Second))
	a := b.Adapter(t, 1)
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Exec(t.Context(), adapters.Statement{
		SQL:      "CREATE TABLE " + db + ".t ON CLUSTER " + b.Name + " (a UInt8) ENGINE = Memory",
		Settings: map[string]any{"distributed_ddl_task_timeout": 1},
	})
	require.Equal(t, adapters.ClassTimeout, adapters.ClassOf(err), "%v", err)
	there := func(n int) bool {
		return len(b.Rows(t, n, "SELECT 1 FROM system.tables WHERE database = '"+db+"'")) == 1
	}
	require.True(t, there(2))
	require.False(t, there(3))
	eventually(t, func() bool { return there(3) })
}

func TestFullDisk(t *testing.T) {
	b := bedtest.OpenSmallDisk(t, "1x3", 3)
	m := b.Machines(t)
	table := replicated(t, b)
	require.NoError(t, m.FillDisk(3))
	insert(t, b, 1, table, 4)
	require.Contains(t, errorOf(t, b, 3, "INSERT INTO "+table+" SELECT 1"), "No space left on device")
	require.Equal(t, uint64(3), count(t, b, 3, table))
	require.NoError(t, m.FreeDisk(3))
	eventually(t, func() bool { return count(t, b, 3, table) == 7 })
	require.ErrorContains(t, m.FillDisk(2), "no disk of its own")
}
