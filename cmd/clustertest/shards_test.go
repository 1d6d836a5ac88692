package clustertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
)

// newShards is the wallet on current servers, each a shard, which get each
// statement directly.
func newShards(t *testing.T) *wallet {
	c := bedtest.Embedded(t, 2)
	b := &bedtest.Bed{Layout: bed.Layout{Shards: 2, Replicas: 1}, Name: c.Name, Nodes: c.Nodes, User: c.User, Password: c.Password}
	w := &wallet{t: t, bed: b, dir: t.TempDir(), database: "wallet"}
	w.unpack("testdata/wallet.txtar", "SHARDING", "+sharding_key: cityHash64(account)", "threads: 2", "threads: 2\n      ddl: per_host")
	return w
}

// TestShardsOnCurrentServers builds seeds, views over them, models on top and
// their tests on shards, and then models with other columns.
func TestShardsOnCurrentServers(t *testing.T) {
	w := newShards(t)
	for range 2 {
		require.Contains(t, w.run("build"), "ERROR=0")
		w.same()
	}
	for _, table := range []string{"accounts", "payments", "fct_payments", "mart_accounts"} {
		shards := uint64(0)
		for n := range w.bed.Nodes {
			shards += w.bed.Rows(t, n+1, "SELECT count() FROM wallet."+table+"_local")[0][0].(uint64)
		}
		require.Equal(t, w.bed.Rows(t, 2, "SELECT count() FROM wallet."+table)[0][0], shards, table)
	}
	fact := filepath.Join(w.dir, "models", "fct_payments.sql")
	for _, change := range []struct{ sql, want string }{
		{"select id, account, amount, amount * 2 as twice from {{ ref('stg_payments') }}", "id account amount twice"},
		{"select account, toString(amount) as text, amount from {{ ref('stg_payments') }}", "account text amount"},
		{"select id, account, amount from {{ ref('stg_payments') }}", "id account amount"},
	} {
		order := "{{ config(order_by='account') }}\n"
		require.NoError(t, os.WriteFile(fact, []byte(order+change.sql), 0o600))
		require.Contains(t, w.run("build"), "ERROR=0")
		w.same()
		for n := range w.bed.Nodes {
			for _, table := range []string{"fct_payments", "fct_payments_local"} {
				var columns []string
				for _, row := range w.bed.Rows(t, n+1, "SELECT name FROM system.columns WHERE database = 'wallet' AND table = '"+table+"' ORDER BY position") {
					columns = append(columns, row[0].(string))
				}
				require.Equal(t, change.want, strings.Join(columns, " "), "%s of node %d", table, n+1)
			}
		}
	}
}

// TestShardsAfterDeaths kills the program at moments all over a build of
// everything, by its statements.
func TestShardsAfterDeaths(t *testing.T) {
	w := newShards(t)
	w.run("build")
	every := 9
	if os.Getenv(everyStep) != "" {
		every = 1
	}
	deaths := 0
	for k := 1; w.killed("SQLQuery", k, "", "build"); k += every {
		deaths++
		require.Contains(t, w.run("build"), "ERROR=0", "killed at statement %d", k)
		w.same()
		for n := range w.bed.Nodes {
			left := w.bed.Rows(t, n+1, "SELECT name FROM system.tables WHERE database = 'wallet' AND name LIKE '%\\_\\_chmod\\_%'")
			require.Empty(t, left, "killed at statement %d", k)
		}
	}
	require.Greater(t, deaths, 3)
	t.Logf("killed %d times", deaths)
}
