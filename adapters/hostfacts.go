package adapters

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// KeeperState is a host's connection to ZooKeeper or ClickHouse Keeper.
type KeeperState string

// States of a host's connection to Keeper.
const (
	KeeperNone      KeeperState = "none" // the server is configured without
	KeeperReachable KeeperState = "reachable"
	KeeperLost      KeeperState = "lost"
)

// answerTime bounds each question about a host: without Keeper some are
// answered only when a session with it has timed out.
const answerTime = 5 * time.Second

// HostFacts are what one host says of itself. They are as of one moment.
type HostFacts struct {
	Server   Server
	HostName string // what the host calls itself
	Uptime   time.Duration
	Macros   map[string]string
	// ClockAhead is by how much the host's clock is ahead of ours, give or take
	// ClockError.
	ClockAhead, ClockError time.Duration
	Keeper                 KeeperState
	// KeeperErr says why Keeper is lost.
	KeeperErr error
	// Replicas are all replicated tables of the host, by database and name.
	Replicas []ReplicaFacts
	// Disks are empty on servers that do not tell, which are those before 19.15.
	Disks []Disk
	// DatabaseEngine is what CREATE DATABASE makes when it does not say.
	DatabaseEngine string
	// DatabaseEngines are those of the databases that there are.
	DatabaseEngines map[string]string
}

// ReplicaFacts are the state of one replicated table on one host.
type ReplicaFacts struct {
	Relation
	// Path is the table's in Keeper, Replica the host's name there.
	Path, Replica string
	ReadOnly      bool // also while Keeper is lost
	// Lag is by how much the replica is behind, 0 when it is not. A replica that
	// has never worked off its queue has no idea: it says so by very much.
	Lag time.Duration
	// Queue is how many entries of the log it has still to work on, ToFetch how
	// many of them are for parts that it lacks.
	Queue, ToFetch uint32
}

// Disk is one of a host's.
type Disk struct {
	Name        string
	Free, Total uint64 // bytes
}

// ReadOnly are the replicated tables that take no writes on the host.
func (f HostFacts) ReadOnly() []Relation {
	var tables []Relation
	for _, r := range f.Replicas {
		if r.ReadOnly {
			tables = append(tables, r.Relation)
		}
	}
	return tables
}

// Lag is that of the replica that is most behind.
func (f HostFacts) Lag() time.Duration {
	var most time.Duration
	for _, r := range f.Replicas {
		most = max(most, r.Lag)
	}
	return most
}

// Queue is how much all replicas of the host have still to work on, and how
// many parts they have to fetch.
func (f HostFacts) Queue() (entries, toFetch uint64) {
	for _, r := range f.Replicas {
		entries, toFetch = entries+uint64(r.Queue), toFetch+uint64(r.ToFetch)
	}
	return entries, toFetch
}

// ReadHostFacts asks a host about itself.
func ReadHostFacts(ctx context.Context, a Adapter) (HostFacts, error) {
	f := HostFacts{Server: a.Server()}
	s, err := a.Session(ctx)
	if err != nil {
		return f, err
	}
	for _, read := range []func(context.Context, Session) error{
		f.readSelf, f.readClock, f.readMacros, f.readReplicas, f.readDisks, f.readDatabases, f.readKeeper,
	} {
		if err = read(ctx, s); err != nil {
			break
		}
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return f, fmt.Errorf("ask a host about itself: %w", err)
	}
	return f, nil
}

// ReadHostFacts asks every host about itself. Facts are only of hosts that are
// done.
func (f *Fleet) ReadHostFacts(ctx context.Context) ([]HostFacts, []HostOutcome) {
	facts := make([]HostFacts, len(f.members))
	outcomes := f.Each(ctx, func(ctx context.Context, h Host, _ Session) error {
		i := f.index(h)
		a, err := f.on(ctx, i)
		if err != nil {
			return err
		}
		facts[i], err = ReadHostFacts(ctx, a)
		return err
	})
	return facts, outcomes
}
