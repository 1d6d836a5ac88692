package invocation

import (
	"context"
	"errors"
	"fmt"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// finish puts in order what interrupted runs, and hosts that were away, have left
// undone of the selected nodes' tables, before any template asks what is there:
// hosts get the right table, what was set aside is put back, and rows that were
// computed are put in place. What fails is tried again, or said, when the node's
// turn comes.
func (w *worker) finish(ctx context.Context) error {
	if err := errors.Join(w.converge(ctx), w.putBack(ctx)); err != nil {
		return err
	}
	done := false
	for _, n := range w.inOrder() {
		if n.ResourceType != manifest.Model {
			continue
		}
		plan, err := materialize.Finish(w.input(n, ""))
		if err != nil || len(plan.Steps) == 0 {
			continue // what is wrong with it is said with the node
		}
		done = true
		w.events.Send(event.Message{Level: event.Info, Node: n.UniqueID, Text: fmt.Sprintf("%s: an interrupted run had new rows ready; they are put in place first", n.Name)})
		if _, err := w.apply(ctx, plan, w.observer(nil, event.MainThread)); err != nil {
			w.warn(n.UniqueID, "%s: what an interrupted run had ready could not be put in place: %v", n.Name, err)
		}
	}
	if !done {
		return nil
	}
	return w.observe(ctx)
}

// putBack gives tables that interrupted swaps have set aside their names again.
func (w *worker) putBack(ctx context.Context) error {
	done := false
	for _, n := range w.inOrder() {
		plan, ok := w.toPutBack(n)
		if !ok {
			continue
		}
		done = true
		w.events.Send(event.Message{Level: event.Info, Node: n.UniqueID, Text: fmt.Sprintf("%s: an interrupted run had set its table aside; it is put back first", n.Name)})
		if _, err := w.apply(ctx, plan, w.observer(nil, event.MainThread)); err != nil {
			w.warn(n.UniqueID, "%s: what an interrupted run had set aside could not be put back: %v", n.Name, err)
		}
	}
	if !done {
		return nil
	}
	return w.observe(ctx)
}

// ownStrategies are the project's own, ready to be called for a node.
func (w *worker) ownStrategies(ctx context.Context, n *manifest.Node) *materialize.OwnStrategies {
	return &materialize.OwnStrategies{Names: w.Project.Strategies(), SQL: func(name string, call materialize.StrategyCall) (string, error) {
		told := compiler.StrategyCall{
			Target: compiler.Relation{Schema: call.Target.Database, Name: call.Target.Name},
			Temp:   compiler.Relation{Schema: call.New.Database, Name: call.New.Name},
		}
		for _, c := range call.Columns {
			told.Columns = append(told.Columns, compiler.QueryColumn{Name: c.Name, Type: c.Type})
		}
		return w.Project.StrategySQL(ctx, n.UniqueID, name, told, w.warehouse)
	}}
}

// readTarget reads the table that a node adds to, if it does.
func (w *worker) readTarget(ctx context.Context, in *materialize.Input) error {
	r, adds := materialize.TargetOf(*in)
	if !adds {
		return nil
	}
	in.Own = w.ownStrategies(ctx, in.Node)
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	in.Target, err = materialize.ReadTarget(ctx, session, w.adapter.Server().Version, r)
	if err = errors.Join(err, session.Close()); err != nil {
		return err
	}
	return in.Target.ReadDrift(ctx, w.adapter, *in)
}
