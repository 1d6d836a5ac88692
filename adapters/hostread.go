package adapters

import (
	"context"
	"fmt"
	"time"
)

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
	var err error
	f.Replicas, err = replicaFacts(ctx, s, "")
	return err
}

// replicaFacts are those of the tables that meet a condition.
func replicaFacts(ctx context.Context, s Session, where string) ([]ReplicaFacts, error) {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT database, table, zookeeper_path, replica_name, toUInt8(is_readonly OR is_session_expired)," +
		" toUInt64(absolute_delay), toUInt32(queue_size), toUInt32(inserts_in_queue) FROM system.replicas" + where + " ORDER BY database, table"})
	if err != nil {
		return nil, err
	}
	facts := make([]ReplicaFacts, len(table.Rows))
	for i, row := range table.Rows {
		r := &facts[i]
		var readOnly uint8
		var delay uint64
		if err := assign(row, &r.Database, &r.Name, &r.Path, &r.Replica, &readOnly, &delay, &r.Queue, &r.ToFetch); err != nil {
			return nil, fmt.Errorf("system.replicas: %w", err)
		}
		r.ReadOnly, r.Lag = readOnly != 0, time.Duration(delay)*time.Second
	}
	return facts, nil
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
