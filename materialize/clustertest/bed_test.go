// Package clustertest proves plans for clusters on real ones, while readers
// watch and hosts are taken away.
package clustertest

import (
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

func TestMain(m *testing.M) { os.Exit(bedtest.Run(m)) }

// shop is a database of a cluster to build in.
type shop struct {
	t        testing.TB
	bed      *bedtest.Bed
	database string
	// cluster is the one that models are built on; adapter is to its node 1.
	cluster string
	adapter *clickhouse.Adapter
	require materialize.Require
	perHost bool
	ddl     time.Duration
	wait    time.Duration
	// generations are how many were announced.
	generations uint64
}

func newShop(t testing.TB, layout string) *shop {
	return newShopOn(t, bedtest.Open(t, layout))
}

func newShopOn(t testing.TB, b *bedtest.Bed) *shop {
	return &shop{
		t: t, bed: b, database: b.Database(t), cluster: b.Name, adapter: b.Adapter(t, 1),
		ddl: 10 * time.Second, wait: 30 * time.Second,
	}
}

// invocation is one run of the program: what it has found out about the
// cluster.
type invocation struct {
	*shop
	id       materialize.Invocation
	cluster  *materialize.Cluster
	state    *materialize.State
	topology materialize.Topology
}

// begin looks at the cluster, as a run does before its nodes.
func (s *shop) begin() *invocation {
	s.t.Helper()
	config := s.bed.Config(1)
	config.Settings = materialize.SessionSettings
	fleet, err := clickhouse.OpenCluster(s.t.Context(), config, s.cluster)
	require.NoError(s.t, err)
	c, err := materialize.NewCluster(s.t.Context(), s.adapter, map[string]*adapters.Fleet{s.cluster: fleet})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { require.NoError(s.t, c.Close()) })
	i := &invocation{
		shop: s, cluster: c,
		id: materialize.Invocation{ID: uuid.New(), StartedAt: time.Now(), Host: uuid.NewString(), PID: os.Getpid()},
		topology: materialize.Topology{
			Cluster: s.cluster, Clusters: c.Hosts(), PerHost: s.perHost, Require: s.require, DDLWait: s.ddl, ReplicaWait: s.wait,
		},
	}
	if !s.perHost {
		require.NoError(s.t, c.Settle(s.t.Context(), s.cluster, s.database, "", s.ddl))
	}
	i.look()
	return i
}

// look reads what the hosts hold. Invocations that are over by now are dead:
// each has a host of its own, and nobody is to wait a day for that to show.
func (i *invocation) look() {
	local, err := i.adapter.Catalog(i.t.Context(), []string{i.database})
	require.NoError(i.t, err)
	hosts, err := i.cluster.Catalogs(i.t.Context(), []string{i.database})
	require.NoError(i.t, err)
	i.state = materialize.ObserveCluster(local, hosts, materialize.Liveness{Invocation: i.id, Now: time.Now(), MaxAge: time.Millisecond})
}

// model is a model of the shop with config as names and values in turn.
func (s *shop) model(name string, config ...any) *manifest.Node {
	return &manifest.Node{
		UniqueID: "model.shop." + name, Name: name, ResourceType: manifest.Model, Schema: s.database, Alias: name,
		Config: manifest.NewConfig(value.DictOf(config...), nil), Span: source.Span{File: source.New(name+".sql", "", "")},
	}
}

func (i *invocation) plan(n *manifest.Node, sql string) *materialize.Plan {
	i.t.Helper()
	plan, err := materialize.New(materialize.Input{
		Node: n, SQL: sql, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id,
	})
	require.NoError(i.t, err)
	return plan
}

// build is one run of one model.
func (s *shop) build(n *manifest.Node, sql string) (*materialize.Result, error) {
	s.t.Helper()
	i := s.begin()
	return materialize.Apply(s.t.Context(), i.cluster, i.plan(n, sql), nil)
}

// everywhere runs a query on every node and returns what each answers.
func (s *shop) everywhere(sql string) [][][]any {
	s.t.Helper()
	var all [][][]any
	for n := range s.bed.Nodes {
		all = append(all, s.bed.Rows(s.t, n+1, sql))
	}
	return all
}

// tables are the names in the database on a node.
func (s *shop) tables(n int) []string {
	s.t.Helper()
	var names []string
	for _, row := range s.bed.Rows(s.t, n, "SELECT name FROM system.tables WHERE database = '"+s.database+"' ORDER BY name") {
		names = append(names, row[0].(string))
	}
	return names
}
