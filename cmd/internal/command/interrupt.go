package command

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
)

// interruptible makes Ctrl-C polite: the first one asks for no new work, the
// second ends the context and with it the running statements, and the third
// ends the process, whatever it is at. A terminal that is closed is like the
// first two at once. The function returned gives the signals back.
func interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	stopping := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, heeded()...)
	done := make(chan struct{})
	go func() {
		ask := sync.OnceFunc(func() { close(stopping) })
		for count := 0; ; {
			select {
			case <-done:
				return
			case s := <-signals:
				ask()
				// A closed terminal may be told twice: it is no impatience.
				if s != syscall.SIGHUP {
					count++
				}
				if count > 1 {
					signal.Stop(signals)
				}
				if s == syscall.SIGHUP || count > 1 {
					cancel(invocation.ErrInterrupted)
				}
			}
		}
	}()
	return invocation.WithStop(ctx, stopping), func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

// heeded are the signals that ask us to end. Under nohup, the end of the
// terminal does not.
func heeded() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}
