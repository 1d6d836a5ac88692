package retry_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/record"
	"github.com/chmod-sql/chmod/adapters/retry"
)

const (
	insert  = "INSERT INTO a SELECT 1"
	drop    = "DROP TABLE IF EXISTS a"
	running = "SELECT 1 FROM system.processes"
	logged  = "FROM system.query_log"
)

var (
	lost    = &adapters.ServerError{Class: adapters.ClassNetwork, Message: "broken pipe"}
	unsent  = &adapters.ServerError{Class: adapters.ClassNetwork, Message: "refused", Unsent: true}
	busy    = adapters.ExceptionOf(202, "too many queries")
	parts   = adapters.ExceptionOf(252, "too many parts")
	unknown = adapters.ExceptionOf(60, "no such table")
)

// world is an adapter under patience, with a clock that is not waited for.
type world struct {
	*record.Adapter
	session adapters.Session
	waits   []time.Duration
	told    []adapters.Again
}

func newWorld(t *testing.T, retries int) *world { return worldOf(t, retry.Policy{Retries: retries}) }

func worldOf(t *testing.T, policy retry.Policy) *world {
	t.Helper()
	w := &world{Adapter: record.New(adapters.Server{}, nil)}
	a := retry.New(w.Adapter, retry.Policy{
		Retries: policy.Retries, Moves: policy.Moves,
		Wait: func(n int) time.Duration { return time.Duration(n) * time.Second },
		Sleep: func(ctx context.Context, d time.Duration) error {
			w.waits = append(w.waits, d)
			return ctx.Err()
		},
		Notify: func(again adapters.Again) { w.told = append(w.told, again) },
	})
	var err error
	w.session, err = a.Session(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.session.Close()) })
	return w
}

// sent is how often a statement came.
func (w *world) sent(sql string) int {
	n := 0
	for _, s := range w.Statements() {
		if s == sql {
			n++
		}
	}
	return n
}

func (w *world) log(kind int32, exception string, rows uint64) {
	w.OnMatch(logged).Rows(make([]string, 6), []any{kind, exception, rows, uint64(0), rows, uint64(0)})
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		err        error
		times      int
		repeatable bool
		sent       int
		fails      bool
	}{
		"refused before it began":         {err: busy, times: 2, sent: 3},
		"never sent":                      {err: unsent, times: 2, sent: 3},
		"refused too often":               {err: busy, times: 9, sent: 4, fails: true},
		"ended, and not to be done twice": {err: parts, times: 1, sent: 1, fails: true},
		"ended, and harmless twice":       {err: parts, times: 1, repeatable: true, sent: 2},
		"no failure of the moment":        {err: unknown, times: 1, repeatable: true, sent: 1, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 3)
			w.On(insert)
			w.On(insert).Fail(c.err).Times(c.times)
			_, err := w.session.Exec(t.Context(), adapters.Statement{SQL: insert, Repeatable: c.repeatable})
			require.Equal(t, c.fails, err != nil, "%v", err)
			require.Equal(t, c.sent, w.sent(insert))
			require.Len(t, w.told, c.sent-1)
			for i, again := range w.told {
				require.Equal(t, adapters.Again{Err: c.err, Attempt: i + 1, Attempts: 3}, again)
				require.Equal(t, time.Duration(i+1)*time.Second, w.waits[i])
			}
			seen := map[string]bool{}
			for _, r := range w.Recorded() {
				require.False(t, seen[r.QueryID], "each has an id of its own")
				seen[r.QueryID] = true
			}
		})
	}
}

// A lost statement is looked for before anything else is done.
// TestMoves answers what is the moment's, and waits for no server that cannot be
// reached: others can do the same.
func TestMoves(t *testing.T) {
	w := worldOf(t, retry.Policy{Retries: 3, Moves: true})
	w.On(insert).Fail(busy).Times(2)
	_, err := w.session.Exec(t.Context(), adapters.Statement{SQL: insert})
	require.NoError(t, err)
	require.Equal(t, 3, w.sent(insert))

	w = worldOf(t, retry.Policy{Retries: 3, Moves: true})
	w.On(insert).Fail(unsent)
	_, err = w.session.Exec(t.Context(), adapters.Statement{SQL: insert})
	require.ErrorIs(t, err, unsent)
	require.Equal(t, 1, w.sent(insert))
	require.Empty(t, w.waits)

	w = worldOf(t, retry.Policy{Retries: 3, Moves: true})
	w.On(insert).Fail(lost)
	w.OnMatch(running).Fail(unsent)
	w.OnMatch(logged).Fail(unsent)
	_, err = w.session.Exec(t.Context(), adapters.Statement{SQL: insert})
	require.ErrorIs(t, err, lost)
	require.ErrorIs(t, err, unsent)
	require.Equal(t, 1, w.sent(insert))
	require.Empty(t, w.waits)
}

