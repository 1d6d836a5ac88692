package invocation

import (
	"context"
	"errors"
)

// ErrInterrupted is the cause of a context that a second Ctrl-C has ended.
var ErrInterrupted = errors.New("interrupted")

type stopKey struct{}

// WithStop returns a context that carries the channel which is closed when
// nothing new should be started.
func WithStop(ctx context.Context, stop <-chan struct{}) context.Context {
	return context.WithValue(ctx, stopKey{}, stop)
}

// StopOf is the channel of WithStop, or nil, which is never closed.
func StopOf(ctx context.Context) <-chan struct{} {
	stop, _ := ctx.Value(stopKey{}).(<-chan struct{})
	return stop
}

func stopped(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// CancelOnStop returns a context that the first Ctrl-C ends already, for work
// that has no good place to stop at. The function returned frees it.
func CancelOnStop(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		select {
		case <-StopOf(ctx):
			cancel(ErrInterrupted)
		case <-done:
		}
	}()
	return ctx, func() {
		close(done)
		cancel(nil)
	}
}
