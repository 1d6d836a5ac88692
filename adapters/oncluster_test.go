package adapters_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/record"
)

func TestOnClusterDone(t *testing.T) {
	b := bedtest.Open(t, "2x2")
	f, s, server := fleet(t, b)
	outcome, err := ddl(t, f, s, server, 0, "CREATE TABLE %s.t ON CLUSTER %s (a UInt8) ENGINE = Memory", b.Database(t), b.Name)
	require.NoError(t, err)
	require.Equal(t, []adapters.HostState{"done", "done", "done", "done"}, states(outcome.Hosts))
	for i, o := range outcome.Hosts {
		require.Equal(t, f.Cluster().Hosts[i], o.Host)
		require.NoError(t, o.Err)
	}
	require.NotEmpty(t, outcome.Summary.QueryID)
}

func TestOnClusterOneHostFails(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	f, s, server := fleet(t, b)
	db := b.Database(t)
	b.Exec(t, 2, "CREATE TABLE "+db+".t (a UInt8) ENGINE = Memory")
	outcome, err := ddl(t, f, s, server, 0, "CREATE TABLE %s.t ON CLUSTER %s (a UInt8) ENGINE = Memory", db, b.Name)
	require.Equal(t, []adapters.HostState{"done", "failed", "done"}, states(outcome.Hosts), "%v", err)
	require.Equal(t, adapters.ClassExists, adapters.ClassOf(err))
	var e *adapters.ServerError
	require.ErrorAs(t, outcome.Hosts[1].Err, &e)
	require.Equal(t, 57, e.Code)
	require.Contains(t, e.Message, "already exists")
	require.NotContains(t, e.Message, "DB::")
	// The session goes on.
	_, err = ddl(t, f, s, server, 0, "DROP TABLE %s.t ON CLUSTER %s", db, b.Name)
	require.NoError(t, err)
}

func TestOnClusterWholeStatementFails(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	f, s, server := fleet(t, b)
	for sql, class := range map[string]adapters.Class{
		"CREATE TABLE x ON CLUSTER " + b.Name:                                 adapters.ClassSyntax,
		"CREATE TABLE default.x ON CLUSTER nowhere (a UInt8) ENGINE = Memory": adapters.ClassMissing,
	} {
		outcome, err := ddl(t, f, s, server, 0, "%s", sql)
		require.Equal(t, class, adapters.ClassOf(err), "%v", err)
		require.Nil(t, adapters.OutcomesOf(err))
		require.Equal(t, []adapters.HostState{"unknown", "unknown", "unknown"}, states(outcome.Hosts))
	}
}

// TestOnClusterFinishesLater has a host that is down, and then comes back and
// does what it was told.
func TestOnClusterFinishesLater(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleet(t, b)
	db := b.Database(t)
	b.Exec(t, 2, "CREATE TABLE "+db+".t (a UInt8) ENGINE = Memory")
	require.NoError(t, m.Kill(3))
	outcome, err := ddl(t, f, s, server, time.Second, "CREATE TABLE %s.t ON CLUSTER %s (a UInt8) ENGINE = Memory", db, b.Name)
	require.Equal(t, []adapters.HostState{"done", "failed", "pending"}, states(outcome.Hosts), "%v", err)
	require.Equal(t, adapters.ClassExists, adapters.ClassOf(err), "a failure beats a wait: %v", err)
	require.NotEmpty(t, outcome.Task)

	late, err := adapters.AwaitTask(bounded(t, 100*time.Millisecond), s, server, f.Cluster(), outcome.Task)
	require.Error(t, err)
	require.NotContains(t, states(late), adapters.HostUnreached)

	require.NoError(t, m.StartNode(t.Context(), 3))
	late, err = adapters.AwaitTask(t.Context(), s, server, f.Cluster(), outcome.Task)
	require.Equal(t, []adapters.HostState{"done", "failed", "done"}, states(late), "%v", err)
	require.Equal(t, adapters.ClassExists, adapters.ClassOf(err))
	require.Len(t, b.Rows(t, 3, "SELECT 1 FROM system.tables WHERE database = '"+db+"'"), 1)
}

func TestOnClusterDeadHost(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleetOf(t, b, m.Dead)
	start := time.Now()
	outcome, err := ddl(t, f, s, server, time.Second, "CREATE TABLE %s.t ON CLUSTER %s (a UInt8) ENGINE = Memory", b.Database(t), m.Dead)
	require.Equal(t, []adapters.HostState{"done", "pending"}, states(outcome.Hosts), "%v", err)
	require.Equal(t, adapters.ClassTimeout, adapters.ClassOf(err))
	require.Less(t, time.Since(start), 30*time.Second)
}

// TestOnClusterGivenUp ends a wait before its time, in two ways. What was told
// before is not lost.
func TestOnClusterGivenUp(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleetOf(t, b, m.Dead)
	db := b.Database(t)
	statement := func(table string) adapters.OnCluster {
		return adapters.OnCluster{
			Statement: adapters.Statement{SQL: "CREATE TABLE " + db + "." + table + " ON CLUSTER " + m.Dead + " (a UInt8) ENGINE = Memory"},
			Cluster:   f.Cluster(), Patience: time.Minute,
		}
	}
	outcome, err := adapters.ExecOnCluster(bounded(t, time.Second), s, server, statement("t"))
	require.Equal(t, []adapters.HostState{"done", "unknown"}, states(outcome.Hosts), "%v", err)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	ended := make(chan error, 1)
	go func() {
		var err error
		outcome, err = adapters.ExecOnCluster(t.Context(), s, server, statement("u"))
		ended <- err
	}()
	require.Eventually(t, func() bool {
		return len(b.Rows(t, 1, "SELECT 1 FROM system.tables WHERE database = '"+db+"' AND name = 'u'")) == 1
	}, time.Minute, 20*time.Millisecond)
	require.NoError(t, m.Kill(1))
	err = <-ended
	require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
	require.Equal(t, adapters.HostUnknown, outcome.Hosts[1].State)
}

