package adapters_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

func TestMain(m *testing.M) { os.Exit(bedtest.Run(m)) }

// fleet is all hosts of the test's cluster, and a session with node 1.
func fleet(t *testing.T, b *bedtest.Bed) (*adapters.Fleet, adapters.Session, adapters.Server) {
	t.Helper()
	return fleetOf(t, b, b.Name)
}

func fleetOf(t *testing.T, b *bedtest.Bed, cluster string) (*adapters.Fleet, adapters.Session, adapters.Server) {
	t.Helper()
	f, err := clickhouse.OpenCluster(t.Context(), b.Config(1), cluster)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	a := b.Adapter(t, 1)
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return f, s, a.Server()
}

// ddl runs a distributed statement.
func ddl(t *testing.T, f *adapters.Fleet, s adapters.Session, server adapters.Server, patience time.Duration, format string, args ...any) (adapters.ClusterOutcome, error) {
	t.Helper()
	return adapters.ExecOnCluster(t.Context(), s, server, adapters.OnCluster{
		Statement: adapters.Statement{SQL: fmt.Sprintf(format, args...)}, Cluster: f.Cluster(), Patience: patience,
	})
}

func states(outcomes []adapters.HostOutcome) []adapters.HostState {
	var s []adapters.HostState
	for _, o := range outcomes {
		s = append(s, o.State)
	}
	return s
}

func TestFleet(t *testing.T) {
	b := bedtest.Open(t, "2x2")
	f, _, _ := fleet(t, b)
	db := b.Database(t)
	outcomes, err := f.Exec(t.Context(), adapters.Statement{SQL: "CREATE TABLE " + db + ".t (a UInt8) ENGINE = Memory"})
	require.NoError(t, err)
	require.Equal(t, []adapters.HostState{"done", "done", "done", "done"}, states(outcomes))
	tables, outcomes := f.Query(t.Context(), adapters.Statement{SQL: "SELECT substitution FROM system.macros WHERE macro = 'shard'"})
	for i, o := range outcomes {
		require.Equal(t, adapters.HostDone, o.State)
		require.Equal(t, b.Nodes[i].Shard, int(o.Host.Shard))
		require.Equal(t, fmt.Sprintf("%02d", b.Nodes[i].Shard), tables[i].Rows[0][0])
	}
	b.Exec(t, 3, "DROP TABLE "+db+".t")
	outcomes, err = f.Exec(t.Context(), adapters.Statement{SQL: "DROP TABLE " + db + ".t"})
	require.Equal(t, []adapters.HostState{"done", "done", "failed", "done"}, states(outcomes))
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err))
	require.ErrorContains(t, err, "1 of 4 hosts are not done")
	require.ErrorContains(t, err, outcomes[2].Host.Addr())
	require.Equal(t, outcomes, adapters.OutcomesOf(fmt.Errorf("drop: %w", err)))

	one, err := f.On(t.Context(), adapters.Host{Shard: 2, Replica: 1})
	require.NoError(t, err)
	again, err := f.On(t.Context(), adapters.Host{Shard: 2, Replica: 1})
	require.NoError(t, err)
	require.Same(t, one, again)
	_, err = f.On(t.Context(), adapters.Host{Shard: 3, Replica: 1})
	require.ErrorContains(t, err, "no replica 1 in a shard 3")
}

func TestFleetHostDownAndBack(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, _, _ := fleet(t, b)
	probe := adapters.Statement{SQL: "SELECT 1"}
	_, err := f.Exec(t.Context(), probe)
	require.NoError(t, err)
	require.NoError(t, m.Kill(2))
	outcomes, err := f.Exec(t.Context(), probe)
	require.Equal(t, []adapters.HostState{"done", "unreached", "done"}, states(outcomes), "%v", err)
	require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err))
	require.NoError(t, m.StartNode(t.Context(), 2))
	_, err = f.Exec(t.Context(), probe)
	require.NoError(t, err)
}

