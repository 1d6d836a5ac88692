// Package schedule works through a graph: parents first, several ids at a
// time, nothing after a failure that needs it.
//
// Its main function is Run. One goroutine, the caller's, owns all state; the
// work runs in others and reports back through one channel, which is always
// drained. The package does not know what the work is.
package schedule

import (
	"container/heap"
	"context"

	"github.com/chmod-sql/chmod/dag"
)

// Outcome is how the work on one id ended.
type Outcome int

const (
	// Done lets the descendants go on.
	Done Outcome = iota
	// Failed skips them.
	Failed
)

// Work is what there is to do and how.
type Work struct {
	Graph *dag.Graph
	// Selected are the ids to work on. Ids between them only pass on what
	// happened to their parents.
	Selected dag.Set
	// Threads is how many ids are worked on at once; at least one.
	Threads int
	// FailFast starts nothing after a failure and cancels what runs.
	FailFast bool
	// Weight is the expected cost of an id; nil counts each as 1. Chains that
	// cost more are started earlier.
	Weight func(id string) float64
	// Stop, when closed, starts nothing new and lets what runs end.
	Stop <-chan struct{}

	// Do works on an id. It is called from several goroutines. Its context
	// ends when the caller's does, or on FailFast. index counts the ids from 1
	// in the order in which they are started or skipped.
	Do func(ctx context.Context, id string, index int) Outcome
	// Skip is told of each id that is not worked on because cause, an id that
	// it needs, failed. It is called from the caller's goroutine.
	Skip func(id, cause string, index int)
}

// Report is how it ended.
type Report struct {
	Done    []string
	Failed  []string
	Skipped []string
	// NotStarted are ids that could have been worked on but for Stop, FailFast
	// or the end of the context.
	NotStarted []string
}

// Run works through the selected ids and returns when nothing runs any more.
func Run(ctx context.Context, w Work) Report {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := newRun(w)
	finished, started := make(chan finish), make(chan start)
	defer close(started)
	running, workers, stopping := 0, 0, false
	stop := w.Stop
	for {
		for !stopping && ctx.Err() == nil && running < max(w.Threads, 1) && r.ready.Len() > 0 {
			id := heap.Pop(&r.ready).(item).id
			running++
			r.index++
			if workers < running {
				workers++
				go work(ctx, w.Do, started, finished)
			}
			started <- start{id, r.index}
		}
		if running == 0 {
			break
		}
		select {
		case f := <-finished:
			running--
			if f.outcome == Failed && w.FailFast {
				stopping = true
				cancel()
			}
			r.finish(f)
			select {
			case <-stop: // before what has ended, perhaps
				stopping, stop = true, nil
			default:
			}
		case <-stop:
			stopping, stop = true, nil
		}
	}
	return r.close()
}

// work works on one id after the other. A worker keeps the stack that it has
// grown for the first.
func work(ctx context.Context, do func(context.Context, string, int) Outcome, started <-chan start, finished chan<- finish) {
	for s := range started {
		finished <- finish{s.id, do(ctx, s.id, s.index)}
	}
}

type start struct {
	id    string
	index int
}

type finish struct {
	id      string
	outcome Outcome
}

// run is the state of one Run.
type run struct {
	work    Work
	waiting map[string]int // unfinished parents
	cause   map[string]string
	ready   queue
	rank    map[string]float64
	index   int
	ended   dag.Set
	report  Report
}

func newRun(w Work) *run {
	r := &run{
		work:    w,
		waiting: make(map[string]int, w.Graph.Len()),
		cause:   map[string]string{},
		rank:    w.Graph.RemainingPath(w.Weight),
		ended:   dag.Set{},
	}
	for _, id := range w.Graph.IDs() {
		r.waiting[id] = len(w.Graph.Parents(id))
	}
	for _, id := range w.Graph.IDs() {
		if len(w.Graph.Parents(id)) == 0 {
			r.arrive(id)
		}
	}
	return r
}

// arrive deals with an id whose parents have all ended.
func (r *run) arrive(id string) {
	// A list in place of recursion: chains are as long as projects are deep.
	for pending := []string{id}; len(pending) > 0; {
		id, pending = pending[0], pending[1:]
		cause, failed := r.cause[id]
		switch {
		case !r.work.Selected.Has(id):
			pending = append(pending, r.release(id, cause, failed)...)
		case failed:
			r.index++
			r.ended[id] = struct{}{}
			r.report.Skipped = append(r.report.Skipped, id)
			if r.work.Skip != nil {
				r.work.Skip(id, cause, r.index)
			}
			pending = append(pending, r.release(id, cause, true)...)
		default:
			heap.Push(&r.ready, item{id: id, rank: r.rank[id]})
		}
	}
}

// release tells the children of an id that it has ended and returns those that
// waited for nothing else.
func (r *run) release(id, cause string, failed bool) []string {
	var free []string
	for _, child := range r.work.Graph.Children(id) {
		if _, known := r.cause[child]; failed && !known {
			r.cause[child] = cause
		}
		if r.waiting[child]--; r.waiting[child] == 0 {
			free = append(free, child)
		}
	}
	return free
}

func (r *run) finish(f finish) {
	r.ended[f.id] = struct{}{}
	failed := f.outcome == Failed
	if failed {
		r.report.Failed = append(r.report.Failed, f.id)
	} else {
		r.report.Done = append(r.report.Done, f.id)
	}
	for _, id := range r.release(f.id, f.id, failed) {
		r.arrive(id)
	}
}

func (r *run) close() Report {
	r.report.NotStarted = r.work.Selected.Minus(r.ended).Sorted()
	return r.report
}
