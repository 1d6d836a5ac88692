package clustertest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// differs calls diff, which has to find something, and returns what it says.
func (w *wallet) differs() string {
	w.t.Helper()
	out, err := w.chmod("cluster", "diff").CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(w.t, err, &exit, "%s", out)
	require.Equal(w.t, 1, exit.ExitCode(), "%s", out)
	return string(out)
}

// repaired repairs, and requires that nothing differs any more.
func (w *wallet) repaired() string {
	w.t.Helper()
	out := w.run("cluster", "repair", "--yes")
	require.Contains(w.t, w.run("cluster", "diff"), ", 0 different")
	return out
}

func (w *wallet) exec(node int, sql string) {
	w.t.Helper()
	w.bed.Exec(w.t, node, strings.ReplaceAll(sql, "DB.", w.database+"."))
}

func (w *wallet) text(node int, sql string) string {
	w.t.Helper()
	rows := w.bed.Rows(w.t, node, strings.ReplaceAll(sql, "DB", w.database))
	require.Len(w.t, rows, 1, sql)
	text, _ := rows[0][0].(string)
	return text
}

// stale is the name of a table that an invocation of long ago has left behind.
func stale(table string) string { return table + "__chmod_s0mjwaid1k097y18r003mvg30iiw" }

func TestRepairReplicas(t *testing.T) {
	w := newWallet(t, "1x3", "")
	w.run("build")
	require.Contains(t, w.run("cluster", "diff"), "5 relations compared on 3 hosts, 0 different")
	addr := func(n int) string { return w.bed.Nodes[n-1].Addr }

	t.Run("a table is gone", func(t *testing.T) {
		w.t = t
		w.exec(3, "DROP TABLE DB.mart_accounts")
		require.Contains(t, w.differs(), addr(3)+": it is missing\n    -> chmod cluster repair")
		plan, err := w.chmod("cluster", "repair", "--dry-run").CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(plan), "-- 1. create a replica of the right table under a name of its own [hosts: "+addr(3)+"]")
		w.repaired()
		w.same()
	})
	t.Run("a view is gone", func(t *testing.T) {
		w.t = t
		w.exec(2, "DROP TABLE DB.stg_payments")
		require.Contains(t, w.differs(), addr(2)+": it is missing")
		w.repaired()
		w.same()
	})
	t.Run("a view is another one", func(t *testing.T) {
		w.t = t
		w.exec(2, "DROP TABLE DB.stg_payments")
		w.exec(2, "CREATE VIEW DB.stg_payments AS SELECT 1 AS x")
		require.Contains(t, w.differs(), addr(2)+": column x UInt8 is too much, as "+addr(1)+" has it")
		w.repaired()
		w.same()
	})
	t.Run("a table is detached", func(t *testing.T) {
		w.t = t
		w.exec(3, "DETACH TABLE DB.mart_accounts")
		require.Contains(t, w.differs(), addr(3)+": it is detached")
		w.repaired()
		w.same()
	})
	t.Run("a table has lost its disk", func(t *testing.T) {
		w.t = t
		w.bed.Machines(t)
		w.exec(3, "DETACH TABLE DB.mart_accounts")
		dir := w.bed.Nodes[2].DataDir
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "data", w.database, "mart_accounts")))
		require.NoError(t, os.Remove(filepath.Join(dir, "metadata", w.database, "mart_accounts.sql")))
		require.Contains(t, w.differs(), addr(3)+": it is missing")
		require.Contains(t, w.repaired(), "Keeper has replicas of")
		w.same()
	})
	t.Run("something is left behind", func(t *testing.T) {
		w.t = t
		w.exec(2, "CREATE TABLE DB."+stale("mart_accounts")+" (x UInt8) ENGINE = MergeTree ORDER BY x")
		require.Contains(t, w.differs(), addr(2)+": an invocation of 2026-01-02 03:04:05 UTC has left it behind")
		w.repaired()
		w.same()
	})
	t.Run("a host has an older build", func(t *testing.T) {
		w.t = t
		m := w.bed.Machines(t)
		require.NoError(t, m.Kill(3))
		w.run("build")
		require.NoError(t, m.StartNode(t.Context(), 3))
		require.Contains(t, w.differs(), addr(3)+": it is a table of another build, of ")
		require.Contains(t, w.repaired(), "2 of 3 hosts have it")
		w.same()
	})
	t.Run("a swap was not finished", func(t *testing.T) {
		w.t = t
		query := w.text(3, "SELECT create_table_query FROM system.tables WHERE database = 'DB' AND name = 'mart_accounts'")
		path := w.text(3, "SELECT engine_full FROM system.tables WHERE database = 'DB' AND name = 'mart_accounts'")
		_, path, _ = strings.Cut(path, "'")
		path, _, _ = strings.Cut(path, "'")
		w.exec(3, "RENAME TABLE DB.mart_accounts TO DB."+stale("mart_accounts"))
		w.exec(3, strings.Replace(query, path, "/of_another_build/"+w.database+"/{shard}", 1))
		out := w.differs()
		require.Contains(t, out, addr(3)+": it is a table of another build (the right one: 2 of 3 hosts have it)")
		out = w.repaired()
		require.Contains(t, out, "is the right table, which a build has left on "+addr(3))
		require.NotContains(t, out, "create a replica")
		w.same()
	})
	t.Run("a replica fetches nothing", func(t *testing.T) {
		w.t = t
		w.exec(3, "SYSTEM STOP FETCHES DB.fct_payments")
		w.exec(1, "INSERT INTO DB.fct_payments SELECT * FROM DB.fct_payments LIMIT 1 SETTINGS insert_deduplicate = 0")
		require.Contains(t, w.differs(), addr(3)+": it lacks 1 parts with 1 rows that "+addr(1)+" has")
		w.repaired()
		w.run("run", "--select", "fct_payments")
	})
	t.Run("Keeper does not know a replica", func(t *testing.T) {
		w.t = t
		m := w.bed.Machines(t)
		path := w.text(3, "SELECT zookeeper_path FROM system.replicas WHERE database = 'DB' AND table = 'mart_accounts'")
		forget(t, m.Keeper, path+"/replicas/r3")
		require.Contains(t, w.differs(), addr(3)+": Keeper does not know its replica r3")
		w.repaired()
		w.same()
	})
	t.Run("columns and comments differ from the project", func(t *testing.T) {
		w.t = t
		w.exec(1, "ALTER TABLE DB.mart_accounts ADD COLUMN x UInt8")
		out := w.differs()
		require.Contains(t, out, "column x UInt8 is too much, as the project says\n    -> chmod run --select mart_accounts")
		repair, err := w.chmod("cluster", "repair", "--yes").CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(repair), "what no repair puts right has to be built: chmod run --select mart_accounts")
		w.run("run", "--select", "mart_accounts")
		require.Contains(t, w.run("cluster", "diff"), ", 0 different")
	})
	t.Run("status", func(t *testing.T) {
		w.t = t
		status := w.run("cluster", "status")
		require.Contains(t, status, "5 relations fine, 0 different")
		var read struct {
			Hosts []struct {
				Address, Version string
				Up               bool
			}
			Relations int
		}
		require.NoError(t, json.Unmarshal([]byte(w.run("cluster", "status", "--output", "json")), &read))
		require.Len(t, read.Hosts, 3)
		require.Equal(t, 5, read.Relations)
		require.True(t, read.Hosts[2].Up)
		require.Equal(t, addr(3), read.Hosts[2].Address)
	})
}

