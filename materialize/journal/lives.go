package journal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// Life is what the book has about one invocation.
type Life struct {
	ID, Stamp, Project, Target, Command, Version, Host, User string
	PID                                                      uint32
	StartedAt                                                time.Time
	Finished                                                 bool
	// Silence is how long ago the last heartbeat was, by the clock of the
	// server that told.
	Silence time.Duration
}

// Dead reports whether nobody has to wait for the invocation any more.
func (l Life) Dead() bool { return l.Finished || l.Silence > Lease }

// days is how far back lives are read: tables of invocations that are not among
// them are old enough to go by their age.
const days = 2

// Lives are the invocations of the last days, by their stamps.
func (b *Book) Lives(ctx context.Context) (map[string]Life, error) {
	sql := "SELECT stamp, id, any(project), any(target), any(command), any(version), any(host), any(user), any(pid), toInt64(toUInt32(min(started_at)))," +
		" toUInt8(max(isNotNull(finished_at))), toInt64(toUInt32(now())) - toInt64(toUInt32(max(heartbeat_at)))" +
		" FROM " + b.table(materialize.InvocationsTable).String() + fmt.Sprintf(" WHERE heartbeat_at > now() - %d GROUP BY stamp, id", days*24*60*60)
	tables, err := b.ask(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("read who is at work: %w", err)
	}
	lives := map[string]Life{}
	for _, t := range tables {
		for _, row := range t.Rows {
			l, err := life(row)
			if err != nil {
				return nil, err
			}
			if known, ok := lives[l.Stamp]; ok {
				l.Finished = l.Finished || known.Finished
				l.Silence = min(l.Silence, known.Silence)
			}
			lives[l.Stamp] = l
		}
	}
	return lives, nil
}

func life(row []any) (Life, error) {
	var l Life
	texts := []*string{&l.Stamp, &l.ID, &l.Project, &l.Target, &l.Command, &l.Version, &l.Host, &l.User}
	if len(row) != len(texts)+4 {
		return l, fmt.Errorf("an invocation came as %d cells", len(row))
	}
	for i, text := range texts {
		*text = fmt.Sprint(row[i])
	}
	rest := row[len(texts):]
	pid, okPID := rest[0].(uint32)
	started, okStarted := rest[1].(int64)
	finished, okFinished := rest[2].(uint8)
	seconds, okSilence := rest[3].(int64)
	if !okPID || !okStarted || !okFinished || !okSilence {
		return l, fmt.Errorf("an invocation came with a %T, a %T, a %T and a %T", rest[0], rest[1], rest[2], rest[3])
	}
	l.PID, l.StartedAt, l.Finished = pid, time.Unix(started, 0), finished != 0
	l.Silence = max(0, time.Duration(seconds)*time.Second)
	return l, nil
}

// Bury writes that invocations are dead, and returns those that still are: one
// that has come back to life meanwhile is not among them. What it may do then,
// Hold decides.
func (b *Book) Bury(ctx context.Context, dead []Life) (map[string]bool, error) {
	buried := map[string]bool{}
	if len(dead) == 0 {
		return buried, nil
	}
	rows := make([]string, len(dead))
	for i, l := range dead {
		rows[i] = "SELECT " + strings.Join([]string{
			adapters.Literal(l.ID), adapters.Literal(l.Stamp), adapters.Literal(l.Project), adapters.Literal(l.Target),
			adapters.Literal(l.Command), adapters.Literal(l.Version), adapters.Literal(l.Host), "toUInt32(" + adapters.Literal(l.PID) + ")", adapters.Literal(l.User),
			// Not a sign of life: as old as the last one.
			moment(l.StartedAt), fmt.Sprintf("now() - %d", int(l.Silence/time.Second)), "toNullable(now())", adapters.Literal(buriedResult), adapters.Literal(last),
		}, ", ")
	}
	sql := b.insertInvocations() + " " + strings.Join(rows, " UNION ALL ")
	if err := b.write(ctx, sql); err != nil {
		return nil, fmt.Errorf("write who is dead: %w", err)
	}
	now, err := b.Lives(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range dead {
		if again, ok := now[l.Stamp]; !ok || again.Silence >= l.Silence {
			buried[l.Stamp] = true
		}
	}
	return buried, nil
}

// buried reports whether others have found an invocation dead.
func (b *Book) buried(ctx context.Context, id string) (bool, error) {
	tables, err := b.ask(ctx, "SELECT toUInt64(count()) FROM "+b.table(materialize.InvocationsTable).String()+
		" WHERE id = "+adapters.Literal(id)+" AND result = "+adapters.Literal(buriedResult))
	if err != nil {
		return false, err
	}
	for _, t := range tables {
		for _, row := range t.Rows {
			if n, ok := row[0].(uint64); !ok || n > 0 {
				return true, nil
			}
		}
	}
	return false, nil
}
