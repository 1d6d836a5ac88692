package clickhouse

import (
	"context"
	"errors"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// errWithheld marks the error of a caller's Before.
type errWithheld struct{ error }

func (e errWithheld) Unwrap() error { return e.error }

// errTooLate is the answer to the driver when a statement comes to be sent after
// it may be: a connection may take long to be made, and a machine may sleep.
var errTooLate = errors.New("it was held back for too long on its way to the server, and is not sent any more")

// permitted is send for a statement that its caller is asked about first.
func (s *session) permitted(st adapters.Statement, send func(context.Context, *call) error) func(context.Context, *call) error {
	return func(ctx context.Context, c *call) error {
		until, err := st.Before(ctx)
		if err != nil {
			return errWithheld{err}
		}
		if s.link.http == nil {
			s.link.closeAt(until)
			defer s.link.closeAt(time.Time{})
		}
		return send(ctx, c)
	}
}

// closeAt makes the link write nothing from a moment on; never when that is zero.
func (l *link) closeAt(until time.Time) {
	l.until = until.Round(0) // by the wall clock, which goes on while a machine sleeps
	if l.wire != nil {
		l.wire.closeAt(l.until)
	}
}

func (w *wire) closeAt(until time.Time) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.until = until
}
