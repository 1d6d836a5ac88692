package invocation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// keepsState reports whether the run leaves traces in the warehouse: only one
// that builds something does.
func (w *worker) keepsState() bool {
	if !w.Project.Target.State {
		return false
	}
	for id := range w.ids {
		if n := w.Manifest().Nodes[id]; n.ResourceType != manifest.Test {
			return true
		}
	}
	return false
}

// openState makes what is missing of the state schema and begins the journal.
// A run goes on without: the user is told what that means.
func (w *worker) openState(ctx context.Context) error {
	if !w.keepsState() {
		return nil
	}
	err := w.unread // who cannot read sees no locks
	if err == nil {
		err = w.makeState(ctx)
	}
	if err == nil {
		w.journal, err = w.book().Start(ctx, w.selfInBook())
	}
	if err != nil && ctx.Err() == nil {
		w.warn("", "no journal is kept in the database %s: %v. This run works as ever; but what it leaves behind, should it be killed, "+
			"is dropped by another machine after 24 hours only. state: off in the target leaves the journal out", w.Project.Target.StateSchema, err)
		return nil
	}
	return err
}

func (w *worker) makeState(ctx context.Context) error {
	plan, err := w.statePlan(ctx)
	if err != nil || len(plan.Steps) == 0 {
		return err
	}
	_, err = materialize.Apply(ctx, w.adapter, plan, nil)
	return err
}

func (w *worker) statePlan(ctx context.Context) (*materialize.Plan, error) {
	schema := w.Project.Target.StateSchema
	var columns materialize.StateColumns
	if w.state.HasState(schema) {
		table, err := w.askOne(ctx, materialize.StateColumnsStatement(schema))
		if err != nil {
			return nil, err
		}
		if columns, err = materialize.ReadStateColumns(table); err != nil {
			return nil, err
		}
	}
	return materialize.StatePlan(w.state, w.adapter.Server(), w.topology, schema, columns, w.comment(""))
}

// stateNote is what a plan says of the state schema; empty when it is there, or
// not kept.
func (w *worker) stateNote() string {
	schema := w.Project.Target.StateSchema
	if !w.keepsState() || w.state.HasState(schema) {
		return ""
	}
	return fmt.Sprintf("-- note: a run makes the database %s, for its journal, where it is missing\n", adapters.QuoteIdent(schema))
}

func (w *worker) book() *journal.Book {
	// The processes of this machine are seen; of others the book itself tells.
	live := materialize.Liveness{Invocation: w.self(), Alive: alive, Known: func(string) (bool, bool) { return false, true }}
	return journal.Open(w.adapter, w.Project.Target.StateSchema, w.comment("")).By(w.clock).Knowing(func(stamp string) bool {
		s, ok := materialize.ParseStamp(stamp)
		return ok && live.Dead(s)
	})
}

func (w *worker) selfInBook() journal.Self {
	return journal.Self{
		Invocation: w.self(), Project: w.Manifest().ProjectName, Target: w.Project.Target.Name,
		Command: w.request.Command, Version: w.request.Version, HostName: machine(), User: w.adapter.Server().User,
	}
}

// closeState writes how the run has ended.
func (w *worker) closeState(ctx context.Context, out Outcome, err error) {
	if w.journal == nil {
		return
	}
	result := "success"
	switch {
	case err != nil:
		result = "error"
	case out.Interrupted:
		result = "interrupted"
	case out.Failed():
		result = "failed"
	}
	if err := w.journal.Close(ctx, result); err != nil {
		w.warn("", "%v", err)
	}
}

// askOne asks the server one question outside of any node.
func (w *worker) askOne(ctx context.Context, st adapters.Statement) (*adapters.Table, error) {
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	table, _, err := session.Query(ctx, st)
	return table, errors.Join(err, session.Close())
}

// known is what the book says of other invocations, for materialize.Liveness.
func known(lives map[string]journal.Life) func(stamp string) (dead, known bool) {
	return func(stamp string) (bool, bool) {
		l, ok := lives[stamp]
		return ok && l.Dead(), ok
	}
}

// unfinished are the invocations in the book that are over and have not said so.
func unfinished(lives map[string]journal.Life, live materialize.Liveness) []journal.Life {
	var dead []journal.Life
	for _, stamp := range slices.Sorted(maps.Keys(lives)) {
		s, ok := materialize.ParseStamp(stamp)
		if l := lives[stamp]; ok && !l.Finished && live.Dead(s) {
			dead = append(dead, l)
		}
	}
	return dead
}
