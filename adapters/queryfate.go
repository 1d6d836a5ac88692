package adapters

import (
	"context"
	"fmt"
)

// Fate is what became of a statement, as its server knows by its id.
type Fate string

const (
	FateRunning  Fate = "running"
	FateFinished Fate = "finished"
	FateFailed   Fate = "failed"
	// FateGone statements run no more, and nothing says how they ended: they
	// never came, the server was started anew, or it keeps no log of queries.
	FateGone Fate = "gone"
)

// QueryFate is a statement's fate. Err is set for FateFailed; the summary has
// what the log of queries says.
type QueryFate struct {
	Fate    Fate
	Summary Summary
	Err     *ServerError
	// Fresh says that the log of queries was written out before it was read.
	Fresh bool
}

// FindQuery looks for a statement on the host of a session: among what runs,
// then in the log of queries, which is written out before when the user may do
// that. A log that is written later may still get the statement's end.
func FindQuery(ctx context.Context, s Session, queryID string) (QueryFate, error) {
	id := Literal(queryID)
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT 1 FROM system.processes WHERE query_id = " + id})
	if err != nil {
		return QueryFate{}, fmt.Errorf("see whether query %s runs: %w", queryID, err)
	}
	if len(table.Rows) > 0 {
		return QueryFate{Fate: FateRunning}, nil
	}
	_, err = s.Exec(ctx, Statement{SQL: "SYSTEM FLUSH LOGS"})
	if AftermathOf(err) != Final {
		return QueryFate{}, fmt.Errorf("write out the log of queries: %w", err)
	}
	fresh := err == nil
	// Old servers have only the code in the text of the exception.
	table, _, err = s.Query(ctx, Statement{
		SQL: "SELECT toInt32(type), exception, toUInt64(read_rows), toUInt64(read_bytes), toUInt64(written_rows), toUInt64(written_bytes) FROM system.query_log" +
			" WHERE event_date >= today() - 1 AND type != 1 AND query_id = " + id + " ORDER BY event_time DESC LIMIT 1",
	})
	if ClassOf(err) == ClassMissing || ClassOf(err) == ClassAccess {
		return QueryFate{Fate: FateGone, Fresh: true}, nil // there is none to wait for
	}
	if err != nil {
		return QueryFate{}, fmt.Errorf("look for query %s in the log of queries: %w", queryID, err)
	}
	for _, row := range table.Rows {
		return loggedFate(row, queryID)
	}
	return QueryFate{Fate: FateGone, Fresh: fresh}, nil
}

func loggedFate(row []any, queryID string) (QueryFate, error) {
	f := QueryFate{Fate: FateFinished, Fresh: true, Summary: Summary{QueryID: queryID}}
	var kind int32
	var exception string
	p := &f.Summary.Progress
	if err := assign(row, &kind, &exception, &p.ReadRows, &p.ReadBytes, &p.WrittenRows, &p.WrittenBytes); err != nil {
		return QueryFate{}, fmt.Errorf("system.query_log: %w", err)
	}
	const finished = 2
	if kind != finished {
		f.Fate, f.Err = FateFailed, ExceptionOf(codeIn(exception), exception)
		f.Err.QueryID = queryID
	}
	return f, nil
}
