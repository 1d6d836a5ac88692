package materialize

import (
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// LeftOut is a batch that failed and is not in the table that was built.
type LeftOut struct {
	Batch Batch
	Err   error
}

// leaveOut answers a batch that failed while a table is built from nothing:
// what it has inserted is taken out, and the others are built. When the first
// one fails, all would, most likely, and none is tried.
//
// A reader sees the old table meanwhile, or none, then one without the rows of
// that batch. Should chmod die, the next run builds all of them from nothing.
func (a *application) leaveOut(failed int, cause error) (int, bool) {
	step := a.plan.Steps[failed]
	if step.Batch == nil || step.Batch.Clear == nil || step.Batch.Number == 1 || a.ctx.Err() != nil || a.unsettled {
		return 0, false
	}
	if adapters.AftermathOf(cause) == adapters.Lost || !a.clear(step) {
		return 0, false
	}
	a.rows[step.Number] = 0
	a.begun = slices.DeleteFunc(a.begun, func(s Step) bool { return s.Number >= step.Number })
	a.result.LeftOut = append(a.result.LeftOut, LeftOut{Batch: step.Batch.Batch, Err: cause})
	return failed + 1, true
}
