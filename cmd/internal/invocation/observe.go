package invocation

import (
	"context"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// observer turns what an applied plan tells into events, and keeps the list of
// running queries.
func (w *worker) observer(n *manifest.Node, thread string) func(materialize.Event) {
	return func(e materialize.Event) {
		switch e := e.(type) {
		case materialize.StepStarted:
			w.queries.add(e.QueryID)
			statement := e.Step.Statement
			statement.QueryID = e.QueryID
			w.events.SendFrom(thread, event.StatementStarted{Node: n, Purpose: e.Step.Purpose, Statement: statement})
		case materialize.StepProgress:
			if n != nil {
				w.events.SendFrom(thread, event.NodeProgress{Node: n, Step: e.Step.Purpose, Progress: e.Progress})
			}
		case materialize.StepRetried:
			what := "it"
			if e.Redo {
				what = "the new table"
			}
			w.tellAgain(thread, n, e.Step.Purpose, e.Again, what)
		case materialize.StepLightened:
			w.tellLightened(thread, n, e)
		case materialize.StepFinished:
			w.queries.remove(e.QueryID)
			w.events.SendFrom(thread, event.StatementFinished{Node: n, Summary: e.Summary, Err: e.Err})
		case materialize.Undone:
			w.events.SendFrom(thread, event.StatementStarted{Node: n, Purpose: "undo: " + e.Step.Purpose, Statement: e.Statement})
			w.events.SendFrom(thread, event.StatementFinished{Node: n, Err: e.Err})
		}
	}
}

// query runs a statement outside of a plan, with the same events.
func (w *worker) query(ctx context.Context, session adapters.Session, n *manifest.Node, thread, purpose string, s adapters.Statement) (*adapters.Table, adapters.Summary, error) {
	if s.QueryID == "" {
		s.QueryID = uuid.NewString()
	}
	w.queries.add(s.QueryID)
	defer w.queries.remove(s.QueryID)
	w.events.SendFrom(thread, event.StatementStarted{Node: n, Purpose: purpose, Statement: s})
	if n != nil {
		s.Progress = func(p adapters.Progress) {
			w.events.SendFrom(thread, event.NodeProgress{Node: n, Step: purpose, Progress: p})
		}
	}
	s.Retrying = func(again adapters.Again) { w.tellAgain(thread, n, purpose, again, "it") }
	table, summary, err := session.Query(ctx, s)
	w.events.SendFrom(thread, event.StatementFinished{Node: n, Summary: summary, Err: err})
	return table, summary, err
}
