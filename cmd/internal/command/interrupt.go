package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
)

// interruptible makes Ctrl-C polite: the first one asks for no new work, the
// second ends the context and with it the running statements. The function
// returned gives the signals back.
func interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	stopping := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for count := 0; ; {
			select {
			case <-done:
				return
			case <-signals:
				count++
				if count == 1 {
					close(stopping)
					continue
				}
				cancel(invocation.ErrInterrupted)
			}
		}
	}()
	return invocation.WithStop(ctx, stopping), func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