func TestOpenClusterReach(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	_, err := clickhouse.OpenCluster(t.Context(), b.Config(1), "nowhere")
	require.ErrorContains(t, err, `knows no cluster "nowhere"`)

	// All by name, the first of them as the entry.
	c := b.Config(2)
	for _, n := range b.Nodes {
		c.Hosts = append(c.Hosts, n.Addr)
	}
	f, err := clickhouse.OpenCluster(t.Context(), c, b.Name)
	require.NoError(t, err)
	_, err = f.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.NoError(t, err)
	require.NoError(t, f.Close())

	if b.Nodes[0].HTTPAddr == "" {
		return
	}
	c = clickhouse.Config{Driver: clickhouse.HTTP, Hosts: []string{b.Nodes[0].HTTPAddr}, User: b.User, Password: b.Password}
	_, err = clickhouse.OpenCluster(t.Context(), c, b.Name)
	require.ErrorContains(t, err, "name each under hosts", "one port cannot be that of three hosts on one machine")
	c.Hosts = nil
	for _, n := range b.Nodes {
		c.Hosts = append(c.Hosts, n.HTTPAddr)
	}
	f, err = clickhouse.OpenCluster(t.Context(), c, b.Name)
	require.NoError(t, err)
	_, err = f.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestFleetOfEmbedded(t *testing.T) {
	c := bedtest.Embedded(t, 2)
	f, err := clickhouse.OpenCluster(t.Context(), c.Config(1), c.Name)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Exec(t.Context(), adapters.Statement{SQL: "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a"})
	require.NoError(t, err)
	facts, outcomes := f.ReadHostFacts(t.Context())
	require.Equal(t, []adapters.HostState{"done", "done"}, states(outcomes), "%v", outcomes)
	for i, h := range facts {
		require.Equal(t, fmt.Sprintf("%02d", i+1), h.Macros["shard"])
		require.Equal(t, adapters.KeeperNone, h.Keeper)
		require.Equal(t, "Atomic", h.DatabaseEngine)
		require.Equal(t, "Atomic", h.DatabaseEngines["default"])
		require.NotEmpty(t, h.Disks)
		require.NotZero(t, h.Disks[0].Free)
		require.Empty(t, h.Replicas)
		require.Less(t, h.ClockAhead.Abs(), h.ClockError+100*time.Millisecond)
	}
	_, err = adapters.WaitReplicas(t.Context(), f, adapters.Relation{Database: "default", Name: "t"})
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
}

func TestHostFacts(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleet(t, b)
	table := b.Database(t) + ".t"
	_, err := ddl(t, f, s, server, 0, "CREATE TABLE %s ON CLUSTER %s (a UInt64) ENGINE = ReplicatedMergeTree('%s', '{replica}') ORDER BY a",
		table, b.Name, bedtest.KeeperPath("t"))
	require.NoError(t, err)
	facts, outcomes := f.ReadHostFacts(t.Context())
	require.Equal(t, []adapters.HostState{"done", "done", "done"}, states(outcomes), "%v", outcomes)
	for i, h := range facts {
		require.Equal(t, server.Version, h.Server.Version)
		require.Equal(t, fmt.Sprintf("r%d", i+1), h.Macros["replica"])
		require.NotEmpty(t, h.HostName)
		require.Equal(t, adapters.KeeperReachable, h.Keeper)
		require.Equal(t, "Ordinary", h.DatabaseEngine)
		require.Empty(t, h.ReadOnly())
		require.Zero(t, h.Lag())
		require.NotEmpty(t, h.Replicas)
		require.Less(t, h.ClockAhead.Abs(), h.ClockError+100*time.Millisecond)
	}
	require.NoError(t, m.CutKeeper(2))
	require.NoError(t, m.Kill(3))
	require.Eventually(t, func() bool {
		facts, outcomes = f.ReadHostFacts(t.Context())
		return facts[1].Keeper == adapters.KeeperLost && len(facts[1].ReadOnly()) > 0 &&
			facts[0].Uptime > 0 && facts[0].Uptime < time.Hour
	}, time.Minute, 20*time.Millisecond)
	require.Error(t, facts[1].KeeperErr)
	require.Equal(t, adapters.KeeperReachable, facts[0].Keeper)
	require.Equal(t, []adapters.HostState{"done", "done", "unreached"}, states(outcomes))
}

// bounded is a context for what must not end by itself.
func bounded(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
