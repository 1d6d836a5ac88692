package materialize

import (
	"github.com/chmod-sql/chmod/adapters"
)

// Event is what Apply tells while it works: StepStarted, StepProgress, StepRetried,
// StepLightened, StepFinished or Undone.
type Event interface{ event() }

// StepStarted comes before a statement is sent.
type StepStarted struct {
	Plan    *Plan
	Step    Step
	QueryID string
}

// StepProgress comes with each report of the server.
type StepProgress struct {
	Plan     *Plan
	Step     Step
	QueryID  string
	Progress adapters.Progress
}

// StepRetried comes before a statement is tried again, is looked for after its
// connection was lost, or, with Redo, before the steps that make the new table
// are carried out once more.
type StepRetried struct {
	Plan  *Plan
	Step  Step
	Again adapters.Again
	Redo  bool
}

// StepLightened comes before a plan is gone on with in another way, since a
// step was too big for the server's memory.
type StepLightened struct {
	Plan *Plan
	Step Step
	Err  error
	How  string
}

// StepFinished comes after a statement, whatever became of it.
type StepFinished struct {
	Plan    *Plan
	Step    Step
	QueryID string
	Summary adapters.Summary
	Err     error
}

// Undone comes for each statement that undoes a step.
type Undone struct {
	Plan      *Plan
	Step      Step
	Statement adapters.Statement
	Err       error
}

func (StepStarted) event()   {}
func (StepProgress) event()  {}
func (StepLightened) event() {}
func (StepRetried) event()   {}
func (StepFinished) event()  {}
func (Undone) event()        {}
