package retry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

type session struct {
	adapters.Session
	adapter *Adapter
}

// Exec implements adapters.Session.
func (s *session) Exec(ctx context.Context, st adapters.Statement) (adapters.Summary, error) {
	var summary adapters.Summary
	var err error
	s.again(ctx, st, st.Repeatable, func(st adapters.Statement) error {
		st.Outlives = true
		if summary, err = s.Session.Exec(ctx, st); adapters.AftermathOf(err) == adapters.Lost && ctx.Err() == nil {
			summary, err = s.find(ctx, st, summary, err)
		}
		return err
	})
	return summary, err
}

// Query implements adapters.Session. What the server had sent of a result is
// lost with it, and only what reads is sent again.
func (s *session) Query(ctx context.Context, st adapters.Statement) (*adapters.Table, adapters.Summary, error) {
	var table *adapters.Table
	var summary adapters.Summary
	var err error
	reading := reads(st.SQL)
	s.again(ctx, st, st.Repeatable || reading, func(st adapters.Statement) error {
		if table, summary, err = s.Session.Query(ctx, st); reading && adapters.AftermathOf(err) == adapters.Lost {
			return over(err) // a second reader does no harm
		}
		return err
	})
	return table, summary, err
}

// Insert implements adapters.Session.
func (s *session) Insert(ctx context.Context, st adapters.Statement, columns []adapters.Column, next func() ([]any, error)) (adapters.Summary, error) {
	var summary adapters.Summary
	var err error
	untouched := true
	s.again(ctx, st, false, func(st adapters.Statement) error {
		summary, err = s.Session.Insert(ctx, st, columns, func() ([]any, error) {
			untouched = false
			return next()
		})
		if !untouched {
			return nil // the rows are gone
		}
		return err
	})
	return summary, err
}

// again sends a statement until it succeeds, cannot be sent again, or has been
// sent often enough.
func (s *session) again(ctx context.Context, st adapters.Statement, repeatable bool, send func(adapters.Statement) error) {
	policy := s.adapter.policy
	id := st.QueryID
	if id == "" {
		id = uuid.NewString()
	}
	st.QueryID = id
	for n := 1; ; n++ {
		err := send(st)
		if err == nil || ctx.Err() != nil || n > policy.Retries || policy.movesOn(err) {
			return
		}
		switch adapters.AftermathOf(err) {
		case adapters.Refused:
		case adapters.Ended:
			if !repeatable {
				return
			}
		default:
			return
		}
		policy.tell(st, adapters.Again{Err: err, Attempt: n, Attempts: policy.Retries})
		if policy.Pause(ctx, n) != nil {
			return
		}
		st = spare(st, s.adapter.Server().Version, err)
		// Another id, so that the log of queries tells them apart.
		st.QueryID = fmt.Sprintf("%s-%d", id, n+1)
	}
}

// lag is how long a statement that is nowhere may still turn up: on its way to
// the server, or to a log that is written every few seconds when the user may
// not have it written out.
func lag(f adapters.QueryFate) time.Duration {
	if f.Fresh {
		return 200 * time.Millisecond
	}
	return 10 * time.Second
}

// find looks for a statement whose connection was lost, waits for it while it
// runs, and returns how it ended. When that cannot be found out the error is
// the one of the connection, marked as over if the statement runs no more.
func (s *session) find(ctx context.Context, st adapters.Statement, summary adapters.Summary, lost error) (adapters.Summary, error) {
	policy := s.adapter.policy
	policy.tell(st, adapters.Again{Err: lost, Attempts: policy.Retries})
	var waited time.Duration
	for wait, failures := 50*time.Millisecond, 0; ; wait = min(2*wait, 2*time.Second) {
		fate, err := s.look(ctx, st.QueryID)
		switch {
		case ctx.Err() != nil:
			// The adapter below no longer knows of it.
			if killErr := s.adapter.kill(ctx, st.QueryID); killErr != nil {
				lost = fmt.Errorf("%w; it may still run as query %s: %w", lost, st.QueryID, killErr)
			}
			return summary, lost
		case err != nil:
			if failures++; failures > policy.Retries || adapters.AftermathOf(err) == adapters.Final || policy.movesOn(err) {
				return summary, fmt.Errorf("%w; what became of query %s cannot be found out: %w", lost, st.QueryID, err)
			}
			if policy.Pause(ctx, failures) != nil {
				return summary, lost
			}
			continue
		case fate.Fate == adapters.FateFinished:
			fate.Summary.Elapsed = summary.Elapsed + waited
			return fate.Summary, nil
		case fate.Fate == adapters.FateFailed:
			return summary, fate.Err
		case fate.Fate == adapters.FateGone && waited >= lag(fate):
			return summary, over(lost)
		}
		if policy.sleep(ctx, wait) != nil {
			continue // ctx has ended
		}
		if fate.Fate == adapters.FateGone {
			waited += wait
		}
	}
}

// look asks on a connection of its own.
func (s *session) look(ctx context.Context, queryID string) (adapters.QueryFate, error) {
	other, err := s.adapter.Adapter.Session(ctx)
	if err != nil {
		return adapters.QueryFate{}, err
	}
	fate, err := adapters.FindQuery(ctx, other, queryID)
	if closeErr := other.Close(); err == nil {
		err = closeErr
	}
	return fate, err
}

// killTime bounds the killing of a statement that nobody waits for any more.
const killTime = 10 * time.Second

func (a *Adapter) kill(ctx context.Context, queryID string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), killTime)
	defer cancel()
	return a.Adapter.Kill(ctx, []string{queryID})
}

// over is the error of a lost connection once the statement runs no more.
func over(lost error) error {
	var s *adapters.ServerError
	if !errors.As(lost, &s) {
		return lost
	}
	told := *s
	told.Over = true
	told.Message += "; the server does not run the statement any more, and does not tell how it ended"
	return &told
}
