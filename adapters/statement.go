package adapters

import (
	"context"
	"time"
)

// Statement is one SQL statement and how it is to be sent.
type Statement struct {
	SQL string
	// QueryID is the id under which the server knows it. Adapters make one up
	// when it is empty; the Summary tells it.
	QueryID string
	// Comment is what query_log shows as log_comment, on servers that have it.
	Comment string
	// Settings hold for this statement only. Values are strings, ints, floats
	// or bools.
	Settings map[string]any
	// Repeatable says that doing it twice is as good as doing it once.
	Repeatable bool
	// Outlives says that it is not ended on the server when its connection is
	// lost: the caller finds out what becomes of it, by its QueryID.
	Outlives bool
	// Before, when set, is called each time right before the statement is sent,
	// and tells until when that may be, which holds over the native protocol
	// only. With an error it is not sent, and fails with that. It may use the
	// adapter.
	Before func(ctx context.Context) (until time.Time, err error)
	// Retrying, when set, is called before the statement is tried again, from
	// the goroutine that runs it.
	Retrying func(Again)
	// Progress, when set, is called with running totals, from the goroutine
	// that runs the statement.
	Progress func(Progress)
}

// Progress is how far a statement is, in totals since its start.
type Progress struct {
	ReadRows, ReadBytes       uint64
	TotalRows                 uint64 // as the server estimates; 0 when it does not
	WrittenRows, WrittenBytes uint64
}

// Summary is what a finished statement did.
type Summary struct {
	QueryID  string
	Progress Progress
	Elapsed  time.Duration
}

// Table is the result of a query, all of it.
type Table struct {
	Columns []Column
	// Rows hold Go values as clickhouse-go scans them: sized ints, floats,
	// string, bool, time.Time, decimal.Decimal, nil, slices, maps.
	Rows [][]any
}

// Column is a name and a type in ClickHouse's words.
type Column struct {
	Name string
	Type string
}
