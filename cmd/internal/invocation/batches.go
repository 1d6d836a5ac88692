package invocation

import (
	"context"
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// compileBatches compiles a node: a microbatch model once for each batch of the
// run, anything else once. The first batch's is the node's.
func (w *worker) compileBatches(ctx context.Context, n *manifest.Node) (*compiler.Compiled, []materialize.Batch, error) {
	if !materialize.Microbatch(n) {
		compiled, err := w.Project.Compile(ctx, n.UniqueID, w.warehouse)
		return compiled, nil, err
	}
	span, err := w.batchSpan()
	if err != nil {
		return nil, nil, err
	}
	_, adds := materialize.TargetOf(w.input(n, ""))
	batches, err := materialize.Batches(n, adds, span)
	if err != nil {
		return nil, nil, err
	}
	var first *compiler.Compiled
	for i := range batches {
		b := &batches[i]
		compiled, err := w.Project.CompileBatch(ctx, n.UniqueID, w.warehouse, compiler.Batch{ID: b.ID(n), Start: b.Start, End: b.End})
		if err != nil {
			return nil, nil, err
		}
		b.SQL = compiled.SQL
		if first == nil {
			first = compiled
		}
	}
	return first, batches, nil
}

// batchSpan is what time the run is for.
func (i *Invocation) batchSpan() (materialize.BatchSpan, error) {
	span := materialize.BatchSpan{Now: i.Started}
	for flag, at := range map[string]*time.Time{"EVENT_TIME_START": &span.From, "EVENT_TIME_END": &span.To} {
		text, _ := i.request.Compiler.Flags.Extra[flag].(string)
		if text == "" {
			continue
		}
		t, ok := materialize.ParseTime(text)
		if !ok {
			var wrong diag.List
			wrong.Add(diag.Diagnostic{
				Code: "bad-time", What: fmt.Sprintf("%q is not a time", text), Fix: "write 2026-01-31, or 2026-01-31 15:00:00, in UTC",
			})
			return span, wrong.Err()
		}
		*at = t
	}
	return span, nil
}
