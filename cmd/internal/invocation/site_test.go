package invocation

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/materialize"
)

// site is where a depot stands: one server, or a cluster.
type site struct {
	database string
	servers  []adapters.Adapter
	// profile is how a project reaches it.
	profile string
	shards  int // 0 for one server
	// passed is how many seconds later it is than the servers believe; nil where
	// what they have written can be made older instead.
	passed *atomic.Int64
}

func (s *site) clustered() bool { return s.shards > 0 }

// engineSite is the embedded engine.
func engineSite(t *testing.T) *site {
	server := enginetest.Server(t)
	s := &site{database: enginetest.Database(t), profile: profileOf(server.Addr, server.User, server.Password)}
	s.open(t, clickhouse.Config{Hosts: []string{server.Addr}, User: server.User, Password: server.Password, Embedded: true})
	return s
}

// bedSite is a cluster of old servers.
func bedSite(t *testing.T, layout string) *site {
	b := bedtest.Open(t, layout)
	s := &site{database: b.Database(t), shards: b.Shards, passed: &atomic.Int64{}}
	s.profile = profileOf(b.Nodes[0].Addr, b.User, b.Password) + ", cluster: " + b.Name
	for n := range b.Nodes {
		s.open(t, b.Config(n+1))
	}
	return s
}

func profileOf(address, user, password string) string {
	host, port, _ := net.SplitHostPort(address)
	return fmt.Sprintf("type: clickhouse, driver: native, host: %s, port: %s, user: %s, password: %q", host, port, user, password)
}

func (s *site) open(t *testing.T, c clickhouse.Config) {
	c.Settings = materialize.SessionSettings
	a, err := clickhouse.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	s.servers = append(s.servers, a)
}

// settled waits until replicas have what others have.
func (d *depot) settled() {
	if !d.clustered() {
		return
	}
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	for n, server := range d.servers {
		s, err := server.Session(ctx)
		require.NoError(d.t, err)
		for _, row := range d.on(n, "SELECT table FROM system.replicas WHERE database = '"+d.database+"'") {
			_, err := s.Exec(ctx, adapters.Statement{SQL: "SYSTEM SYNC REPLICA " + d.database + "." + adapters.QuoteIdent(row[0].(string))})
			require.NoError(d.t, err)
		}
		require.NoError(d.t, s.Close())
	}
}
