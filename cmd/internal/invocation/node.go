package invocation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag/schedule"
	"github.com/chmod-sql/chmod/materialize"
)

// node works on one node from its template to its table or verdict.
func (w *worker) node(ctx context.Context, id string, index int) schedule.Outcome {
	thread := <-w.threads
	defer func() { w.threads <- thread }()
	n := w.Manifest().Nodes[id]
	w.events.SendFrom(thread, event.NodeStarted{Node: n, Index: index, Total: w.total})
	r := event.Result{Node: n, Started: time.Now(), Thread: thread}
	err := w.build(ctx, n, &r)
	switch {
	case err != nil && stoppedOnTheWay(ctx, err):
		// Nothing is wrong with it.
		r.Status, r.Message = event.Skipped, "stopped before it was done"
		var step *materialize.StepError
		if errors.As(err, &step) && step.Kept > 0 {
			r.Message += fmt.Sprintf("; %d chunks are done, and the next run goes on after them", step.Kept)
		}
	case err != nil:
		r.Status, r.Err, r.Message = event.RuntimeError, err, err.Error()
	}
	r.Finished = time.Now()
	w.events.SendFrom(thread, event.NodeFinished{Result: r, Index: index, Total: w.total})
	w.finished <- r
	if r.Status.Bad() || r.Status == event.Skipped {
		return schedule.Failed
	}
	return schedule.Done
}

// stoppedOnTheWay reports whether an error comes from our own stopping of what
// runs: by a second Ctrl-C, or because another node failed under --fail-fast.
func stoppedOnTheWay(ctx context.Context, err error) bool {
	if errors.Is(err, materialize.ErrStopped) {
		return true
	}
	return ctx.Err() != nil && (errors.Is(err, context.Canceled) || adapters.ClassOf(err) == adapters.ClassCancelled)
}

// build compiles a node and does what its type asks for.
func (w *worker) build(ctx context.Context, n *manifest.Node, r *event.Result) error {
	r.CompileBegan = time.Now()
	compiled, batches, err := w.compileBatches(ctx, n)
	if err != nil {
		return explainQuery(err)
	}
	r.CompiledAt = time.Now()
	if n.ResourceType != manifest.Seed {
		r.Compiled, r.CompiledSQL = true, compiled.SQL
		if r.CompiledPath, err = w.writeCompiled(n, compiled.SQL); err != nil {
			return err
		}
	}
	w.record(compiled, r.CompiledPath)
	if err := w.recordEphemerals(ctx, compiled, w.warehouse); err != nil {
		return explainQuery(err)
	}
	w.events.SendFrom(r.Thread, event.NodeCompiled{Node: n})
	if n.ResourceType == manifest.Test {
		return w.test(ctx, n, compiled, r)
	}
	return w.materialize(ctx, n, compiled, batches, r)
}

// materialize plans and applies a model or a seed.
func (w *worker) materialize(ctx context.Context, n *manifest.Node, compiled *compiler.Compiled, batches []materialize.Batch, r *event.Result) error {
	in := w.input(n, "")
	if _, adds := materialize.TargetOf(in); adds && len(batches) > 0 {
		return w.inBatches(ctx, n, compiled, batches, r)
	}
	in, err := w.inputOf(ctx, n, compiled, batches)
	if err != nil {
		return err
	}
	result, err := w.carry(ctx, in, compiled, r, func(text string) error { return w.writeRun(n, text) })
	if len(batches) > 0 {
		return w.builtInBatches(batches, compiled, result, err, r)
	}
	if err != nil {
		return err
	}
	r.Status = event.Success
	r.Message = "OK"
	if n.ResourceType == manifest.Seed {
		r.Message = fmt.Sprintf("INSERT %d", result.Rows)
	}
	return nil
}

// carry plans what is to be done to a node and does it. write is called with
// the text of the plan, and again when that has changed. Nothing is done when it
// fails the first time; after that, what is done is no failure for lack of a text.
func (w *worker) carry(ctx context.Context, in materialize.Input, compiled *compiler.Compiled, r *event.Result, write func(text string) error) (*materialize.Result, error) {
	n := in.Node
	plan, err := materialize.New(in)
	if err != nil {
		return nil, err
	}
	if err := write(plan.Text()); err != nil {
		return nil, err
	}
	result, err := w.apply(ctx, plan, w.observer(n, r.Thread))
	w.warehouse.forget()
	if result.Plan != plan { // its columns are known now
		w.tellUnwritten(n, write(result.Plan.Text()))
	}
	for _, s := range result.Steps {
		r.QueryIDs = append(r.QueryIDs, s.Summary.QueryID)
		r.Progress.ReadRows += s.Summary.Progress.ReadRows
		r.Progress.ReadBytes += s.Summary.Progress.ReadBytes
	}
	r.Progress.WrittenRows += result.Rows
	r.Progress.WrittenBytes += result.Bytes
	if err != nil {
		w.tellKept(n, r.Thread, err)
		return result, w.explain(err, compiled)
	}
	return result, w.tell(r.Thread, result.Warnings)
}

// test runs a data test.
func (w *worker) test(ctx context.Context, n *manifest.Node, compiled *compiler.Compiled, r *event.Result) error {
	t, err := materialize.NewTest(n, compiled.SQL, w.comment(n.UniqueID))
	if err != nil {
		return err
	}
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	step := t.Step()
	if err := w.writeRun(n, step.Text()); err != nil {
		return errors.Join(err, session.Close())
	}
	table, summary, err := w.query(ctx, session, n, r.Thread, step.Purpose, step.Statement)
	if closeErr := session.Close(); err == nil {
		err = closeErr
	}
	r.QueryIDs = append(r.QueryIDs, summary.QueryID)
	r.Progress.ReadRows, r.Progress.ReadBytes = summary.Progress.ReadRows, summary.Progress.ReadBytes
	if err != nil {
		return w.explain(&materialize.StepError{Step: step, QueryID: summary.QueryID, Err: err}, compiled)
	}
	verdict, err := t.Judge(table)
	if err != nil {
		return err
	}
	r.Failures = &verdict.Failures
	r.Message = verdict.Message
	r.Status = event.Status(verdict.Status)
	if verdict.Status == materialize.TestWarn && w.request.Warnings.to(testWarned) == refuse {
		r.Status = event.Fail
	}
	return nil
}
