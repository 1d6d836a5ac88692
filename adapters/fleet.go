package adapters

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Fleet is all hosts of a cluster, each reached directly and not through
// another. It may be used concurrently.
type Fleet struct {
	cluster Cluster
	open    func(context.Context, Host) (Adapter, error)
	members []*member // as cluster.Hosts
}

// member is one host, connected to when it is first needed and, should that
// fail, whenever it is needed again.
type member struct {
	mutex   sync.Mutex
	adapter Adapter
}

// NewFleet makes a fleet of a cluster's hosts and connects to none yet.
func NewFleet(c Cluster, open func(context.Context, Host) (Adapter, error)) *Fleet {
	f := &Fleet{cluster: c, open: open, members: make([]*member, len(c.Hosts))}
	for i := range f.members {
		f.members[i] = &member{}
	}
	return f
}

// Through is a fleet of the same hosts that puts something around each of its
// connections.
func (f *Fleet) Through(around func(Adapter) Adapter) *Fleet {
	return NewFleet(f.cluster, func(ctx context.Context, h Host) (Adapter, error) {
		a, err := f.open(ctx, h)
		if err != nil {
			return nil, err
		}
		return around(a), nil
	})
}

// Cluster is the fleet's cluster.
func (f *Fleet) Cluster() Cluster { return f.cluster }

// On is the connection to one host of the cluster. The fleet closes it.
func (f *Fleet) On(ctx context.Context, h Host) (Adapter, error) {
	if i := f.index(h); i >= 0 {
		return f.on(ctx, i)
	}
	return nil, fmt.Errorf("cluster %s has no replica %d in a shard %d", f.cluster.Name, h.Replica, h.Shard)
}

// index is a host's place in the cluster, -1 when it has none.
func (f *Fleet) index(h Host) int {
	return slices.IndexFunc(f.cluster.Hosts, func(known Host) bool {
		return known.Shard == h.Shard && known.Replica == h.Replica
	})
}

func (f *Fleet) on(ctx context.Context, i int) (Adapter, error) {
	m := f.members[i]
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.adapter != nil {
		return m.adapter, nil
	}
	a, err := f.open(ctx, f.cluster.Hosts[i])
	if err != nil {
		return nil, err
	}
	m.adapter = a
	return a, nil
}

// Each runs f with a session on each host, on all of them at once, and tells
// how it went in the cluster's order. A host that nobody answered on is
// HostUnreached; where the connection was lost it is HostUnknown.
func (f *Fleet) Each(ctx context.Context, do func(context.Context, Host, Session) error) []HostOutcome {
	outcomes := make([]HostOutcome, len(f.members))
	var all sync.WaitGroup
	for i, h := range f.cluster.Hosts {
		all.Go(func() {
			outcomes[i] = f.one(ctx, i, do)
			outcomes[i].Host = h
		})
	}
	all.Wait()
	return outcomes
}

func (f *Fleet) one(ctx context.Context, i int, do func(context.Context, Host, Session) error) HostOutcome {
	a, err := f.on(ctx, i)
	if err != nil {
		return HostOutcome{State: HostUnreached, Err: err}
	}
	s, err := a.Session(ctx)
	if err != nil {
		return HostOutcome{State: HostUnreached, Err: err}
	}
	err = do(ctx, f.cluster.Hosts[i], s)
	// What was done is done; a connection that does not close well is not kept.
	_ = s.Close()
	var server *ServerError
	switch {
	case err == nil:
		return HostOutcome{State: HostDone}
	case errors.As(err, &server) && server.Unsent:
		return HostOutcome{State: HostUnreached, Err: err}
	case ctx.Err() != nil, ClassOf(err) == ClassNetwork, ClassOf(err) == ClassCancelled:
		return HostOutcome{State: HostUnknown, Err: err}
	}
	return HostOutcome{State: HostFailed, Err: err}
}

// Exec runs one statement on each host. The error is nil when all are done, and
// a *HostsError otherwise.
func (f *Fleet) Exec(ctx context.Context, st Statement) ([]HostOutcome, error) {
	outcomes := f.Each(ctx, func(ctx context.Context, _ Host, s Session) error {
		_, err := s.Exec(ctx, st)
		return err
	})
	return outcomes, outcomesError(outcomes)
}

// Query asks each host the same. A host's table is nil unless it is done.
func (f *Fleet) Query(ctx context.Context, st Statement) ([]*Table, []HostOutcome) {
	tables := make([]*Table, len(f.members))
	outcomes := f.Each(ctx, func(ctx context.Context, h Host, s Session) error {
		table, _, err := s.Query(ctx, st)
		if err == nil {
			tables[f.index(h)] = table
		}
		return err
	})
	return tables, outcomes
}

// Close closes all connections. It is idempotent.
func (f *Fleet) Close() error {
	var errs []error
	for _, m := range f.members {
		m.mutex.Lock()
		if m.adapter != nil {
			errs = append(errs, m.adapter.Close())
		}
		m.mutex.Unlock()
	}
	return errors.Join(errs...)
}
