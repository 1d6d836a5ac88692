package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// ErrStopped is that a build in chunks was asked to stop, and did so between
// two of them.
var ErrStopped = errors.New("stopped between two chunks")

// stopping reports whether a step is not begun any more because the run is to
// stop, and loses nothing by it.
func (a *application) stopping(step Step) bool {
	if step.Chunk == nil || a.options.Ledger == nil || step.Chunk.Clear == nil {
		return false
	}
	select {
	case <-a.options.Stop:
		return true
	default:
		return false
	}
}

// inherit tells the ledger of what a step takes over, before it does.
func (a *application) inherit(step Step) error {
	if len(step.Inherits) == 0 || a.options.Ledger == nil {
		return nil
	}
	if err := a.options.Ledger.Enter(a.ctx, step.Inherits); err != nil {
		return fmt.Errorf("write which chunks are taken over: %w", err)
	}
	a.pieces += len(step.Inherits)
	for _, piece := range step.Inherits {
		a.inherited += piece.Rows
	}
	a.result.Rows = a.inherited
	return nil
}

// enter tells the ledger of a chunk that is done.
func (a *application) enter(step Step) error {
	if step.Chunk == nil || step.Chunk.Clear == nil || a.options.Ledger == nil {
		return nil
	}
	piece := step.Chunk.piece
	piece.Rows = a.rows[step.Number]
	if n := len(a.result.Steps); n > 0 {
		piece.Elapsed = a.result.Steps[n-1].Summary.Elapsed
	}
	if err := a.options.Ledger.Enter(a.ctx, []Piece{piece}); err != nil {
		return &StepError{Step: step, Err: fmt.Errorf("write that the chunk is done: %w", err)}
	}
	a.pieces++
	return nil
}

// again plans anew with what has been found out. The steps that were begun
// stay what they are.
func (a *application) again(begun int, change func(*Input)) bool {
	if a.plan.rebind == nil {
		return false
	}
	plan, err := a.plan.rebind(change)
	if err != nil || len(plan.Steps) < begun {
		return false
	}
	for i := range begun {
		if plan.Steps[i].Kind != a.plan.Steps[i].Kind || plan.Steps[i].Scope != a.plan.Steps[i].Scope {
			return false
		}
	}
	a.plan = plan
	return true
}

// bindBounds plans the chunks once it is known where there are rows.
func (a *application) bindBounds() error {
	b := a.bounds
	plan, err := a.plan.rebind(func(in *Input) { in.Chunking.Bounds = b })
	if err != nil {
		return err
	}
	begun := len(a.begun)
	if len(plan.Steps) < begun || plan.Steps[begun-1].Kind != KindBounds {
		return fmt.Errorf("plan of %s: step %d became another one once the bounds were known; this is a mistake in chmod", a.plan.NodeID, begun)
	}
	a.plan = plan
	return nil
}

// lighten answers a step that needed more memory than it may have: by smaller
// chunks as long as there are any, then by settings that make the server use
// its disk. It returns where in the plan to go on, false when the failure
// stands.
func (a *application) lighten(failed int, cause error) (int, bool) {
	patience := a.options.Patience
	if patience.TooBig == nil || !patience.TooBig(cause) || a.ctx.Err() != nil || a.unsettled || adapters.AftermathOf(cause) == adapters.Lost {
		return 0, false
	}
	step := a.plan.Steps[failed]
	if step.Chunk != nil {
		if chunks, smaller := smallerChunks(step.Chunk); smaller {
			return a.lighter(failed, cause, "with chunks half as big", func(in *Input) { in.Chunking.Chunks = chunks })
		}
	}
	if a.sparing || patience.Spare == nil {
		return 0, false
	}
	settings := patience.Spare(cause)
	if len(settings) == 0 {
		return 0, false
	}
	a.sparing = true
	return a.lighter(failed, cause, "using the disk where memory is short", func(in *Input) { in.Sparing = settings })
}

// smallerChunks are those of a build with the one that failed, and all after
// it, cut in two; false when the one that failed cannot be.
func smallerChunks(c *ChunkStep) ([]Chunk, bool) {
	if _, ok := c.Chunk.halves(); !ok {
		return nil, false
	}
	all := slices.Clone(c.All[:c.Number-1])
	for _, chunk := range c.All[c.Number-1:] {
		if halves, ok := chunk.halves(); ok {
			all = append(all, halves...)
		} else {
			all = append(all, chunk)
		}
	}
	return all, len(all) <= mostChunks
}

