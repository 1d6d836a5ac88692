package clustertest

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/retry"
	"github.com/chmod-sql/chmod/materialize"
)

// pinned begins an invocation that works on one host, node n if that is as good
// as any.
func (s *shop) pinned(n int) *invocation {
	s.t.Helper()
	i := s.begin()
	_, err := i.cluster.Pin(s.t.Context(), s.cluster, s.bed.Nodes[n-1].Addr, []string{s.database})
	require.NoError(s.t, err)
	return i
}

// TestReadsSeeWrites leaves a replica out that is the first of all, and then
// builds what reads from that model: in the same run, and in the next one.
func TestReadsSeeWrites(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.first()
	s.require, s.wait = materialize.RequireAvailable, 3*time.Second
	i := s.pinned(2)
	plan := i.plan(s.orders(), generation(2))
	staging := ""
	for _, step := range plan.Steps {
		if step.Replicas != nil && step.Replicas.Require != "" {
			staging = strings.ReplaceAll(step.Replicas.Table.String(), "`", "")
		}
	}
	result, err := materialize.Apply(t.Context(), i.cluster, plan, at(2, func() {
		require.NoError(t, m.PauseFetches(t.Context(), 1, staging))
	}))
	require.NoError(t, err)
	require.Len(t, result.Warnings, 1)
	require.Contains(t, result.Warnings[0].Error(), s.bed.Nodes[0].Addr)
	require.Equal(t, [][]any{{uint64(1000), uint64(1), uint64(1)}}, s.bed.Rows(t, 1, s.whole("orders")), "it was left out")

	below := s.model("below", "materialized", "table", "order_by", "id")
	sql := "SELECT id, generation FROM " + s.database + ".orders"
	result, err = materialize.Apply(t.Context(), i.cluster, i.plan(below, sql), nil)
	require.NoError(t, err)
	require.EqualValues(t, 1000, result.Rows)
	require.Equal(t, [][]any{{uint64(1000), uint64(2), uint64(2)}}, s.bed.Rows(t, 2, s.whole("below")))

	next := s.pinned(1)
	require.NotEqual(t, s.bed.Nodes[0].Addr, next.cluster.Home(), "it has an older generation than others")
	result, err = materialize.Apply(t.Context(), next.cluster, next.plan(below, sql), nil)
	require.NoError(t, err)
	require.Empty(t, result.Warnings)
	for n, rows := range s.everywhere(s.whole("below")) {
		require.Equal(t, [][]any{{uint64(1000), uint64(2), uint64(2)}}, rows, "node %d", n+1)
	}
	s.require = ""
	s.upToDate(3)
}

// upToDate brings the model up to date.
func (s *shop) upToDate(n int) {
	s.t.Helper()
	i := s.pinned(1)
	_, err := materialize.Apply(s.t.Context(), i.cluster, i.plan(s.orders(), generation(n)), nil)
	require.NoError(s.t, err)
	for node, rows := range s.everywhere(s.whole("orders")) {
		require.Equal(s.t, [][]any{{uint64(1000), uint64(n), uint64(n)}}, rows, "node %d", node+1)
	}
	require.Equal(s.t, s.bed.Nodes[0].Addr, s.pinned(1).cluster.Home(), "all are equal again")
}

// balancer leads each connection to the next of some addresses.
type balancer struct {
	listener net.Listener
	targets  []string
	mutex    sync.Mutex
	taken    int
}

func balance(t *testing.T, targets ...string) *balancer {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b := &balancer{listener: listener, targets: targets}
	t.Cleanup(func() { _ = listener.Close() })
	go b.serve()
	return b
}

func (b *balancer) serve() {
	for {
		from, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mutex.Lock()
		target := b.targets[b.taken%len(b.targets)]
		b.taken++
		b.mutex.Unlock()
		go func() {
			defer from.Close()
			to, err := net.Dial("tcp", target)
			if err != nil {
				return // as if nobody had answered
			}
			defer to.Close()
			go func() { _, _ = io.Copy(to, from) }() // an end of one way is that of the other
			_, _ = io.Copy(from, to)
		}()
	}
}

