package invocation

import (
	"context"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/materialize"
)

// apply carries out a plan, with the journal's knowledge of it.
func (w *worker) apply(ctx context.Context, plan *materialize.Plan, observe func(materialize.Event)) (*materialize.Result, error) {
	o := materialize.Options{Observe: observe, Patience: w.redoing(w.adapter.Server().Version), Stop: StopOf(ctx)}
	if w.journal != nil {
		o.Journal, o.Ledger = w.journal, w.journal
	}
	if w.Project.Target.DropGrace > 0 {
		o.Later = w.late.add
	}
	return materialize.ApplyWith(ctx, w.adapter, plan, o)
}

// late are the drops that wait for readers. It may be used concurrently.
type late struct {
	mutex sync.Mutex
	steps []lateStep
}

type lateStep struct {
	since time.Time
	run   func(ctx context.Context) error
}

func (l *late) add(run func(ctx context.Context) error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.steps = append(l.steps, lateStep{since: time.Now(), run: run})
}

// run drops, at the end of a run, what was replaced in it, each when its time
// has come. A run that is stopped leaves the rest to the next one.
func (l *late) run(ctx context.Context, w *worker) {
	grace := seconds(w.Project.Target.DropGrace)
	for _, s := range l.steps {
		select {
		case <-time.After(grace - time.Since(s.since)):
		case <-StopOf(ctx):
			return
		case <-ctx.Done():
			return
		}
		if err := s.run(ctx); err != nil {
			w.warn("", "a replaced table could not be dropped, and is by a later run: %v", err)
		}
	}
}
