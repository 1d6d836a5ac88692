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
	ReadOnly bool // also while Keeper is lost
	// Lag is by how much the replica is behind, 0 when it is not.
	Lag time.Duration
	// Queue is how many entries of the log it has still to work on.
	Queue uint32
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

func (f *HostFacts) readSelf(ctx context.Context, s Session) error {
	row, err := oneRow(ctx, s, "SELECT hostName(), toUInt64(uptime())")
	if err != nil {
		return err
	}
	var seconds uint64
	if err := assign(row, &f.HostName, &seconds); err != nil {
		return err
	}
	f.Uptime = time.Duration(seconds) * time.Second
	return nil
}

// readClock compares clocks as of the middle of a question's way there and
// back. Old servers only know whole seconds.
func (f *HostFacts) readClock(ctx context.Context, s Session) error {
	sql, unit, precise := "SELECT toInt64(toUnixTimestamp(now()))", time.Second, f.Server.Version.AtLeast(21, 1)
	if precise {
		sql, unit = "SELECT toInt64(toUnixTimestamp64Micro(now64(6)))", time.Microsecond
	}
	start := time.Now()
	row, err := oneRow(ctx, s, sql)
	if err != nil {
		return err
	}
	way := time.Since(start)
	var ticks int64
	if err := assign(row, &ticks); err != nil {
		return err
	}
	theirs := time.Unix(0, ticks*int64(unit)).Add(unit / 2)
	f.ClockAhead = theirs.Sub(start.Add(way / 2))
	f.ClockError = (way + unit) / 2
	return nil
}

func (f *HostFacts) readMacros(ctx context.Context, s Session) error {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT macro, substitution FROM system.macros"})
	if err != nil {
		return err
	}
	f.Macros, err = pairs(table)
	return err
}

// readReplicas leaves out the columns for which a server asks Keeper.
func (f *HostFacts) readReplicas(ctx context.Context, s Session) error {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT database, table, toUInt8(is_readonly OR is_session_expired)," +
		" toUInt64(absolute_delay), toUInt32(queue_size) FROM system.replicas ORDER BY database, table"})
	if err != nil {
		return err
	}
	for _, row := range table.Rows {
		var r ReplicaFacts
		var readOnly uint8
		var delay uint64
		if err := assign(row, &r.Database, &r.Name, &readOnly, &delay, &r.Queue); err != nil {
			return fmt.Errorf("system.replicas: %w", err)
		}
		r.ReadOnly, r.Lag = readOnly != 0, time.Duration(delay)*time.Second
		f.Replicas = append(f.Replicas, r)
	}
	return nil
}

func (f *HostFacts) readDisks(ctx context.Context, s Session) error {
	if !f.Server.Version.AtLeast(19, 15) {
		return nil
	}
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT name, toUInt64(free_space), toUInt64(total_space) FROM system.disks ORDER BY name"})
	if err != nil {
		return err
	}
	for _, row := range table.Rows {
		var d Disk
		if err := assign(row, &d.Name, &d.Free, &d.Total); err != nil {
			return fmt.Errorf("system.disks: %w", err)
		}
		f.Disks = append(f.Disks, d)
	}
	return nil
}

func (f *HostFacts) readDatabases(ctx context.Context, s Session) error {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT name, engine FROM system.databases"})
	if err != nil {
		return err
	}
	if f.DatabaseEngines, err = pairs(table); err != nil {
		return err
	}
	table, _, err = s.Query(ctx, Statement{SQL: "SELECT name, value FROM system.settings WHERE name = 'default_database_engine'"})
	if err != nil {
		return err
	}
	setting, err := pairs(table)
	if err != nil {
		return err
	}
	// Before there was the setting there was one engine.
	if f.DatabaseEngine = setting["default_database_engine"]; f.DatabaseEngine == "" {
		f.DatabaseEngine = "Ordinary"
	}
	return nil
}

// readKeeper comes last: a session may not survive the question.
func (f *HostFacts) readKeeper(ctx context.Context, s Session) error {
	asked, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, _, err := s.Query(asked, Statement{SQL: "SELECT count() FROM system.zookeeper WHERE path = '/'"})
	switch {
	case err == nil:
		f.Keeper = KeeperReachable
	case ctx.Err() != nil:
		return err
	case ClassOf(err) == ClassMissing: // the table
		f.Keeper = KeeperNone
	case ClassOf(err) == ClassAccess:
		return err
	default:
		f.Keeper, f.KeeperErr = KeeperLost, err
	}
	return nil
}

func oneRow(ctx context.Context, s Session, sql string) ([]any, error) {
	table, _, err := s.Query(ctx, Statement{SQL: sql})
	if err != nil {
		return nil, err
	}
	if len(table.Rows) != 1 {
		return nil, fmt.Errorf("%d rows instead of 1 from %s", len(table.Rows), sql)
	}
	return table.Rows[0], nil
}

// pairs reads a table of names and values.
func pairs(table *Table) (map[string]string, error) {
	m := make(map[string]string, len(table.Rows))
	for _, row := range table.Rows {
		var name, value string
		if err := assign(row, &name, &value); err != nil {
			return nil, err
		}
		m[name] = value
	}
	return m, nil
}