func (b *balancer) connections() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.taken
}

// TestBehindABalancer connects through one that leads to another node each
// time. What is built does not go through it.
func TestBehindABalancer(t *testing.T) {
	s := newShop(t, "1x3")
	var addresses []string
	for _, n := range s.bed.Nodes {
		addresses = append(addresses, n.Addr)
	}
	b := balance(t, addresses...)
	config := s.bed.Config(1)
	config.Hosts, config.Settings = []string{b.listener.Addr().String()}, materialize.SessionSettings
	adapter, err := clickhouse.Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, adapter.Close()) })
	s.adapter = adapter
	hosts := map[any]bool{}
	for n := 1; n <= 3; n++ {
		i := s.pinned(1)
		before := b.connections()
		_, err := materialize.Apply(t.Context(), i.cluster, i.plan(s.orders(), generation(n)), nil)
		require.NoError(t, err)
		session, err := i.cluster.Session(t.Context())
		require.NoError(t, err)
		table, _, err := session.Query(t.Context(), adapters.Statement{SQL: s.whole("orders")})
		require.NoError(t, err)
		require.Equal(t, [][]any{{uint64(1000), uint64(n), uint64(n)}}, table.Rows)
		table, _, err = session.Query(t.Context(), adapters.Statement{SQL: "SELECT substitution FROM system.macros WHERE macro = 'replica'"})
		require.NoError(t, err)
		hosts[table.Rows[0][0]] = true
		require.NoError(t, session.Close())
		require.Equal(t, before, b.connections())
	}
	require.Len(t, hosts, 1)
}

// busy refuses each third statement.
type busy struct {
	adapters.Adapter
	sent, refused atomic.Int64
}

func (b *busy) Session(ctx context.Context) (adapters.Session, error) {
	s, err := b.Adapter.Session(ctx)
	return &busySession{s, b}, err
}

type busySession struct {
	adapters.Session
	busy *busy
}

func (s *busySession) refuse() error {
	if s.busy.sent.Add(1)%3 != 0 {
		return nil
	}
	s.busy.refused.Add(1)
	return adapters.ExceptionOf(202, "Too many simultaneous queries")
}

func (s *busySession) Exec(ctx context.Context, st adapters.Statement) (adapters.Summary, error) {
	if err := s.refuse(); err != nil {
		return adapters.Summary{}, err
	}
	return s.Session.Exec(ctx, st)
}

func (s *busySession) Query(ctx context.Context, st adapters.Statement) (*adapters.Table, adapters.Summary, error) {
	if err := s.refuse(); err != nil {
		return nil, adapters.Summary{}, err
	}
	return s.Session.Query(ctx, st)
}

// TestPatientHost builds on a host that refuses statements for the moment, and
// then without it.
func TestPatientHost(t *testing.T) {
	s := newShop(t, "1x3")
	i := s.pinned(1)
	overwhelmed := &busy{}
	i.cluster.Patient(func(a adapters.Adapter) adapters.Adapter {
		overwhelmed.Adapter = a
		return retry.New(overwhelmed, retry.Policy{Retries: 2, Moves: true, Wait: func(int) time.Duration { return 0 }})
	})
	for n, name := range []string{"orders", "payments"} {
		require.Equal(t, s.bed.Nodes[n].Addr, i.cluster.Home())
		model := s.model(name, "materialized", "table", "order_by", "id")
		_, err := materialize.Apply(t.Context(), i.cluster, i.plan(model, generation(1)), nil)
		require.NoError(t, err)
		require.NotZero(t, overwhelmed.refused.Swap(0))
		require.Equal(t, [][]any{{uint64(1000), uint64(1), uint64(1)}}, s.bed.Rows(t, 3, s.whole(name)))
		i.cluster.Leave(i.cluster.Home(), errors.New("it is left out"))
	}
}