func TestOnClusterWithoutKeeper(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleet(t, b)
	require.NoError(t, m.KillKeeper())
	_, err := ddl(t, f, s, server, time.Second, "CREATE DATABASE IF NOT EXISTS bed_probe ON CLUSTER %s", b.Name)
	require.Equal(t, adapters.ClassReadOnly, adapters.ClassOf(err), "%v", err)
	require.Nil(t, adapters.OutcomesOf(err))
}

// TestOnClusterHTTP is about an old server that tells over HTTP of the first
// failure alone.
func TestOnClusterHTTP(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	b.Machines(t) // whose HTTP ports are known
	f, _, server := fleet(t, b)
	a, err := clickhouse.Open(t.Context(), clickhouse.Config{
		Driver: clickhouse.HTTP, Hosts: []string{b.Nodes[0].HTTPAddr}, User: b.User, Password: b.Password,
	})
	require.NoError(t, err)
	defer a.Close()
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	db := b.Database(t)
	b.Exec(t, 2, "CREATE TABLE "+db+".t (a UInt8) ENGINE = Memory")
	outcome, err := ddl(t, f, s, server, 0, "CREATE TABLE %s.t ON CLUSTER %s (a UInt8) ENGINE = Memory", db, b.Name)
	require.Equal(t, []adapters.HostState{"unknown", "failed", "unknown"}, states(outcome.Hosts), "%v", err)
	require.Equal(t, adapters.ClassExists, adapters.ClassOf(err))
	outcome, err = ddl(t, f, s, server, 0, "DROP TABLE %s.t ON CLUSTER %s", db, b.Name)
	require.NoError(t, err)
	require.Equal(t, []adapters.HostState{"done", "done", "done"}, states(outcome.Hosts))
}

// TestOnClusterModern is what a server of these days answers, which throws
// nothing and leaves out what it does not know.
func TestOnClusterModern(t *testing.T) {
	server := adapters.Server{Version: adapters.Version{Major: 25, Minor: 3, Text: "25.3"}}
	cluster := adapters.Cluster{Name: "c", Hosts: []adapters.Host{
		{Shard: 1, Replica: 1, Host: "a", Port: 9000}, {Shard: 1, Replica: 2, Host: "b", Port: 9000}, {Shard: 1, Replica: 3, Host: "d", Port: 9000},
	}}
	a := record.New(server, nil)
	a.OnMatch("^DROP").Rows([]string{"host", "port", "status", "error", "num_hosts_remaining", "num_hosts_active"},
		[]any{"b", uint16(9000), int64(60), "Code: 60. DB::Exception: Table x does not exist. (UNKNOWN_TABLE) (version 25.3.1)", uint64(2), uint64(0)},
		[]any{"a", uint16(9000), int64(0), "", uint64(1), uint64(0)},
		[]any{"d", uint16(9000), nil, nil, uint64(1), uint64(0)},
	)
	a.OnMatch(`^SELECT max\(entry\)`).Rows([]string{"max(entry)"}, []any{"query-0000000007"})
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	outcome, err := adapters.ExecOnCluster(t.Context(), s, server, adapters.OnCluster{
		Statement: adapters.Statement{SQL: "DROP TABLE x ON CLUSTER c"}, Cluster: cluster, Patience: 1500 * time.Millisecond,
	})
	require.Equal(t, []adapters.HostState{"done", "failed", "pending"}, states(outcome.Hosts), "%v", err)
	require.Equal(t, "query-0000000007", outcome.Task)
	require.EqualError(t, outcome.Hosts[1].Err, "ClickHouse error 60 (UNKNOWN_TABLE): Table x does not exist.")
	sent := a.Recorded()[0]
	require.Equal(t, map[string]any{"distributed_ddl_task_timeout": 2, "distributed_ddl_output_mode": "never_throw"}, sent.Settings)
	require.NotEmpty(t, sent.Comment)

	a.OnMatch("system.distributed_ddl_queue WHERE entry = 'query-0000000007'").Rows([]string{"host", "port", "code", "text"},
		[]any{"a", uint16(9000), int64(0), ""}, []any{"b", uint16(9000), int64(60), "gone"}, []any{"d", uint16(9000), int64(0), ""},
	)
	late, err := adapters.AwaitTask(t.Context(), s, server, cluster, outcome.Task)
	require.Equal(t, []adapters.HostState{"done", "failed", "done"}, states(late))
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err))
}

// TestDDLQueueColumns is for a current server, which cannot be a cluster here,
// to read what we would ask one.
func TestDDLQueueColumns(t *testing.T) {
	c := bedtest.Embedded(t, 1)
	a, err := clickhouse.Open(t.Context(), c.Config(1))
	require.NoError(t, err)
	defer a.Close()
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	defer s.Close()
	said := &asked{Session: s}
	_, err = adapters.TaskOutcomes(t.Context(), said, a.Server(), adapters.Cluster{}, "/task/query-1")
	require.NotEqual(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
	for _, sql := range said.sql {
		_, err := adapters.DescribeQuery(t.Context(), s, sql, nil)
		require.NoError(t, err, sql)
	}
	require.NotEmpty(t, said.sql)
}

// asked notes what a session is asked.
type asked struct {
	adapters.Session
	sql []string
}

func (a *asked) Query(ctx context.Context, st adapters.Statement) (*adapters.Table, adapters.Summary, error) {
	a.sql = append(a.sql, st.SQL)
	return a.Session.Query(ctx, st)
}
