package clustertest

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/materialize"
)

// newEmbeddedShop is a shop on two embedded engines, each a shard, that get
// each statement directly: a current server, with EXCHANGE and UUIDs, without
// Keeper.
func newEmbeddedShop(t testing.TB) *shop {
	c := bedtest.Embedded(t, 2)
	b := &bedtest.Bed{Layout: bed.Layout{Shards: 2, Replicas: 1}, Name: c.Name, Nodes: c.Nodes, User: c.User, Password: c.Password}
	a, err := clickhouse.Open(t.Context(), b.Config(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	s := &shop{t: t, bed: b, database: "shop", cluster: c.Name, adapter: a, ddl: 10 * time.Second, wait: 30 * time.Second, perHost: true}
	for n := range b.Nodes {
		b.Exec(t, n+1, "CREATE DATABASE shop")
	}
	return s
}

func TestShardsOnCurrentServers(t *testing.T) {
	s := newEmbeddedShop(t)
	s.first()
	locals := s.read("orders_local")
	for n := 2; n <= 12; n++ {
		r, err := s.build(s.orders(), generation(n))
		require.NoError(t, err)
		require.Empty(t, r.Warnings)
		require.EqualValues(t, 1000, r.Rows)
	}
	polls, missing := locals.whole()
	require.Greater(t, polls, 20)
	require.Zero(t, missing, "EXCHANGE leaves no moment without a table")
	s.converged(13)
}

// TestCrashesOnCurrentServers ends chmod after each step.
func TestCrashesOnCurrentServers(t *testing.T) {
	s := newEmbeddedShop(t)
	s.first()
	for _, k := range s.boundaries() {
		i := s.begin()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := materialize.Apply(t.Context(), i.cluster, i.plan(s.orders(), generation(2*k)), at(k, runtime.Goexit))
			t.Errorf("step %d was not the end: %v", k, err)
		}()
		<-done
		s.converged(2*k + 1)
	}
}
