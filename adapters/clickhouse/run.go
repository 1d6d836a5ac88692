package clickhouse

import (
	"context"
	"errors"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

// timeless hides a context's deadline from the driver, which would turn it
// into a setting of the statement. The context still ends in time.
type timeless struct{ context.Context }

func (timeless) Deadline() (time.Time, bool) { return time.Time{}, false }

// call is one sending of a statement.
type call struct {
	meter
	queryID  string
	settings driver.Settings // that travel with the statement
}

// run sends a statement with send and makes of what happens a summary and an
// error. send may be called twice, if the first call sent nothing.
func (s *session) run(ctx context.Context, st adapters.Statement, send func(context.Context, *call) error) (adapters.Summary, error) {
	if s.closed {
		return adapters.Summary{}, errClosed
	}
	if err := ctx.Err(); err != nil {
		return adapters.Summary{}, err
	}
	if st.QueryID == "" {
		st.QueryID = uuid.NewString()
	}
	start := time.Now()
	c := &call{queryID: st.QueryID, meter: meter{report: st.Progress}}
	e := effectOf(st.SQL)
	err := s.unlocked(ctx, func() error { return s.attempt(ctx, st, e, c, send) })
	if s.lost(err) {
		if err = s.restore(ctx); err == nil {
			err = s.attempt(ctx, st, e, c, send)
		}
	}
	summary := adapters.Summary{QueryID: st.QueryID, Elapsed: time.Since(start)}
	var withheld errWithheld
	if errors.As(err, &withheld) {
		s.link.drop() // it may have had settings of the statement
		return summary, withheld.error
	}
	if err != nil {
		summary.Progress = c.finish(nil)
		s.link.drop()
		return summary, s.failed(ctx, st, err)
	}
	summary.Progress = c.finish(s.link.http)
	s.remember(st.SQL, e)
	return summary, nil
}

func (s *session) attempt(ctx context.Context, st adapters.Statement, e effect, c *call, send func(context.Context, *call) error) error {
	settings := s.settings(st)
	if st.Before != nil {
		send = s.permitted(st, send)
	}
	if s.adapter.legacy() {
		return s.withSettings(ctx, settings, func() error {
			return send(s.context(ctx, c), c)
		})
	}
	if s.link.http != nil {
		s.overHTTP(settings, e)
	}
	c.settings = settings
	return send(s.context(ctx, c), c)
}

// context is ctx with all that the driver reads from it.
func (s *session) context(ctx context.Context, c *call) context.Context {
	return driver.Context(timeless{ctx},
		driver.WithQueryID(c.queryID), driver.WithSettings(c.settings), driver.WithProgress(c.add))
}

// direct runs a statement of the adapter's own, with no ado.
func (s *session) direct(ctx context.Context, sql string, settings driver.Settings) error {
	return s.link.conn.Exec(s.context(ctx, &call{queryID: uuid.NewString(), settings: settings}), sql)
}

// unlocked runs f again while the server still holds the session for a
// statement that has just ended, which happens over HTTP.
func (s *session) unlocked(ctx context.Context, f func() error) error {
	err := f()
	end := time.Now().Add(s.adapter.config.SyncRequestTimeout)
	for wait := time.Millisecond; again(err, codeSessionLocked) && time.Now().Before(end); wait = min(2*wait, 100*time.Millisecond) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		err = f()
	}
	return err
}

// lost reports that err means: nothing was run, the session is not there.
func (s *session) lost(err error) bool {
	return errors.Is(err, errStateLost) || s.known && again(err, codeSessionNotFound)
}

// again reports that err has this code, and that nothing was used up for it.
func again(err error, code int) bool {
	var spent errNotAgain
	return codeOf(err) == code && !errors.As(err, &spent)
}

// restore brings a new connection to the session's state.
func (s *session) restore(ctx context.Context) error {
	if s.state.temporary {
		return &adapters.ServerError{
			Class:   adapters.ClassNetwork,
			Message: "the session's temporary tables are gone: its connection ended with the statement that failed before",
			Err:     errStateLost,
		}
	}
	if s.link.http != nil {
		s.newID()
	}
	s.link.guarded = false
	defer func() { s.link.guarded = s.link.http == nil }()
	for _, sql := range s.state.replay {
		settings := driver.Settings{}
		if s.link.http != nil {
			s.overHTTP(settings, effectSet)
		}
		if err := s.direct(ctx, sql, settings); err != nil {
			return err
		}
		s.known = s.link.http != nil
	}
	return nil
}

// failed makes the error of a statement. What may still run on the server is
// ended there: servers before 20 do not notice that nobody waits any more.
func (s *session) failed(ctx context.Context, st adapters.Statement, err error) error {
	failure := failure(ctx, st, err)
	if s.adapter.mayRun(ctx, failure) && !(st.Outlives && ctx.Err() == nil) {
		if killErr := s.adapter.killNow(st.QueryID); killErr != nil {
			failure.Message += "; it could not be ended on the server and may still run there as query " +
				st.QueryID + ": " + killErr.Error()
		} else {
			failure.Over = true
		}
	}
	return failure
}

// mayRun reports whether the server may go on with the statement that failed
// like this.
func (a *Adapter) mayRun(ctx context.Context, f *adapters.ServerError) bool {
	if f.Code != 0 || errors.Is(f.Err, errStateLost) {
		return false
	}
	return ctx.Err() != nil || f.Class == adapters.ClassNetwork && !neverSent(f.Err)
}
