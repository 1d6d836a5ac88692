package record

import (
	"context"

	"github.com/chmod-sql/chmod/adapters"
)

// Answer is what a statement gets. Its methods return it, to be chained.
type Answer struct {
	matches func(sql string) bool
	table   *adapters.Table
	summary adapters.Summary
	err     error
	during  func(context.Context) error
	left    int // how often it is given; 0 for always, -1 for no more
}

// Table answers with a table.
func (a *Answer) Table(t *adapters.Table) *Answer {
	a.table = t
	return a
}

// Rows answers with rows of columns without types.
func (a *Answer) Rows(columns []string, rows ...[]any) *Answer {
	t := &adapters.Table{Rows: rows}
	for _, c := range columns {
		t.Columns = append(t.Columns, adapters.Column{Name: c})
	}
	return a.Table(t)
}

// Fail answers with an error, after the rows if there are any.
func (a *Answer) Fail(err error) *Answer {
	a.err = err
	return a
}

// Wrote lets the summary say how many rows were written.
func (a *Answer) Wrote(rows uint64) *Answer {
	a.summary.Progress.WrittenRows = rows
	return a
}

// During runs f while the statement runs; an error of f fails it. It is how a
// test waits for a cancellation.
func (a *Answer) During(f func(context.Context) error) *Answer {
	a.during = f
	return a
}

// Times gives the answer n times and then no more.
func (a *Answer) Times(n int) *Answer {
	a.left = n
	return a
}

// spend reports whether the answer may be given once more.
func (a *Answer) spend() bool {
	switch {
	case a.left < 0:
		return false
	case a.left == 1:
		a.left = -1
	case a.left > 1:
		a.left--
	}
	return true
}
