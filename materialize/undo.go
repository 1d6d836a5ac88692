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
	if len(steps) == 0 {
		return cause
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
		_, err := session.Exec(ctx, *step.Undo)
		if harmless(err) {
			err = nil
		}
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

// harmless reports whether an undo failed because there was nothing to undo.
func harmless(err error) bool {
	class := adapters.ClassOf(err)
	return class == adapters.ClassMissing || class == adapters.ClassExists
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
