package invocation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// Planned is what a run would do to one node.
type Planned struct {
	Node *manifest.Node // nil for the databases
	// Note is said before all else; then there is no plan.
	Note string
	Plan *materialize.Plan
	// Rest are the plans of the batches after the first.
	Rest []*materialize.Plan
	// Test is set for data tests, which have no plan.
	Test *materialize.DataTest
	// Unknown says why the statements cannot be told yet.
	Unknown error
}

// Plan tells what a run would do, in the order in which one thread would do
// it, and changes nothing.
func (i *Invocation) Plan(ctx context.Context, r Run) ([]Planned, error) {
	ids, err := i.runnable(r)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	w, err := i.prepare(ctx, ids, false)
	if err != nil {
		return nil, err
	}
	var plans []Planned
	if note := w.stateNote(); note != "" {
		plans = append(plans, Planned{Note: note})
	}
	if p := w.schemaPlan(); len(p.Steps) > 0 {
		plans = append(plans, Planned{Plan: p})
	}
	converging, err := w.convergence(ctx)
	if err != nil {
		return nil, err
	}
	w.inLine = map[string]bool{}
	for _, p := range converging {
		w.inLine[p.NodeID] = true
		plans = append(plans, Planned{Node: w.Manifest().Nodes[p.NodeID], Plan: p})
	}
	nodes := slices.Concat(w.hookNodes("on-run-start"), w.inOrder(), w.hookNodes("on-run-end"))
	planned := make([]Planned, len(nodes))
	err = w.each(nodes, func(at int, n *manifest.Node) (err error) {
		planned[at], err = w.planned(ctx, n)
		return err
	})
	return append(plans, planned...), err
}

// inOrder are the selected nodes, parents first.
func (w *worker) inOrder() []*manifest.Node {
	var nodes []*manifest.Node
	for _, id := range w.Graph.Order() {
		if w.ids.Has(id) {
			nodes = append(nodes, w.Manifest().Nodes[id])
		}
	}
	return nodes
}

// compile renders a node. Hooks at the end see a run without results.
func (w *worker) compile(ctx context.Context, n *manifest.Node) (*compiler.Compiled, []materialize.Batch, error) {
	if n.Hook != nil {
		compiled, err := w.Project.CompileHook(ctx, n.UniqueID, w.warehouse, runEnd(nil, w.databases()))
		return compiled, nil, err
	}
	return w.compileBatches(ctx, n)
}

func (w *worker) planned(ctx context.Context, n *manifest.Node) (Planned, error) {
	p := Planned{Node: n}
	if plan, ok := w.toPutBack(n); ok {
		plan.Notes = append(plan.Notes, "a run does this first; what it does then depends on what the table holds: see chmod plan after it")
		p.Plan = plan
		return p, nil
	}
	compiled, batches, err := w.compile(ctx, n)
	if err != nil {
		if change := (*changeError)(nil); errors.As(err, &change) {
			p.Unknown = change
			return p, nil
		}
		if query := explainQuery(err); query != err {
			// What the template asks may be there once its parents are built.
			p.Unknown = fmt.Errorf("its template asks the server for what is not there yet: %w", query)
			return p, nil
		}
		return p, err
	}
	if n.ResourceType == manifest.Test {
		p.Test, err = materialize.NewTest(n, compiled.SQL, w.comment(n.UniqueID))
		return p, err
	}
	in, err := w.inputOf(ctx, n, compiled, batches)
	if err != nil {
		return p, err
	}
	for _, in := range materialize.InBatches(in) {
		plan, err := materialize.New(in)
		if err != nil {
			return p, err
		}
		if p.Plan == nil {
			p.Plan = plan
		} else {
			p.Rest = append(p.Rest, plan)
		}
	}
	described := w.columnsNow(ctx, p.Plan)
	if described == nil {
		return p, nil
	}
	if p.Plan, err = p.Plan.With(described); err != nil {
		return p, err
	}
	for at, plan := range p.Rest {
		if plan, err = plan.Following(p.Plan); err == nil {
			p.Rest[at], err = plan.With(described)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// columnsNow are the columns of a plan's SQL as its parents are at present; nil
// when they are not there yet, or the plan first changes its session.
func (w *worker) columnsNow(ctx context.Context, plan *materialize.Plan) *adapters.Table {
	statement, ok := plan.Reads()
	if !ok {
		return nil
	}
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return nil
	}
	// That they cannot be read is no failure of a plan: its text says that they
	// are read when it is carried out.
	described, _, err := session.Query(ctx, statement)
	if closeErr := session.Close(); err != nil || closeErr != nil {
		return nil
	}
	return described
}
