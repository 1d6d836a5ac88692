package materialize

import (
	"context"
	"errors"
	"fmt"
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