// lighter undoes what a failed step has left, and plans anew.
func (a *application) lighter(failed int, cause error, how string, change func(*Input)) (int, bool) {
	step := a.plan.Steps[failed]
	from := failed
	switch {
	case step.Kind == KindBounds || step.Kind == KindDescribe:
	case step.clearing() != nil:
		if !a.clear(step) {
			return 0, false
		}
	case step.Kind == KindInsert || step.Kind == KindCheck:
		if from = a.made(failed); from < 0 || a.pieces > 0 || !a.unmake(from) {
			return 0, false
		}
		if step.Chunk != nil { // all of them are built again
			all := step.Chunk.All
			inner := change
			change = func(in *Input) {
				inner(in)
				if len(in.Chunking.Chunks) == 0 {
					in.Chunking.Chunks = all
				}
			}
		}
	default:
		return 0, false
	}
	a.begun = slices.DeleteFunc(a.begun, func(s Step) bool { return s.Number > from })
	if !a.again(from, change) {
		return 0, false
	}
	a.observe(StepLightened{Plan: a.plan, Step: step, Err: cause, How: how})
	return from, true
}

// clearing takes out what a step has inserted should it be broken off; nil when
// that cannot be done.
func (s Step) clearing() *Step {
	switch {
	case s.Chunk != nil:
		return s.Chunk.Clear
	case s.Batch != nil:
		return s.Batch.Clear
	}
	return nil
}

// redoChunk answers a chunk or a batch that failed for the moment: what it has
// left is taken out, and it is built again.
func (a *application) redoChunk(failed int, cause error) (int, bool) {
	patience, step := a.options.Patience, a.plan.Steps[failed]
	if step.clearing() == nil || a.retries >= patience.Retries || a.ctx.Err() != nil || a.unsettled {
		return 0, false
	}
	if after := adapters.AftermathOf(cause); after != adapters.Refused && after != adapters.Ended {
		return 0, false
	}
	a.retries++
	a.observe(StepRetried{Plan: a.plan, Step: step, Redo: true, Again: adapters.Again{Err: cause, Attempt: a.retries, Attempts: patience.Retries}})
	if patience.Pause(a.ctx, a.retries) != nil || !a.clear(step) {
		return 0, false
	}
	a.begun = slices.DeleteFunc(a.begun, func(s Step) bool { return s.Number >= step.Number })
	return failed, true
}

// clearTime bounds the taking out of a chunk's rows.
const clearTime = time.Hour

// clear takes out what a step has inserted of its chunk.
func (a *application) clear(step Step) bool {
	ctx, cancel := context.WithTimeout(a.ctx, clearTime)
	defer cancel()
	session, err := a.sessions.Session(ctx)
	if err != nil {
		return false
	}
	defer func() { _ = session.Close() }() // nothing depends on it any more
	clear := *step.clearing()
	err = a.onShards(session, clear, func(_ context.Context, s adapters.Session) error {
		_, err := s.Exec(ctx, clear.Statement)
		return err
	})
	return err == nil
}

// startOver answers a table that was taken over and does not hold what it
// should: it is dropped, and all chunks are built.
func (a *application) startOver(failed int, cause error) (int, bool) {
	step := a.plan.Steps[failed]
	if step.Check == nil || step.Check.Rows == nil || a.ctx.Err() != nil {
		return 0, false
	}
	from := slices.IndexFunc(a.plan.Steps, func(s Step) bool { return len(s.Inherits) > 0 })
	if from < 0 || !a.unmake(from) {
		return 0, false
	}
	a.pieces, a.inherited = 0, 0
	if !a.again(from, func(in *Input) { in.Chunking.Fresh = true }) {
		return 0, false
	}
	a.observe(StepLightened{Plan: a.plan, Step: step, Err: cause, How: "from the first chunk"})
	return from, true
}

// keeps reports whether a failure leaves the staging table to the next run,
// which goes on after the chunks that are done.
func (a *application) keeps(cause error) bool {
	var wrong *CheckError
	if a.pieces == 0 || errors.As(cause, &wrong) {
		return false
	}
	return !slices.ContainsFunc(a.begun, func(s Step) bool { return s.Swap || s.Commit })
}
