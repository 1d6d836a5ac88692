package retry

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Policy says how often and after which time something is tried again.
type Policy struct {
	// Retries is how often a statement is tried again at most.
	Retries int
	// Wait is the time before the n-th retry, from 1; nil is Backoff.
	Wait func(n int) time.Duration
	// Sleep waits, or returns ctx's error; nil does by the system's clock.
	Sleep func(ctx context.Context, d time.Duration) error
	// Moves says that others can do what a server does: when it cannot be reached
	// it is not waited for.
	Moves bool
	// Notify is told of each retry of statements that have no Retrying of their
	// own. It may be nil, and is called concurrently.
	Notify func(adapters.Again)
}

// Backoff doubles from a second to half a minute. A part of it is drawn, so
// that what failed together does not come back together.
func Backoff(n int) time.Duration {
	d := min(time.Second<<min(n-1, 10), 30*time.Second)
	return d - time.Duration(rand.Int64N(int64(d/4)))
}

// Pause waits before the n-th retry.
func (p Policy) Pause(ctx context.Context, n int) error {
	wait := p.Wait
	if wait == nil {
		wait = Backoff
	}
	return p.sleep(ctx, wait(n))
}

func (p Policy) sleep(ctx context.Context, d time.Duration) error {
	if p.Sleep != nil {
		return p.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// Do calls f until it succeeds, fails for good, or has been called often
// enough. It is for what may be done again whatever became of it.
func (p Policy) Do(ctx context.Context, f func() error) error {
	for n := 1; ; n++ {
		err := f()
		if err == nil || n > p.Retries || ctx.Err() != nil || adapters.AftermathOf(err) == adapters.Final || p.movesOn(err) {
			return err
		}
		p.tell(adapters.Statement{}, adapters.Again{Err: err, Attempt: n, Attempts: p.Retries})
		if p.Pause(ctx, n) != nil {
			return err
		}
	}
}

// movesOn reports whether an error is for the caller to answer, who asks another
// server.
func (p Policy) movesOn(err error) bool {
	var s *adapters.ServerError
	return p.Moves && errors.As(err, &s) && s.Unsent
}

func (p Policy) tell(st adapters.Statement, a adapters.Again) {
	switch {
	case st.Retrying != nil:
		st.Retrying(a)
	case p.Notify != nil:
		p.Notify(a)
	}
}
