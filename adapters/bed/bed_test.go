package bed_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
)

func TestMain(m *testing.M) { os.Exit(bedtest.Run(m)) }

func TestParseLayout(t *testing.T) {
	l, err := bed.ParseLayout("2x3")
	require.NoError(t, err)
	require.Equal(t, bed.Layout{Shards: 2, Replicas: 3}, l)
	require.Equal(t, "2x3", l.String())
	for _, text := range []string{"", "x", "2", "0x1", "1x10", "2x2x2", "ax1", "-1x2"} {
		_, err := bed.ParseLayout(text)
		require.ErrorContains(t, err, "SHARDSxREPLICAS", text)
	}
}

// TestUpDown starts and ends a cluster of its own, and starts it again on what
// it left.
func TestUpDown(t *testing.T) {
	bedtest.Open(t, "1x3") // or skip
	dir := t.TempDir()
	start := time.Now()
	c, err := bed.Start(t.Context(), bed.Options{Layout: bed.Layout{Shards: 2, Replicas: 1}, Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Wipe()) })
	t.Logf("up in %s", time.Since(start))
	require.Len(t, c.Nodes, 2)
	require.Equal(t, []int{1, 1, 2, 1}, []int{c.Nodes[0].Shard, c.Nodes[0].Replica, c.Nodes[1].Shard, c.Nodes[1].Replica})
	_, err = c.Ask(t.Context(), 2, "CREATE DATABASE kept ON CLUSTER bed")
	require.NoError(t, err)

	start = time.Now()
	require.NoError(t, c.Stop(t.Context()))
	t.Logf("down in %s", time.Since(start))
	for _, address := range []string{c.Keeper, c.Nodes[0].Addr, c.Nodes[1].HTTPAddr} {
		_, err := net.Dial("tcp", address)
		require.Error(t, err, "somebody still listens on %s", address)
	}
	require.NoError(t, c.Stop(t.Context()), "there is nothing to stop")

	_, err = bed.Start(t.Context(), bed.Options{Layout: bed.Layout{Shards: 1, Replicas: 2}, Dir: dir})
	require.ErrorContains(t, err, "holds a cluster of 2x1")
	again, err := bed.Start(t.Context(), bed.Options{Layout: c.Layout, Dir: dir})
	require.NoError(t, err)
	require.Equal(t, c.Nodes, again.Nodes)
	kept, err := again.Ask(t.Context(), 1, "EXISTS TABLE kept.t")
	require.NoError(t, err)
	require.Equal(t, "0\n", kept)
	require.NoError(t, again.Wipe())
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestStartTellsWhy(t *testing.T) {
	bedtest.Open(t, "1x3") // or skip
	// Ports of outgoing connections, which begin far above, come and go.
	const port = 15000
	taken, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	require.NoError(t, err)
	defer taken.Close()
	_, err = bed.Start(t.Context(), bed.Options{
		Layout:   bed.Layout{Shards: 1, Replicas: 1},
		Dir:      t.TempDir(),
		BasePort: port, // ZooKeeper's
	})
	require.ErrorContains(t, err, "port 15000 is taken")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = bed.Start(ctx, bed.Options{Layout: bed.Layout{Shards: 1, Replicas: 1}, Dir: t.TempDir()})
	require.ErrorIs(t, err, context.Canceled)
	_, err = bed.Start(t.Context(), bed.Options{})
	require.ErrorContains(t, err, "from 1 to 9")
	_, err = bed.Open(t.TempDir())
	require.ErrorContains(t, err, "there is no cluster")
}

func TestClusters(t *testing.T) {
	b := bedtest.Open(t, "2x2")
	m := b.Machines(t)
	for name, want := range map[string]int{m.Name: 2, m.All: 4, m.Dead: 1} {
		rows := b.Rows(t, 3, "SELECT uniq(shard_num) FROM system.clusters WHERE cluster = '"+name+"'")
		require.EqualValues(t, want, rows[0][0], name)
	}
	for i, n := range b.Nodes {
		rows := b.Rows(t, i+1, "SELECT macro, substitution FROM system.macros ORDER BY macro")
		require.Equal(t, [][]any{
			{"cluster", m.Name},
			{"replica", "r" + string(rune('0'+n.Replica))},
			{"shard", "0" + string(rune('0'+n.Shard))},
		}, rows)
	}
	require.Len(t, b.Rows(t, 1, "SELECT 1 FROM cluster('bed_all', system.one)"), 4)
}

// TestOnClusterRows is what a distributed statement says, host by host.
func TestOnClusterRows(t *testing.T) {
	b := bedtest.Open(t, "2x2")
	db := b.Database(t)
	rows := b.Rows(t, 2, "CREATE TABLE "+db+".t ON CLUSTER "+b.Name+" (a UInt64) ENGINE = Memory")
	require.Len(t, rows, 4)
	said := map[string]bool{}
	for _, row := range rows {
		require.Zero(t, row[2], "status of %v", row)
		said[net.JoinHostPort(row[0].(string), decimal(row[1]))] = true
	}
	for _, n := range b.Nodes {
		require.Contains(t, said, n.Addr)
	}
}

func TestReaderMayOnlyRead(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	reader := *b
	reader.User, reader.Password = m.Reader, m.ReaderPassword
	require.Len(t, reader.Rows(t, 1, "SELECT 1"), 1)
	err := errorOf(t, &reader, 1, "CREATE DATABASE forbidden")
	require.Contains(t, err, "readonly")
}
