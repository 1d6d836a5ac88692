package invocation

import (
	"context"
	"sync"
	"time"
)

// running are the ids of the queries that are on the server now.
type running struct {
	mu  sync.Mutex
	ids map[string]struct{}
}

func newRunning() *running { return &running{ids: map[string]struct{}{}} }

func (r *running) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[id] = struct{}{}
}

func (r *running) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ids, id)
}

func (r *running) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make([]string, 0, len(r.ids))
	for id := range r.ids {
		ids = append(ids, id)
	}
	return ids
}

// killTime is how long killing may take.
const killTime = 10 * time.Second

// killing returns a context that ends with ctx, after the queries that were
// running then have been killed on the server by their ids: a server does not
// always notice that its client is gone.
func (w *worker) killing(ctx context.Context) (context.Context, func()) {
	inner, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	inner = WithStop(inner, StopOf(ctx))
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		ids := w.queries.all()
		cancel(context.Cause(ctx))
		if len(ids) == 0 {
			return
		}
		kill, stop := context.WithTimeout(context.WithoutCancel(ctx), killTime)
		defer stop()
		if err := w.adapter.Kill(kill, ids); err != nil {
			w.warn("", "queries may still run on the server: %v", err)
		}
	})
	return inner, func() {
		close(done)
		wait.Wait()
		cancel(nil)
	}
}
