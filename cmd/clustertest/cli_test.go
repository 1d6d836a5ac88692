// Package clustertest runs the program on real clusters, as a user does.
package clustertest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/cmd/internal/command"
)

// beChmod makes the test binary be chmod.
const beChmod = "CHMOD_CLUSTERTEST_BE_CHMOD"

func TestMain(m *testing.M) {
	if os.Getenv(beChmod) != "" {
		os.Exit(command.Main(os.Args[1:], command.Surroundings{
			Version: "dev", In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv,
		}))
	}
	os.Exit(bedtest.Run(m))
}

// wallet is a small project in a folder, for a database of a cluster.
type wallet struct {
	t        *testing.T
	bed      *bedtest.Bed
	dir      string
	database string
}

func newWallet(t *testing.T, layout, sharding string) *wallet {
	b := bedtest.Open(t, layout)
	w := &wallet{t: t, bed: b, dir: t.TempDir(), database: "wallet_" + strings.ToLower(fmt.Sprintf("%x", time.Now().UnixNano()))}
	w.unpack("testdata/wallet.txtar", "SHARDING", sharding)
	return w
}

// unpack writes a project's files, with what its texts leave open: the
// connection, and names and values in turn.
func (w *wallet) unpack(file string, values ...string) {
	w.t.Helper()
	archive, err := txtar.ParseFile(file)
	require.NoError(w.t, err)
	values = append(values,
		"PORT", fmt.Sprint(w.bed.Nodes[0].Port()), "USER", w.bed.User, "PASSWORD", w.bed.Password,
		"SCHEMA", w.database, "CLUSTER", w.bed.Name)
	for _, f := range archive.Files {
		path := filepath.Join(w.dir, filepath.FromSlash(f.Name))
		require.NoError(w.t, os.MkdirAll(filepath.Dir(path), 0o700))
		text := strings.NewReplacer(values...).Replace(string(f.Data))
		require.NoError(w.t, os.WriteFile(path, []byte(text), 0o600))
	}
}

// chmod is a call of the program.
func (w *wallet) chmod(args ...string) *exec.Cmd {
	c := exec.CommandContext(w.t.Context(), os.Args[0], args...)
	c.Dir = w.dir
	c.Env = append(os.Environ(), beChmod+"=1")
	return c
}

func (w *wallet) run(args ...string) string {
	w.t.Helper()
	out, err := w.chmod(args...).CombinedOutput()
	require.NoError(w.t, err, "%s", out)
	return string(out)
}

// same requires that each node has the same rows of every relation, and none
// that is not the project's.
func (w *wallet) same() {
	w.t.Helper()
	for n := range w.bed.Nodes {
		var names []string
		for _, row := range w.bed.Rows(w.t, n+1, "SELECT name FROM system.tables WHERE database = '"+w.database+"' AND NOT name LIKE '%_local' ORDER BY name") {
			names = append(names, row[0].(string))
		}
		require.Equal(w.t, []string{"accounts", "fct_payments", "mart_accounts", "payments", "stg_payments"}, names, "node %d", n+1)
		rows := w.bed.Rows(w.t, n+1, "SELECT account, paid FROM "+w.database+".mart_accounts ORDER BY account")
		require.Equal(w.t, [][]any{{"ann", int64(30)}, {"bob", int64(40)}, {"eve", int64(0)}}, rows, "node %d", n+1)
	}
}

func TestBuildOnReplicas(t *testing.T) {
	w := newWallet(t, "1x3", "")
	plan := w.run("plan")
	require.Contains(t, plan, "ON CLUSTER `"+w.bed.Name+"`")
	require.Contains(t, plan, "ReplicatedMergeTree('/clickhouse/tables/"+w.database+"/")
	for range 2 {
		out := w.run("build")
		require.Contains(t, out, "ERROR=0")
		w.same()
	}
	debug := w.run("debug")
	for _, n := range w.bed.Nodes {
		require.Contains(t, debug, n.Addr+"  ClickHouse ")
	}
}

func TestBuildOnShards(t *testing.T) {
	w := newWallet(t, "2x2", "+sharding_key: rand()")
	for range 2 {
		require.Contains(t, w.run("build"), "ERROR=0")
		w.same()
	}
}

// TestShardsNeedAKey: nothing is touched when a model does not say how its rows
// are spread.
func TestShardsNeedAKey(t *testing.T) {
	w := newWallet(t, "2x2", "")
	out, err := w.chmod("build").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "needs-sharding-key")
	for n := range w.bed.Nodes {
		require.Empty(t, w.bed.Rows(t, n+1, "SELECT 1 FROM system.databases WHERE name = '"+w.database+"'"))
	}
}

func TestReplicaDown(t *testing.T) {
	w := newWallet(t, "1x3", "")
	m := w.bed.Machines(t)
	w.run("build")
	require.NoError(t, m.Kill(3))
	out := w.run("build")
	require.Contains(t, out, "host "+w.bed.Nodes[2].Addr+" is left out")
	require.Contains(t, w.run("debug"), w.bed.Nodes[2].Addr+"  DOWN")
	require.NoError(t, m.StartNode(t.Context(), 3))
	w.same() // it has the rows of the build before
	require.NotContains(t, w.run("build"), "left out")
	w.same()
	paths := map[any]bool{}
	for n := range w.bed.Nodes {
		paths[w.bed.Rows(t, n+1, "SELECT zookeeper_path FROM system.replicas WHERE database = '"+w.database+"' AND table = 'mart_accounts'")[0][0]] = true
	}
	require.Len(t, paths, 1, "all are replicas of one table")
}

// TestKilled ends the program at moments spread over a build. The next one
// cleans up after it.
func TestKilled(t *testing.T) {
	w := newWallet(t, "1x3", "")
	start := time.Now()
	w.run("build")
	whole := time.Since(start)
	const moments = 6
	for k := 1; k <= moments; k++ {
		var out bytes.Buffer
		c := w.chmod("build")
		c.Stdout, c.Stderr = &out, &out
		require.NoError(t, c.Start())
		time.Sleep(whole * time.Duration(k) / (moments + 1))
		require.NoError(t, c.Process.Kill())
		_ = c.Wait() // it was killed
		rows := w.bed.Rows(t, 2, "SELECT count() FROM "+w.database+".mart_accounts")
		require.Equal(t, uint64(3), rows[0][0])
		w.run("build")
		w.same()
	}
}
