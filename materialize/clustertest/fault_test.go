package clustertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/materialize"
)

// fault is something that goes wrong with a cluster while a model is built.
type fault struct {
	name string // as the page calls it
	// node is the one it happens to; 0 is the last.
	node int
	// layouts are where it is tried; all when empty.
	layouts []string
	// disk says that it takes a node with a small disk.
	disk    bool
	require materialize.Require
	strike  func(s *struck) error
	// mend undoes it, before the cluster is healed.
	mend func(s *struck) error
	// quick says that it is tried in every test run, at one step.
	quick bool
}

// struck is a cluster that a fault strikes.
type struck struct {
	*shop
	m    *bed.Cluster
	node int
	// later is what still happens by itself.
	later sync.WaitGroup
	err   error // of it
}

// after does something some time from now, as cron jobs and people do.
func (s *struck) after(d time.Duration, do func(context.Context) error) {
	s.later.Go(func() {
		time.Sleep(d)
		s.err = do(context.Background())
	})
}

func faults() []fault {
	freeing := func(s *struck) error { return s.m.FreeDisk(s.node) }
	return []fault{
		{
			name:   "a replica is killed, and back after the run",
			strike: func(s *struck) error { return s.m.Kill(s.node) },
		},
		{
			name: "the connected host is killed, and back after the run", node: 1, quick: true,
			strike: func(s *struck) error { return s.m.Kill(s.node) },
		},
		{
			name:   "a replica fetches nothing until the run is over",
			strike: (*struck).stale,
		},
		{
			name: "the same, `require: quorum`", layouts: []string{"1x3"}, require: materialize.RequireQuorum,
			strike: (*struck).stale,
		},
		{
			name: "distributed statements time out: a replica's queue is busy for 3 seconds", quick: true,
			strike: func(s *struck) error { return s.m.OccupyQueue(s.t.Context(), s.node, 3*time.Second) },
		},
		{
			name:   "the same, for 10 seconds",
			strike: func(s *struck) error { return s.m.OccupyQueue(s.t.Context(), s.node, 10*time.Second) },
		},
		{
			name:   "a replica hangs until the run is over",
			strike: func(s *struck) error { return s.m.Freeze(s.node) },
		},
		{
			name: "Keeper is gone for 3 seconds",
			strike: func(s *struck) error {
				s.after(3*time.Second, s.m.StartKeeper)
				return s.m.KillKeeper()
			},
		},
		{
			name:   "Keeper is gone until the run is over",
			strike: func(s *struck) error { return s.m.KillKeeper() },
		},
		{
			name:   "a replica loses Keeper until the run is over",
			strike: func(s *struck) error { return s.m.CutKeeper(s.node) },
		},
		{
			name: "a replica's tables are read-only until the run is over",
			strike: func(s *struck) error {
				if err := s.m.CutKeeper(s.node); err != nil {
					return err
				}
				return s.untilReadOnly()
			},
		},
		{
			name: "a replica's disk is full until the run is over", disk: true,
			strike: func(s *struck) error { return s.m.FillDisk(s.node) },
			mend:   freeing,
		},
	}
}

// stale stops the node's fetches. On shards nobody knows which replica will be
// written to and has nothing to fetch, so it stops those of the whole shard.
func (s *struck) stale() error {
	for n, node := range s.bed.Nodes {
		if n+1 != s.node && (s.bed.Shards == 1 || node.Shard != s.bed.Nodes[s.node-1].Shard) {
			continue
		}
		if err := s.m.PauseFetches(s.t.Context(), n+1); err != nil {
			return err
		}
	}
	return nil
}

// untilReadOnly waits until the node has learned that its session is over.
func (s *struck) untilReadOnly() error {
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		text, err := s.m.Ask(ctx, s.node, "SELECT count() FROM system.replicas WHERE database = '"+s.database+"' AND NOT is_readonly")
		if err != nil {
			return err
		}
		if text == "0\n" {
			return nil
		}
	}
	return errors.New("the tables did not become read-only")
}

// mended undoes what a fault did.
func (s *struck) mended(f fault) error {
	s.later.Wait()
	if s.err != nil {
		return fmt.Errorf("what was to happen by itself: %w", s.err)
	}
	if f.mend != nil {
		if err := f.mend(s); err != nil {
			return err
		}
	}
	return s.m.Heal(s.t.Context())
}
