package dbt

import (
	"context"
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// Replay runs statements as dbt would have on a cluster: one after the other on
// its first host, up to the first that fails.
type Replay struct {
	// Nodes are the cluster's hosts; dbt is connected to the first.
	Nodes []clickhouse.Config
	// DDLWait is the server's distributed_ddl_task_timeout.
	DDLWait time.Duration
	// After is called once statement k, which counts from 1, is done; nil for
	// nothing. What it returns ends the replay.
	After func(k int, sql string) error
}

// Run runs the statements.
func (r Replay) Run(ctx context.Context, statements []string) error {
	for i, sql := range statements {
		if err := r.statement(ctx, sql); err != nil {
			return fmt.Errorf("statement %d (%s): %w", i+1, first(sql), err)
		}
		if r.After != nil {
			if err := r.After(i+1, sql); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r Replay) statement(ctx context.Context, sql string) error {
	if each, ok := Everywhere(sql); ok {
		for _, node := range r.Nodes {
			if err := r.on(ctx, node, each); err != nil {
				return err
			}
		}
		return nil
	}
	return r.on(ctx, r.Nodes[0], sql)
}

func (r Replay) on(ctx context.Context, node clickhouse.Config, sql string) error {
	a, err := clickhouse.Open(ctx, node)
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := a.Session(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	settings := map[string]any{"distributed_ddl_task_timeout": int(r.DDLWait.Seconds())}
	_, err = s.Exec(ctx, adapters.Statement{SQL: sql, Settings: settings})
	return err
}

// first is the beginning of a statement, which tells it from the others of a
// recording.
func first(sql string) string {
	const enough = 60
	if len(sql) > enough {
		return sql[:enough] + "..."
	}
	return sql
}
