package clustertest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRepairOnCurrentServers breaks shards of current servers by hand, which are
// told everything directly.
func TestRepairOnCurrentServers(t *testing.T) {
	w := newShards(t)
	w.run("build")
	require.Contains(t, w.run("cluster", "diff"), "9 relations compared on 2 hosts, 0 different")
	addr := func(n int) string { return w.bed.Nodes[n-1].Addr }

	t.Run("what reads all shards is gone", func(t *testing.T) {
		w.t = t
		w.exec(2, "DROP TABLE DB.mart_accounts SYNC")
		require.Contains(t, w.differs(), addr(2)+": it is missing\n    -> chmod cluster repair")
		plan, err := w.chmod("cluster", "repair", "--dry-run").CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(plan), "[hosts: "+addr(2)+"]")
		require.NotContains(t, string(plan), "ON CLUSTER")
		w.repaired()
		w.same()
	})
	t.Run("views", func(t *testing.T) {
		w.t = t
		w.exec(1, "DROP VIEW DB.stg_payments SYNC")
		w.exec(2, "CREATE OR REPLACE VIEW DB.stg_payments AS SELECT 1 AS x")
		out := w.differs()
		require.Contains(t, out, addr(1)+": it is missing")
		require.Contains(t, out, "-> chmod run --select stg_payments", "no host has the right one")
		w.run("run", "--select", "stg_payments")
		w.exec(2, "CREATE OR REPLACE VIEW DB.stg_payments AS SELECT id, account, amount FROM DB.payments")
		require.Contains(t, w.differs(), addr(2)+": the query is another one")
		w.repaired()
		w.same()
	})
	t.Run("settings and comments", func(t *testing.T) {
		w.t = t
		w.exec(2, "ALTER TABLE DB.mart_accounts_local MODIFY SETTING merge_with_ttl_timeout = 5")
		w.exec(2, "ALTER TABLE DB.fct_payments_local MODIFY COMMENT 'mine'")
		out := w.differs()
		require.Contains(t, out, addr(2)+": setting merge_with_ttl_timeout is 5")
		require.Contains(t, out, addr(2)+": the comment is 'mine' instead of not set, as "+addr(1)+" has it")
		w.repaired()
		w.same()
	})
	t.Run("something is left behind", func(t *testing.T) {
		w.t = t
		w.exec(2, "CREATE TABLE DB."+stale("mart_accounts_local")+" (x UInt8) ENGINE = MergeTree ORDER BY x")
		require.Contains(t, w.differs(), addr(2)+": an invocation of 2026-01-02 03:04:05 UTC has left it behind")
		w.repaired()
		w.same()
	})
	t.Run("rows of a shard are gone", func(t *testing.T) {
		w.t = t
		w.exec(2, "DROP TABLE DB.mart_accounts_local SYNC")
		require.Contains(t, w.differs(), addr(2)+": it is missing\n    -> chmod run --select mart_accounts", "nobody else has them")
		out, err := w.chmod("cluster", "repair", "--yes").CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(out), "what no repair puts right has to be built: chmod run --select mart_accounts")
		w.run("run", "--select", "mart_accounts")
		w.same()
	})
	w.t = t
	require.Contains(t, w.run("cluster", "diff"), ", 0 different")
}
