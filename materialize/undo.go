package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// undo runs what undoes the steps that were begun, newest first, and returns
// the error that made it necessary, with what could not be undone.
func (a *application) undo(cause error) error {
	steps := slices.DeleteFunc(slices.Clone(a.begun), func(s Step) bool { return s.Undo == nil })
	if a.keeps(cause) {
		steps = slices.DeleteFunc(steps, func(s Step) bool { return s.Keeps })
		tellKept(cause, a.pieces)
	}
	if len(steps) == 0 {
		return cause
	}
	if a.unsettled {
		return left(cause, errUnsettled)
	}
	if committed := slices.IndexFunc(a.begun, func(s Step) bool { return s.Commit }); committed >= 0 {
		after := a.begun[committed:]
		if slices.ContainsFunc(after[:len(after)-1], func(s Step) bool { return s.Ended }) {
			return cause
		}
		return left(cause, errCommitted)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), undoTime)
	defer cancel()
	// A session of its own: the other one may be broken, or hold settings that
	// a hook set.
	session, err := a.sessions.Session(ctx)
	if err != nil {
		return left(cause, fmt.Errorf("open a session to undo: %w", err))
	}
	defer func() { _ = session.Close() }() // nothing depends on it any more
	var failed []error
	for _, step := range slices.Backward(steps) {
		err := a.undoStep(ctx, session, step)
		a.observe(Undone{Plan: a.plan, Step: step, Statement: *step.Undo, Err: err})
		if err != nil {
			failed = append(failed, fmt.Errorf("undo step %d: %w", step.Number, err))
		}
	}
	if len(failed) > 0 {
		return left(cause, errors.Join(failed...))
	}
	return cause
}

var errCommitted = errors.New("the new rows are computed, and the next run puts in place what is not there yet")

var errUnsettled = errors.New("a host may still carry out the swap, and nothing is dropped before that is known")

// undoStep undoes one step, on every host that it may have reached.
func (a *application) undoStep(ctx context.Context, session adapters.Session, step Step) error {
	if step.Scope != ScopeCluster && step.Scope != ScopeHosts {
		_, err := session.Exec(ctx, *step.Undo)
		if harmless(err) {
			return nil
		}
		return err
	}
	names := step.Hosts
	if step.Scope == ScopeCluster {
		names = hostNames(step.all)
	}
	// One by one, even where ON CLUSTER did it: a host may fail that has
	// nothing to undo, and none must find it in its queue later.
	direct := *step.Undo
	direct.SQL = step.UndoDirect
	failed := a.fleet.each(ctx, undoTime, a.here(names), func(ctx context.Context, _ string, s adapters.Session) error {
		_, err := s.Exec(ctx, direct)
		return err
	})
	var errs []error
	for _, h := range slices.Sorted(keys(failed)) {
		if !harmless(failed[h]) {
			errs = append(errs, fmt.Errorf("%s: %w", h, failed[h]))
		}
	}
	return errors.Join(errs...)
}

// harmless reports whether an undo failed because there was nothing to undo.
func harmless(err error) bool {
	class := adapters.ClassOf(err)
	return class == adapters.ClassMissing || class == adapters.ClassExists
}

// tellKept puts how many chunks the next run takes over into the error.
func tellKept(cause error, chunks int) {
	var step *StepError
	if errors.As(cause, &step) {
		step.Kept = chunks
	}
}

// left puts what could not be undone into the error.
func left(cause, undo error) error {
	var step *StepError
	if errors.As(cause, &step) {
		step.Undo = undo
		return cause
	}
	return errors.Join(cause, undo)
}