func TestLostStatement(t *testing.T) {
	for name, c := range map[string]struct {
		script     func(*world)
		repeatable bool
		sent       int
		rows       uint64
		code       int
		after      adapters.Aftermath
		fails      bool
	}{
		"still running, then finished": {script: func(w *world) {
			w.log(2, "", 7)
			w.OnMatch(running).Rows([]string{"1"}, []any{uint8(1)}).Times(3)
		}, sent: 1, rows: 7},
		"finished": {script: func(w *world) { w.log(2, "", 7) }, sent: 1, rows: 7},
		"failed": {script: func(w *world) { w.log(4, "Code: 241. DB::Exception: Memory limit exceeded", 0) },
			sent: 1, fails: true, code: 241, after: adapters.Ended},
		"refused": {script: func(w *world) {
			w.log(3, "Code: 202. DB::Exception: Too many simultaneous queries", 0)
		}, sent: 2},
		"gone":                     {script: func(*world) {}, sent: 1, fails: true, after: adapters.Ended},
		"gone, and harmless twice": {script: func(*world) {}, repeatable: true, sent: 2},
		"the server does not come back": {script: func(w *world) { w.OnMatch(running).Fail(unsent) },
			sent: 1, fails: true, after: adapters.Lost},
		"the server comes back": {script: func(w *world) {
			w.log(2, "", 7)
			w.OnMatch(running).Fail(unsent).Times(2)
		}, sent: 1, rows: 7},
		"no log of queries": {script: func(w *world) { w.OnMatch(logged).Fail(unknown) }, sent: 1, fails: true, after: adapters.Ended},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 3)
			c.script(w)
			w.On(insert)
			w.On(insert).Fail(lost).Times(1)
			summary, err := w.session.Exec(t.Context(), adapters.Statement{SQL: insert, Repeatable: c.repeatable})
			require.Equal(t, c.fails, err != nil, "%v", err)
			require.Equal(t, c.sent, w.sent(insert))
			require.Equal(t, c.rows, summary.Progress.WrittenRows)
			require.Equal(t, c.after, adapters.AftermathOf(err))
			var said *adapters.ServerError
			if errors.As(err, &said) {
				require.Equal(t, c.code, said.Code)
			}
			require.Equal(t, 1, w.Open(), "those that asked are closed")
		})
	}
}

// What is not waited for any more does not run on.
func TestLostStatementIsKilled(t *testing.T) {
	w := newWorld(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	w.OnMatch(running).Rows([]string{"1"}, []any{uint8(1)}).During(func(context.Context) error { cancel(); return nil })
	w.On(insert).Fail(lost)
	_, err := w.session.Exec(ctx, adapters.Statement{SQL: insert, QueryID: "mine"})
	require.ErrorIs(t, err, lost)
	require.Equal(t, []string{"mine"}, w.Killed())
	require.Equal(t, 1, w.sent(insert))
}

func TestQueries(t *testing.T) {
	for sql, sent := range map[string]int{
		"SELECT 1": 2, " -- a\n/* b */ (with 1 as x select x)": 2, "show tables": 2, insert: 1, drop: 1, "": 1,
	} {
		w := newWorld(t, 3)
		w.On(sql)
		w.On(sql).Fail(parts).Times(1)
		_, _, err := w.session.Query(t.Context(), adapters.Statement{SQL: sql})
		require.Equal(t, sent == 1, err != nil, sql)
		require.Equal(t, sent, w.sent(sql), sql)
	}
}

// Rows that have been taken are gone.
func TestInsert(t *testing.T) {
	w := newWorld(t, 3)
	w.On(insert).Fail(busy)
	taken := 0
	_, err := w.session.Insert(t.Context(), adapters.Statement{SQL: insert}, nil, func() ([]any, error) {
		if taken++; taken > 2 {
			return nil, io.EOF
		}
		return []any{taken}, nil
	})
	require.ErrorIs(t, err, busy)
	require.Equal(t, 1, w.sent(insert))
	require.Empty(t, w.waits)
}

func TestBackoff(t *testing.T) {
	for n, most := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 9: 30 * time.Second, 99: 30 * time.Second} {
		d := retry.Backoff(n)
		require.LessOrEqual(t, d, most)
		require.Greater(t, d, most*3/4-1)
	}
}
