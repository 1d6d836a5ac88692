package materialize

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Journal is where an invocation leaves word of what it does, for others that
// may have to go on after it. It may be used concurrently.
type Journal interface {
	// Hold tells until when the invocation counts as alive, whatever becomes of
	// it. With an error it does not any more: others may have cleaned up after
	// it, and it must not change anything.
	Hold(ctx context.Context) (until time.Time, err error)
	// Note writes an entry when it is convenient. It does not wait.
	Note(Entry)
	// Intend writes an entry, and all those before it; it is on the server when
	// Intend returns without an error.
	Intend(ctx context.Context, e Entry) error
}

// EntryState is how far the step of an entry is.
type EntryState string

const (
	EntryIntent EntryState = "intent"
	EntryDone   EntryState = "done"
	EntryFailed EntryState = "failed"
)

// Entry is what a journal has about one step.
type Entry struct {
	Node     string
	Relation adapters.Relation
	Step     int
	Purpose  string
	// Effect is how to see whether the step was carried out.
	Effect  string
	State   EntryState
	Message string
}

// holding is the journal's word on a statement before it is sent.
func holding(j Journal) func(context.Context) (time.Time, error) {
	return func(ctx context.Context) (time.Time, error) {
		until, err := j.Hold(ctx)
		if err != nil {
			err = withheld{err}
		}
		return until, err
	}
}

// withheld is why a statement was not sent. What a server has said to the journal
// is not to be had of it: it says nothing about the statement, nor about the host
// that this is for.
type withheld struct{ why error }

func (w withheld) Error() string        { return w.why.Error() }
func (w withheld) Is(target error) bool { return errors.Is(w.why, target) }

// entry is what the journal is told of a step.
func (a *application) entry(step Step, state EntryState) Entry {
	return Entry{
		Node: a.plan.NodeID, Relation: a.plan.Relation, Step: step.Number, Purpose: step.Purpose,
		Effect: step.Effect.text(), State: state,
	}
}

// announce tells the journal of a step before it is begun. Only what the
// catalog will not tell is waited for. That is what Step.Durable marks. All
// other steps work on tables whose names say whose they are and what for: what
// they leave is found and undone by these names alone, and a swap by EXCHANGE
// leaves nothing that has to be put back, since both names stand for a whole
// table at any moment. No step that publishes is begun by an invocation that
// others may hold for dead, and none sends a statement. A swap by two renames is
// durable: between them, only a name that others would drop stands for the table,
// and afterwards nothing tells whether it was the swap or its owner who took the
// name away.
func (a *application) announce(step Step) error {
	j := a.options.Journal
	if j == nil {
		return nil
	}
	if step.Swap || step.Durable || step.Commit || step.Kind == KindPartitions {
		if _, err := j.Hold(a.ctx); err != nil {
			return err
		}
	}
	if step.Durable {
		return j.Intend(a.ctx, a.entry(step, EntryIntent))
	}
	return nil
}

// report tells the journal what became of a step that changes something.
func (a *application) report(step Step, err error) {
	j := a.options.Journal
	if j == nil || step.Effect == nil && !step.Durable && !step.Swap && step.Kind != KindInsert && step.Kind != KindSeed {
		return
	}
	e := a.entry(step, EntryDone)
	if err != nil {
		e.State, e.Message = EntryFailed, oneLine(err.Error())
	}
	j.Note(e)
}

// text says what is where once a statement was carried out.
func (e *Effect) text() string {
	if e == nil {
		return ""
	}
	var words []string
	for _, r := range e.There {
		words = append(words, "there: "+r.String())
	}
	for _, r := range e.Gone {
		words = append(words, "gone: "+r.String())
	}
	if e.New.Name != "" {
		words = append(words, "new: "+e.New.String())
	}
	if e.Database != "" {
		words = append(words, "there: database "+adapters.QuoteIdent(e.Database))
	}
	return strings.Join(words, "; ")
}
