package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// last is above every revision that an invocation writes of itself: what others
// write of it stands.
const last = uint64(1) << 62

// buriedResult is the result of an invocation that others found dead.
const buriedResult = "dead"

const invocationColumns = "id, stamp, project, target, command, version, host, pid, user, started_at, heartbeat_at, finished_at, result, revision"

// row is the statement that writes the invocation's row of this moment.
func (j *Journal) row(finished, result string) string {
	j.mutex.Lock()
	j.revision++
	revision := j.revision
	j.mutex.Unlock()
	s := j.self
	cells := []string{
		adapters.Literal(s.ID.String()), adapters.Literal(s.Stamp()), adapters.Literal(s.Project), adapters.Literal(s.Target),
		adapters.Literal(s.Command), adapters.Literal(s.Version), adapters.Literal(s.HostName), adapters.Literal(s.PID), adapters.Literal(s.User),
		moment(s.StartedAt), "now()", finished, adapters.Literal(result), adapters.Literal(revision),
	}
	return j.book.insertInvocations() + " SELECT " + strings.Join(cells, ", ")
}

// moment is a DateTime whatever the server's time zone.
func moment(t time.Time) string { return fmt.Sprintf("toDateTime(%d)", t.Unix()) }

func (b *Book) table(name string) adapters.Relation {
	return adapters.Relation{Database: b.schema, Name: name}
}

func (b *Book) insertInvocations() string {
	return "INSERT INTO " + b.table(materialize.InvocationsTable).String() + " (" + invocationColumns + ")"
}

// write runs a statement that writes.
func (b *Book) write(ctx context.Context, sql string) error {
	s, err := b.sessions.Session(ctx)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, adapters.Statement{SQL: sql, Comment: b.comment})
	return errors.Join(err, s.Close())
}

// ask asks all that may know something.
func (b *Book) ask(ctx context.Context, sql string) ([]*adapters.Table, error) {
	st := adapters.Statement{SQL: sql, Comment: b.comment}
	if asker, ok := b.sessions.(Asker); ok {
		return asker.Ask(ctx, st)
	}
	s, err := b.sessions.Session(ctx)
	if err != nil {
		return nil, err
	}
	table, _, err := s.Query(ctx, st)
	if err = errors.Join(err, s.Close()); err != nil {
		return nil, err
	}
	return []*adapters.Table{table}, nil
}

// catchUp waits until those that are asked know what was written on others.
func (b *Book) catchUp(ctx context.Context) error {
	follower, ok := b.sessions.(Follower)
	if !ok {
		return nil
	}
	return follower.CatchUp(ctx, []adapters.Relation{b.table(materialize.InvocationsTable), b.table(materialize.LocksTable)}, following)
}
