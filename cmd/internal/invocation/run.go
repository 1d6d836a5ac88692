package invocation

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/dag/schedule"
	"github.com/chmod-sql/chmod/dag/selection"
	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// Run is what to run.
type Run struct {
	Selection selection.Request
	// Types are the resource types that the command works on.
	Types    []string
	FailFast bool
	// Gate makes what is built on a node wait for the node's tests.
	Gate bool
	// Hooks runs the project's on-run-start and on-run-end.
	Hooks bool
	// IfLocked is one of the words of that name; wait when empty.
	IfLocked string
}

// Outcome is how a run ended.
type Outcome struct {
	Results     []event.Result
	Elapsed     time.Duration
	Interrupted bool
}

// Failed reports whether anything in it makes the call a failure.
func (o Outcome) Failed() bool {
	return o.Interrupted || slices.ContainsFunc(o.Results, func(r event.Result) bool {
		return r.Status.Bad() || r.Status == event.Skipped
	})
}

// Run selects nodes, connects, and builds or tests them. The error is about
// what kept it from beginning; failures of nodes are in the outcome. Nothing
// is changed before everything that can be checked beforehand is.
func (i *Invocation) Run(ctx context.Context, r Run) (out Outcome, err error) {
	began := time.Now()
	ids, err := i.runnable(r)
	if err != nil {
		return Outcome{}, err
	}
	if len(ids) == 0 {
		return Outcome{}, i.Nothing()
	}
	w, err := i.prepare(ctx, ids, true)
	if err != nil {
		return Outcome{}, err
	}
	if err := w.createSchemas(ctx); err != nil {
		return Outcome{}, err
	}
	if err := w.openState(ctx); err != nil {
		return Outcome{}, err
	}
	defer func() { w.closeState(ctx, out, err) }()
	if ids, err = w.lock(ctx, ids, r.IfLocked); err != nil {
		return Outcome{}, err
	}
	if w.ids, w.total = ids, len(ids); len(ids) == 0 {
		return Outcome{}, nil
	}
	if err := w.finish(ctx); err != nil {
		return Outcome{}, err
	}
	i.events.Send(event.Selected{Target: i.Project.Target.Name, Threads: i.Threads(), Total: len(ids), IDs: ids.Sorted()})
	if r.Hooks {
		results, failed := w.hooks(ctx, "on-run-start", nil)
		if failed {
			results = append(results, w.skipAll(ids, results[len(results)-1].Node.UniqueID)...)
			out = Outcome{Results: results, Elapsed: time.Since(began)}
			i.events.Send(event.RunEnded{Results: out.Results, Elapsed: out.Elapsed})
			return out, nil
		}
		w.results = append(w.results, results...)
	}
	w.work(ctx, r, ids)
	if r.Hooks && ctx.Err() == nil {
		results, _ := w.hooks(ctx, "on-run-end", w.results)
		w.results = append(w.results, results...)
	}
	w.late.run(ctx, w)
	out = Outcome{Results: w.results, Elapsed: time.Since(began), Interrupted: ctx.Err() != nil || stopped(StopOf(ctx))}
	i.events.Send(event.RunEnded{Results: out.Results, Elapsed: out.Elapsed, Interrupted: out.Interrupted})
	return out, nil
}

// runnable selects what the command can work on.
func (i *Invocation) runnable(r Run) (dag.Set, error) {
	ids, err := i.Select(r.Selection)
	if err != nil {
		return nil, err
	}
	if slices.Contains(r.Types, manifest.Test) {
		if err := i.diagnose(i.unitTests(ids)); err != nil {
			return nil, err
		}
	}
	for id := range ids {
		n := i.Manifest().Nodes[id]
		if n == nil || !slices.Contains(r.Types, n.ResourceType) || n.Ephemeral() || n.Empty() {
			delete(ids, id)
		}
	}
	return ids, nil
}

