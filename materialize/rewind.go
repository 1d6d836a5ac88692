package materialize

import (
	"context"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// Patience is how a plan answers failures that are the moment's. The zero
// value has none: they are the node's.
type Patience struct {
	// Retries is how often steps are carried out again at most.
	Retries int
	// Pause waits before the n-th retry, from 1; its error means that there is
	// none.
	Pause func(ctx context.Context, n int) error
	// TooBig tells the failures that less work at once may avoid, and Spare gives
	// settings that may. They may be nil.
	TooBig func(err error) bool
	Spare  func(err error) map[string]any
}

// rewind answers a step that failed for the moment while the node's new table
// was being made, which nobody has seen yet: what was made is dropped, and the
// steps that make it are carried out again. It returns where in the plan to go
// on, false when the failure stands.
//
// Nothing is done while the failed statement may still run somewhere, and
// nothing is done twice that others can see.
func (a *application) rewind(failed int, cause error) (int, bool) {
	patience := a.options.Patience
	if a.retries >= patience.Retries || a.ctx.Err() != nil || a.unsettled {
		return 0, false
	}
	if after := adapters.AftermathOf(cause); after != adapters.Refused && after != adapters.Ended {
		return 0, false
	}
	if a.pieces > 0 {
		return 0, false // the next run goes on with what is there
	}
	from := a.made(failed)
	if from < 0 {
		return 0, false
	}
	a.retries++
	a.observe(StepRetried{Plan: a.plan, Step: a.plan.Steps[failed], Redo: true, Again: adapters.Again{
		Err: cause, Attempt: a.retries, Attempts: patience.Retries,
	}})
	if patience.Pause(a.ctx, a.retries) != nil || !a.unmake(from) {
		return 0, false
	}
	return from, true
}

// made is the first of the steps that make what the failed one works on, or -1
// when they cannot all be carried out again.
func (a *application) made(failed int) int {
	from := -1
	for i := failed; i >= 0 && a.redoable(a.plan.Steps[i]); i-- {
		if a.plan.Steps[i].Undo != nil {
			from = i
		}
	}
	return from
}

// redoable reports whether a step does nothing but to make the new table.
func (a *application) redoable(s Step) bool {
	switch {
	case s.Swap, s.Durable, s.Late, s.Commit, s.Gone != nil, s.Kind == KindPartitions, s.Kind == KindDescribe:
		return false
	case s.Origin.Kind == OriginPreHook, s.Origin.Kind == OriginPostHook, s.Origin.Kind == OriginHeader:
		return false
	}
	return s.Undo != nil || s.Kind != KindExec || repeatable(s)
}

// unmake drops what the steps from that one on have made.
func (a *application) unmake(from int) bool {
	ctx, cancel := context.WithTimeout(a.ctx, undoTime)
	defer cancel()
	session, err := a.sessions.Session(ctx)
	if err != nil {
		return false
	}
	defer func() { _ = session.Close() }() // nothing depends on it any more
	first := a.plan.Steps[from].Number
	for len(a.begun) > 0 && a.begun[len(a.begun)-1].Number >= first {
		step := a.begun[len(a.begun)-1]
		if step.Undo != nil {
			err := a.undoStep(ctx, session, step)
			a.observe(Undone{Plan: a.plan, Step: step, Statement: *step.Undo, Err: err})
			if err != nil {
				return false
			}
		}
		a.begun = a.begun[:len(a.begun)-1]
	}
	return true
}

// repeatable reports whether a step's statement may be carried out twice: its
// own words say that it does nothing the second time.
func repeatable(s Step) bool {
	if s.Origin.Kind != OriginNone && s.Origin.Kind != OriginSQL {
		return false
	}
	return slices.ContainsFunc([]string{
		"DROP TABLE IF EXISTS ", "CREATE DATABASE IF NOT EXISTS ", "CREATE TABLE IF NOT EXISTS ", "CREATE OR REPLACE ",
		"GRANT ", "REVOKE ", "SELECT ", "DESCRIBE ",
	}, func(head string) bool { return strings.HasPrefix(s.Statement.SQL, head) })
}