func TestRepairShards(t *testing.T) {
	w := newWallet(t, "2x2", "+sharding_key: rand()")
	w.run("build")
	require.Contains(t, w.run("cluster", "diff"), "9 relations compared on 4 hosts, 0 different")
	addr := func(n int) string { return w.bed.Nodes[n-1].Addr }

	t.Run("tables are gone", func(t *testing.T) {
		w.t = t
		w.exec(2, "DROP TABLE DB.mart_accounts_local")
		w.exec(3, "DROP TABLE DB.mart_accounts_local")
		w.exec(4, "DROP TABLE DB.mart_accounts")
		out := w.differs()
		require.Contains(t, out, addr(2)+", "+addr(3)+": it is missing")
		require.Contains(t, out, addr(4)+": it is missing")
		w.repaired()
		w.same()
	})
	t.Run("which is right cannot be told", func(t *testing.T) {
		w.t = t
		query := w.text(2, "SELECT create_table_query FROM system.tables WHERE database = 'DB' AND name = 'mart_accounts_local'")
		start, end := strings.Index(query, "('/")+2, strings.Index(query, "/{shard}'")
		for n := 1; n <= 4; n += 2 {
			w.exec(n, "DROP TABLE DB.mart_accounts_local")
			w.exec(n, strings.Replace(query, query[start:end], "/elsewhere/"+w.database, 1))
		}
		out := w.differs()
		require.Contains(t, out, addr(1)+", "+addr(3)+" against "+addr(2)+", "+addr(4))
		require.Contains(t, out, "-> chmod cluster repair --prefer HOST")
		left, err := w.chmod("cluster", "repair", "--yes").CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(left), "--prefer HOST")
		require.Contains(t, w.run("cluster", "repair", "--yes", "--prefer", addr(2)), ", 0 different")
		w.same()
	})
}

// forget takes a path out of ZooKeeper.
func forget(t *testing.T, keeper, path string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "java", "-cp", "/usr/share/java/zookeeper.jar:/usr/share/java/*",
		"org.apache.zookeeper.ZooKeeperMain", "-server", keeper, "deleteall", path)
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
