package clustertest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
)

// everyStep makes tests do all of what they otherwise do the most of.
const everyStep = "CHMOD_TEST_EVERY_STEP"

// newEntries is a project of one incremental model, whose runs add four rows
// each.
func newEntries(t *testing.T, layout, sharding string) *wallet {
	w := &wallet{t: t, bed: bedtest.Open(t, layout), dir: t.TempDir(), database: "entries_" + fmt.Sprintf("%x", time.Now().UnixNano())}
	w.unpack("testdata/entries.txtar", "SHARDING", sharding)
	return w
}

// add runs the model for the rows from an id on.
func (w *wallet) add(from int, flags ...string) string {
	w.t.Helper()
	return w.run(append([]string{"run", "--vars", fmt.Sprintf("{from: %d}", from)}, flags...)...)
}

// has requires that each node has the rows that were added from these ids on,
// once, and that the replicas of each shard are those of one table.
func (w *wallet) has(from ...int) {
	w.t.Helper()
	var want []string
	for _, f := range from {
		for i := range 4 {
			want = append(want, fmt.Sprint(f+i))
		}
	}
	table, paths := "entries", map[any]bool{}
	if w.bed.Shards > 1 {
		table = "entries_local"
	}
	for n := range w.bed.Nodes {
		var ids []string
		for _, row := range w.bed.Rows(w.t, n+1, "SELECT id FROM "+w.database+".entries ORDER BY id") {
			ids = append(ids, fmt.Sprint(row[0]))
		}
		require.Equal(w.t, want, ids, "node %d", n+1)
		paths[w.text(n+1, "SELECT zookeeper_path FROM system.replicas WHERE database = 'DB' AND table = '"+table+"'")] = true
		left := w.bed.Rows(w.t, n+1, "SELECT name FROM system.tables WHERE database = '"+w.database+"' AND name LIKE '%\\_\\_chmod\\_%' AND NOT name LIKE '%\\_\\_chmod\\_k%'")
		require.Empty(w.t, left, "node %d", n+1)
	}
	require.Len(w.t, paths, w.bed.Shards)
}

// TestAwayWhenBuilt: a host that was away when an incremental model's table was
// built, first or anew, has it and all rows after the next run.
func TestAwayWhenBuilt(t *testing.T) {
	for layout, sharding := range map[string]string{"1x3": "", "2x2": "+sharding_key: id"} {
		t.Run(layout, func(t *testing.T) {
			w := newEntries(t, layout, sharding)
			m := w.bed.Machines(t)
			last := len(w.bed.Nodes)
			w.add(0)
			require.NoError(t, m.Kill(last))
			require.Contains(t, w.add(10, "--full-refresh"), "host "+w.bed.Nodes[last-1].Addr+" is left out")
			require.NoError(t, m.StartNode(t.Context(), last))
			require.Contains(t, w.run("plan", "--vars", "{from: 20}"), "create a replica of the right table under a name of its own [hosts: "+w.bed.Nodes[last-1].Addr+"]")
			require.Contains(t, w.add(20), "not all hosts have the same build of it; they get the right one first")
			w.has(10, 20)
			require.NotContains(t, w.add(30), "not all hosts")
			w.has(10, 20, 30)
			// What it had is what the others keep.
			w.run("rollback", "entries", "--yes", "--vars", "{from: 0}")
			w.has(0)

			if os.Getenv(everyStep) == "" {
				return
			}
			w = newEntries(t, layout, sharding)
			require.NoError(t, m.Kill(last))
			w.add(0)
			require.NoError(t, m.StartNode(t.Context(), last))
			w.add(10)
			w.has(0, 10)
		})
	}
}

// TestAwayWhenAltered: a host that was away when the table got a column has it,
// and in what reads all shards too, after the next run.
func TestAwayWhenAltered(t *testing.T) {
	w := newEntries(t, "2x2", "+sharding_key: id")
	m := w.bed.Machines(t)
	w.add(0)
	require.NoError(t, m.Kill(4))
	w.run("run", "--vars", "{from: 10, more: true}")
	require.NoError(t, m.StartNode(t.Context(), 4))
	w.run("run", "--vars", "{from: 20, more: true}")
	w.has(0, 10, 20)
	for n := range w.bed.Nodes {
		require.Equal(t, uint64(8), w.bed.Rows(t, n+1, "SELECT count() FROM "+w.database+".entries WHERE more = 1")[0][0], "node %d", n+1)
	}
	require.Contains(t, w.run("cluster", "diff", "--vars", "{from: 20, more: true}"), ", 0 different")
}

// TestSetAside: what a swap of two renames had set aside when it was broken off
// is put back, and rows are added to it.
func TestSetAside(t *testing.T) {
	w := newEntries(t, "1x3", "")
	w.add(0)
	old := strings.Replace(stale("entries"), "__chmod_s", "__chmod_o", 1)
	from := 0
	want := []int{0}
	for _, nodes := range [][]int{{1, 2, 3}, {3}, {1}} {
		for _, n := range nodes {
			w.exec(n, "RENAME TABLE DB.entries TO DB."+old)
			w.exec(n, "CREATE TABLE DB."+stale("entries")+" (id UInt64) ENGINE = MergeTree ORDER BY id")
		}
		from += 10
		want = append(want, from)
		if len(nodes) == 3 {
			require.Contains(t, w.run("plan", "--vars", fmt.Sprintf("{from: %d}", from)), "put back the table that an interrupted swap set aside")
		}
		w.add(from)
		w.has(want...)
	}
}

// TestExchangedHalfway: a full refresh that was broken off once one of two shards
// had been exchanged is carried on by the next run, which keeps what both had.
func TestExchangedHalfway(t *testing.T) {
	c := bedtest.Embedded(t, 2)
	w := &wallet{t: t, dir: t.TempDir(), database: "entries", bed: &bedtest.Bed{
		Layout: bed.Layout{Shards: 2, Replicas: 1}, Name: c.Name, Nodes: c.Nodes, User: c.User, Password: c.Password,
	}}
	w.unpack("testdata/entries.txtar", "SHARDING", "+sharding_key: id", "threads: 2", "threads: 2\n      ddl: per_host")
	w.add(0)
	coming := stale("entries_local")
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte("chmod `entries`.`"+coming+"`"))
	for n := range c.Nodes {
		w.exec(n+1, fmt.Sprintf("CREATE TABLE DB.%s UUID '%s' AS DB.entries_local ENGINE = MergeTree ORDER BY id", coming, id))
		w.exec(n+1, fmt.Sprintf("INSERT INTO DB.%s SELECT %d + number * 2 FROM numbers(2)", coming, 100+n))
	}
	w.exec(1, "EXCHANGE TABLES DB.entries_local AND DB."+coming)
	ids := func() string {
		return w.text(2, "SELECT arrayStringConcat(arraySort(groupArray(toString(id))), ' ') FROM DB.entries")
	}
	w.add(10)
	require.Equal(t, "10 100 101 102 103 11 12 13", ids())
	w.run("rollback", "entries", "--yes", "--vars", "{from: 0}")
	require.Equal(t, "0 1 2 3", ids())
}
