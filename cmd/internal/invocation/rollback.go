package invocation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag/selection"
	"github.com/chmod-sql/chmod/materialize"
)

// Rollback is which tables to take back.
type Rollback struct {
	Selection selection.Request
	// Prefer is a host whose generation the others are to have, where they
	// differ.
	Prefer string
	// IfLocked is one of the words of that name, but skip; wait when empty.
	IfLocked string
	// Changes says that the plans will be carried out.
	Changes bool
}

// Rollbacks are plans that exchange tables for what is kept of them.
type Rollbacks struct {
	Plans []*materialize.Plan

	question Rollback
	worker   *worker
}

// Generation is what is kept of a node's table.
type Generation struct {
	Node *manifest.Node
	materialize.Kept
}

// kept are the types of nodes whose tables may be kept.
var kept = []string{manifest.Model, manifest.Seed, manifest.Snapshot}

// Kept are all generations that are kept on the target of selected nodes.
func (i *Invocation) Kept(ctx context.Context, s selection.Request) ([]Generation, error) {
	ids, err := i.runnable(Run{Selection: s, Types: kept})
	if err != nil {
		return nil, err
	}
	w, err := i.look(ctx, ids, false)
	if err != nil {
		return nil, err
	}
	var all []Generation
	for _, n := range w.inOrder() {
		in := w.input(n, "")
		if err := w.readPieces(ctx, &in); err != nil {
			return nil, err
		}
		if k, ok := materialize.KeptOf(in); ok {
			all = append(all, Generation{n, k})
		}
	}
	return all, nil
}

// Rollback plans, and changes nothing. It is all or nothing: the error names
// every selected node that there is nothing to go back to of.
func (i *Invocation) Rollback(ctx context.Context, q Rollback) (*Rollbacks, error) {
	ids, err := i.runnable(Run{Selection: q.Selection, Types: kept})
	if err == nil && len(ids) == 0 {
		err = fmt.Errorf("%s is no model, seed or snapshot", strings.Join(q.Selection.Select, ", "))
	}
	if err != nil {
		return nil, err
	}
	w, err := i.look(ctx, ids, q.Changes)
	if err != nil {
		return nil, err
	}
	r := &Rollbacks{question: q, worker: w}
	r.Plans, err = r.plans(ctx)
	return r, err
}

func (r *Rollbacks) plans(ctx context.Context) ([]*materialize.Plan, error) {
	w := r.worker
	var plans []*materialize.Plan
	var wrong diag.List
	var errs []error
	for _, n := range w.inOrder() {
		in := w.input(n, "")
		if err := w.readPieces(ctx, &in); err != nil {
			return nil, err
		}
		if k, ok := materialize.KeptOf(in); ok {
			if err := w.readKept(ctx, &in, k); err != nil {
				return nil, err
			}
		}
		plan, err := materialize.Rollback(in, r.question.Prefer)
		if err := wrong.AddError(err); err != nil {
			errs = append(errs, err)
			continue
		}
		if plan != nil && len(plan.Steps) > 0 {
			plans = append(plans, plan)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return plans, wrong.Err()
}

// readKept reads the columns that a node's table would have.
func (w *worker) readKept(ctx context.Context, in *materialize.Input, k materialize.Kept) error {
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	in.Target, err = materialize.ReadTarget(ctx, session, w.adapter.Server().Version, k.Relation)
	return errors.Join(err, session.Close())
}

// Apply carries the plans out, once nobody else builds what they are about.
func (r *Rollbacks) Apply(ctx context.Context) (err error) {
	w := r.worker
	if err := w.openState(ctx); err != nil {
		return err
	}
	defer func() { w.closeState(context.WithoutCancel(ctx), Outcome{Interrupted: ctx.Err() != nil}, err) }()
	if _, err := w.lock(ctx, w.ids, r.question.IfLocked); err != nil {
		return err
	}
	// What was shown is what is done, or nothing is.
	if err := w.observe(ctx); err != nil {
		return err
	}
	plans, err := r.plans(ctx)
	if err != nil {
		return err
	}
	if textOf(plans) != textOf(r.Plans) {
		return errors.New("what there is has changed since the plan was made, and nothing was done: see the new one")
	}
	return w.carryOut(ctx, plans, "roll back")
}

func textOf(plans []*materialize.Plan) string {
	text := ""
	for _, p := range plans {
		text += p.Text()
	}
	return text
}
