package materialize

import (
	"context"
	"errors"
	"fmt"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// later is a step put off: what carries it out once the rest of the plan is
// done, whether that went well or not.
func (a *application) later(step Step) func(ctx context.Context) error {
	plan, left := a.plan, a.warned
	return func(ctx context.Context) error {
		own := newApplication(ctx, a.sessions, plan, a.options)
		own.warned = left
		defer own.fleet.close()
		session, err := a.sessions.Session(ctx)
		if err != nil {
			return fmt.Errorf("open a session: %w", err)
		}
		_, err = own.step(session, step)
		own.report(step, err)
		if err = errors.Join(err, session.Close()); err != nil {
			return fmt.Errorf("%s: %w", plan.NodeID, err)
		}
		return nil
	}
}

// mayWait reports whether a step that failed may be left to the next run: what
// readers see is complete without it.
func (a *application) mayWait(step Step) bool { return step.Late && a.ctx.Err() == nil }

// putOff tells that a step failed which the next run carries out.
func (a *application) putOff(step Step, err error) {
	var why *StepError
	if errors.As(err, &why) {
		err = why.Err
	}
	a.warnings = append(a.warnings, diag.Diagnostic{
		Severity: diag.Warning, Code: "old-table-left",
		What: fmt.Sprintf("%s is built, but what it replaced could not be dropped", a.plan.NodeID), Why: oneLine(err.Error()),
		Fix: "nothing needs to be done: a later run drops it; until then it takes up space",
	})
}