// worker is a run at work.
type worker struct {
	*Invocation
	adapter   adapters.Adapter
	warehouse *warehouse
	state     *materialize.State
	topology  materialize.Topology
	seeds     map[string]*materialize.Seed
	threads   chan string
	ids       dag.Set
	total     int
	// told are the warnings that were shown before the run.
	told diag.List

	finished chan event.Result
	results  []event.Result
	queries  *running

	// turn is when the run got its locks; zero without.
	turn time.Time
	// changes says that the run is one, and not only planned.
	changes bool
	// journal is nil when none is kept.
	journal *journal.Journal
	// lives are the invocations in the book; nil when it was not read.
	lives map[string]journal.Life
	// inLine are nodes whose hosts are brought in line before.
	inLine map[string]bool
	// unread is why the book could not be read.
	unread error
	late   late
}

// work runs the schedule. Results are collected in the order in which nodes
// end.
func (w *worker) work(ctx context.Context, r Run, ids dag.Set) {
	graph := w.Graph
	if r.Gate {
		graph = dag.Gated(graph, w.Manifest())
	}
	collected := make(chan struct{})
	w.finished = make(chan event.Result)
	go func() {
		defer close(collected)
		for result := range w.finished {
			w.results = append(w.results, result)
		}
	}()
	defer w.watchInterrupts(ctx)()
	ctx, stop := w.killing(ctx)
	defer stop()
	report := schedule.Run(ctx, schedule.Work{
		Graph: graph, Selected: ids, Threads: w.Threads(), FailFast: r.FailFast, Stop: StopOf(ctx),
		Weight: w.weight,
		Do: func(ctx context.Context, id string, index int) schedule.Outcome {
			return w.node(ctx, id, index)
		},
		Skip: func(id, cause string, index int) { w.skip(id, cause, index) },
	})
	for _, id := range report.NotStarted {
		w.skip(id, "", 0)
	}
	close(w.finished)
	<-collected
}

// watchInterrupts tells of each Ctrl-C until the function returned is called.
func (w *worker) watchInterrupts(ctx context.Context) func() {
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		select {
		case <-done:
			return
		case <-StopOf(ctx):
			w.events.Send(event.Interrupted{})
		}
		select {
		case <-done:
		case <-ctx.Done():
			w.events.Send(event.Interrupted{Again: true})
		}
	})
	return func() {
		close(done)
		wait.Wait()
	}
}

// weight makes chains of models count, and tests hardly.
func (w *worker) weight(id string) float64 {
	n := w.Manifest().Nodes[id]
	if n == nil || !w.ids.Has(id) {
		return 0
	}
	if n.ResourceType == manifest.Test {
		return 0.1
	}
	return 1
}

// skip tells of a node that is not worked on. Without a cause, it was not
// reached before the run was stopped.
func (w *worker) skip(id, cause string, index int) {
	now := time.Now()
	r := event.Result{Node: w.Manifest().Nodes[id], Status: event.Skipped, Cause: cause, Started: now, Finished: now, Thread: event.MainThread}
	switch n := w.Manifest().Nodes[cause]; {
	case n != nil:
		r.Message = fmt.Sprintf("skipped because of %s %s", n.ResourceType, n.Name)
	default:
		r.Message = "skipped because the run was stopped"
	}
	w.events.Send(event.NodeFinished{Result: r, Index: index, Total: w.total})
	w.finished <- r
}

// skipAll are the results of a run whose on-run-start failed.
func (w *worker) skipAll(ids dag.Set, cause string) []event.Result {
	var results []event.Result
	now := time.Now()
	for at, id := range ids.Sorted() {
		r := event.Result{
			Node: w.Manifest().Nodes[id], Status: event.Skipped, Cause: cause, Message: "skipped because an on-run-start hook failed",
			Started: now, Finished: now, Thread: event.MainThread,
		}
		w.events.Send(event.NodeFinished{Result: r, Index: at + 1, Total: w.total})
		results = append(results, r)
	}
	return results
}
