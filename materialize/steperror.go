package materialize

import (
	"errors"
	"fmt"

	"github.com/chmod-sql/chmod/adapters"
)

// StepError is a step that failed: what it was to do, its statement, and what
// the server or a file said.
type StepError struct {
	Step    Step
	QueryID string
	// NotStarted is true when the work was cancelled before the step.
	NotStarted bool
	Err        error
	// Undo is why something could not be undone, or nil. The next invocation
	// recognises what is left and drops it.
	Undo error
	// Kept is how many chunks of a build are done, which the next one goes on
	// after.
	Kept int
}

func (e *StepError) Error() string {
	kept := ""
	if e.Kept > 0 {
		kept = fmt.Sprintf("; what is done, %d of the chunks, is kept, and the next run goes on from there", e.Kept)
	}
	if e.NotStarted {
		return fmt.Sprintf("stopped before step %d (%s): %v", e.Step.Number, e.Step.Purpose, e.Err) + kept
	}
	s := fmt.Sprintf("step %d (%s): %v", e.Step.Number, e.Step.Purpose, e.Err)
	if e.Undo != nil {
		s += fmt.Sprintf("; not cleaned up, which the next run will do: %v", e.Undo)
	}
	return s + kept
}

func (e *StepError) Unwrap() error { return e.Err }

// UserOffset is where in the user's text the server saw the mistake; the text
// is the one that Step.Origin names. It is false when that is not known.
func (e *StepError) UserOffset() (int, bool) {
	var s *adapters.ServerError
	if !errors.As(e.Err, &s) {
		return 0, false
	}
	return e.Step.UserOffset(s.Line, s.Column)
}

// CheckError is a staging table that does not hold what was written to it. It
// was not put in place.
type CheckError struct {
	Want, Found uint64
}

func (e *CheckError) Error() string {
	return fmt.Sprintf("the new table holds %d rows, but %d were written; it was not put in place", e.Found, e.Want)
}
