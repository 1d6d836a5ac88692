package invocation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// hooks runs the project's on-run-start or on-run-end, those of packages
// first, and reports whether one failed; the ones after it are not run.
func (w *worker) hooks(ctx context.Context, when string, results []event.Result) ([]event.Result, bool) {
	nodes := w.hookNodes(when)
	var out []event.Result
	for index, n := range nodes {
		w.events.Send(event.NodeStarted{Node: n, Index: index + 1, Total: len(nodes)})
		r := event.Result{Node: n, Status: event.Success, Message: fmt.Sprintf("%s.%s.%d passed", n.Package, n.Hook.When, n.Hook.Index-1), Started: time.Now(), Thread: event.MainThread}
		if err := w.hook(ctx, n, &r, results); err != nil {
			r.Status, r.Err, r.Message = event.RuntimeError, err, err.Error()
		}
		r.Finished = time.Now()
		w.events.Send(event.NodeFinished{Result: r, Index: index + 1, Total: len(nodes)})
		out = append(out, r)
		if r.Status.Bad() {
			return out, true
		}
	}
	return out, false
}

func (w *worker) hookNodes(when string) []*manifest.Node {
	var nodes []*manifest.Node
	for _, n := range w.Manifest().Nodes {
		if n.Hook != nil && n.Hook.When == when {
			nodes = append(nodes, n)
		}
	}
	own := w.Manifest().ProjectName
	slices.SortFunc(nodes, func(a, b *manifest.Node) int {
		return cmp.Or(rank(a.Package == own)-rank(b.Package == own), cmp.Compare(a.Package, b.Package), a.Hook.Index-b.Hook.Index)
	})
	return nodes
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

func (w *worker) hook(ctx context.Context, n *manifest.Node, r *event.Result, results []event.Result) error {
	r.CompileBegan = time.Now()
	compiled, err := w.Project.CompileHook(ctx, n.UniqueID, w.warehouse, runEnd(results, w.databases()))
	if err != nil {
		return explainQuery(err)
	}
	r.CompiledAt, r.Compiled, r.CompiledSQL = time.Now(), true, compiled.SQL
	w.record(compiled, "")
	plan, err := materialize.New(w.input(n, compiled.SQL))
	if err != nil {
		return err
	}
	result, err := w.apply(ctx, plan, w.observer(n, event.MainThread))
	w.warehouse.forget()
	for _, s := range result.Steps {
		r.QueryIDs = append(r.QueryIDs, s.Summary.QueryID)
	}
	return w.explain(err, compiled)
}

// runEnd is what on-run-end hooks see of the run.
func runEnd(results []event.Result, schemas []string) compiler.RunEnd {
	end := compiler.RunEnd{Schemas: schemas}
	for _, r := range results {
		if r.Node.Hook != nil {
			continue
		}
		end.Results = append(end.Results, compiler.RunResult{
			Node: r.Node, Status: string(r.Status), Message: r.Message, ThreadID: r.Thread, Failures: r.Failures,
			ExecutionTime: r.Elapsed().Seconds(), AdapterResponse: artifact.AdapterResponse(r),
			CompiledCode: r.CompiledSQL,
		})
	}
	return end
}
