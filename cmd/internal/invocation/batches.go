package invocation

import (
	"context"
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/materialize"
)

// Before is a run that another one goes on after.
type Before struct {
	StartedAt time.Time
	// Batches are those of microbatch models that it had built in part.
	Batches map[string][]event.Batch
}

// batchesBefore are the batches of a node that an earlier run had built, and
// those that it had not.
func (i *Invocation) batchesBefore(n *manifest.Node) (built, failed []event.Batch) {
	if i.request.Before == nil {
		return nil, nil
	}
	for _, b := range i.request.Before.Batches[n.UniqueID] {
		if b.Failed {
			failed = append(failed, b)
		} else {
			built = append(built, b)
		}
	}
	return built, failed
}

// compileBatches compiles a node: a microbatch model once for each batch of the
// run, anything else once. The first batch's is the node's. In a run, batches
// that are added to a table are compiled when their turn comes, but for the
// first: they may ask what those before them have left.
func (w *worker) compileBatches(ctx context.Context, n *manifest.Node) (*compiler.Compiled, []materialize.Batch, error) {
	if !materialize.Microbatch(n) {
		compiled, err := w.Project.Compile(ctx, n.UniqueID, w.warehouse)
		return compiled, nil, err
	}
	batches, adds, err := w.batchesOf(n)
	if err != nil {
		return nil, nil, err
	}
	var first *compiler.Compiled
	for at := range batches {
		if at > 0 && adds && w.changes {
			break
		}
		compiled, err := w.compileBatch(ctx, n, &batches[at])
		if err != nil {
			return nil, nil, err
		}
		if first == nil {
			first = compiled
		}
	}
	return first, batches, nil
}

// batchesOf are the batches to build, and whether they are added to a table.
func (w *worker) batchesOf(n *manifest.Node) (batches []materialize.Batch, adds bool, err error) {
	span, err := w.batchSpan()
	if err != nil {
		return nil, false, err
	}
	_, adds = materialize.TargetOf(w.input(n, ""))
	if _, failed := w.batchesBefore(n); adds && len(failed) > 0 {
		for _, b := range failed {
			batches = append(batches, materialize.Batch{Start: b.Start, End: b.End})
		}
		return batches, adds, nil
	}
	batches, err = materialize.Batches(n, adds, span)
	return batches, adds, err
}

func (w *worker) compileBatch(ctx context.Context, n *manifest.Node, b *materialize.Batch) (*compiler.Compiled, error) {
	compiled, err := w.Project.CompileBatch(ctx, n.UniqueID, w.warehouse, compiler.Batch{ID: b.ID(n), Start: b.Start, End: b.End})
	if err == nil {
		b.SQL = compiled.SQL
	}
	return compiled, err
}

// batchSpan is what time the run is for: one that goes on after another has that
// one's.
func (i *Invocation) batchSpan() (materialize.BatchSpan, error) {
	span := materialize.BatchSpan{Now: i.Started}
	if b := i.request.Before; b != nil && !b.StartedAt.IsZero() {
		span.Now = b.StartedAt
	}
	var wrong diag.List
	for _, end := range []struct {
		name, flag string
		at         *time.Time
	}{{"EVENT_TIME_START", "--event-time-start", &span.From}, {"EVENT_TIME_END", "--event-time-end", &span.To}} {
		text, _ := i.request.Compiler.Flags.Extra[end.name].(string)
		if text == "" {
			continue
		}
		t, ok := materialize.ParseTime(text)
		if !ok {
			wrong.Add(diag.Diagnostic{
				Code: "bad-time", Span: source.Given(end.flag, text),
				What: fmt.Sprintf("%q is not a time", text), Fix: "write 2026-01-31, or 2026-01-31 15:00:00, in UTC",
			})
		}
		*end.at = t
	}
	return span, wrong.Err()
}
