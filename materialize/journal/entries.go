package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// line is an entry and when it was made.
type line struct {
	materialize.Entry
	number uint64
	at     time.Time
}

// most is how many entries wait before they are written without delay.
const most = 2000

// Note implements materialize.Journal. What cannot be written is told by Close.
func (j *Journal) Note(e materialize.Entry) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if len(j.pending) >= most && j.failed != nil {
		return // they cannot be written, and are not kept for ever
	}
	j.add(e)
}

func (j *Journal) add(e materialize.Entry) {
	j.number++
	j.pending = append(j.pending, line{Entry: e, number: j.number, at: time.Now()})
}

// Intend implements materialize.Journal.
func (j *Journal) Intend(ctx context.Context, e materialize.Entry) error {
	j.mutex.Lock()
	j.add(e)
	j.mutex.Unlock()
	if err := j.flushNow(ctx); err != nil {
		return fmt.Errorf("write to the journal what is about to be done: %w", err)
	}
	return nil
}

// flush writes what waits, and keeps the error for Close.
func (j *Journal) flush(ctx context.Context) {
	err := j.flushNow(ctx)
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if ctx.Err() == nil {
		j.failed = err
	}
}

// flushNow writes what waits. What could not be written waits on: a block that
// the server has seen after all is written twice, with the same numbers.
func (j *Journal) flushNow(ctx context.Context) error {
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mutex.Lock()
	lines := j.pending
	j.pending = nil
	j.mutex.Unlock()
	if len(lines) == 0 {
		return nil
	}
	err := j.insert(ctx, lines)
	if err != nil {
		j.mutex.Lock()
		j.pending = append(lines, j.pending...)
		j.mutex.Unlock()
	}
	return err
}

func (j *Journal) insert(ctx context.Context, lines []line) error {
	s, err := j.book.sessions.Session(ctx)
	if err != nil {
		return err
	}
	columns := []adapters.Column{
		{Name: "invocation", Type: "String"}, {Name: "number", Type: "UInt64"}, {Name: "time", Type: "DateTime"},
		{Name: "node", Type: "String"}, {Name: "relation", Type: "String"}, {Name: "step", Type: "UInt32"},
		{Name: "purpose", Type: "String"}, {Name: "effect", Type: "String"}, {Name: "state", Type: "String"}, {Name: "message", Type: "String"},
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	statement := adapters.Statement{
		SQL:     "INSERT INTO " + j.book.table(materialize.JournalTable).String() + " (" + adapters.QuoteIdents(names) + ")",
		Comment: j.book.comment,
	}
	id, at := j.self.ID.String(), 0
	_, err = s.Insert(ctx, statement, columns, func() ([]any, error) {
		if at == len(lines) {
			return nil, io.EOF
		}
		l := lines[at]
		at++
		relation := ""
		if l.Relation.Name != "" {
			relation = l.Relation.String()
		}
		return []any{id, l.number, l.at, l.Node, relation, uint32(l.Step), l.Purpose, l.Effect, string(l.State), l.Message}, nil
	})
	return errors.Join(err, s.Close())
}
