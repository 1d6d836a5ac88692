package invocation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// batchRun adds the batches of a microbatch model to its table, one after the
// other: each is put in place by itself, and one that fails leaves the others
// as they are. Readers see each as soon as it is there. Should chmod die, the
// next run puts in place what was ready, and builds its own batches.
type batchRun struct {
	*worker
	node    *manifest.Node
	batches []materialize.Batch
	result  *event.Result
	texts   []string // of the plans
}

// inBatches adds batches to the table that there is.
func (w *worker) inBatches(ctx context.Context, n *manifest.Node, compiled *compiler.Compiled, batches []materialize.Batch, r *event.Result) error {
	for _, b := range batches {
		r.Batches = append(r.Batches, event.Batch{Start: b.Start, End: b.End})
	}
	r.BatchesBefore, _ = w.batchesBefore(n)
	run := &batchRun{worker: w, node: n, batches: batches, result: r}
	return run.oneByOne(ctx, compiled)
}

// builtInBatches tells which of the batches are in a table that was built from
// nothing.
func (w *worker) builtInBatches(batches []materialize.Batch, compiled *compiler.Compiled, result *materialize.Result, err error, r *event.Result) error {
	for _, b := range batches {
		out := event.Batch{Start: b.Start, End: b.End, Failed: err != nil}
		if result != nil && err == nil {
			for _, left := range result.LeftOut {
				if left.Batch.Start.Equal(b.Start) {
					out.Failed, out.Err = true, w.explain(left.Err, compiled)
				}
			}
		}
		r.Batches = append(r.Batches, out)
	}
	if err != nil {
		return err
	}
	return judge(r, nil)
}

// oneByOne carries a batch run out. compiled is the first batch's.
func (r *batchRun) oneByOne(ctx context.Context, compiled *compiler.Compiled) error {
	var halt error // why no other batch is begun
	for at := range r.batches {
		out := &r.result.Batches[at]
		if halt == nil && (ctx.Err() != nil || stopped(StopOf(ctx))) {
			halt = materialize.ErrStopped
		}
		if halt != nil {
			out.Failed = true
			continue
		}
		began, rows := time.Now(), r.result.Progress.WrittenRows
		out.Err = r.one(ctx, at, compiled)
		if compiled = nil; out.Err == nil {
			r.say(event.Info, at, fmt.Sprintf("%d rows in %s", r.result.Progress.WrittenRows-rows, seconds1(time.Since(began))))
			continue
		}
		out.Failed = true
		switch {
		case stoppedOnTheWay(ctx, out.Err):
			halt, out.Err = out.Err, nil
			continue
		case at == 0:
			halt = errFirstBatch
		case unsettled(out.Err):
			halt = errUnsettledBatch
		}
		r.say(event.Error, at, "failed: "+firstLineOf(out.Err.Error()))
	}
	r.tellUnwritten(r.node, r.writeRun(r.node, strings.Join(r.texts, "\n")))
	return judge(r.result, halt)
}

var (
	errFirstBatch     = errors.New("the first batch failed, and the others were not begun")
	errUnsettledBatch = errors.New("what a batch has left must be settled by the next run, and the batches after it were not begun")
)

// unsettled reports whether a batch that failed has left something that the next
// run has to deal with before anything else is put in place.
func unsettled(err error) bool {
	var step *materialize.StepError
	return errors.As(err, &step) && step.Undo != nil
}

// one builds a batch and puts it in place.
func (r *batchRun) one(ctx context.Context, at int, compiled *compiler.Compiled) (err error) {
	if compiled == nil {
		if compiled, err = r.compileBatch(ctx, r.node, &r.batches[at]); err != nil {
			return explainQuery(err)
		}
	}
	in, err := r.inputOf(ctx, r.node, compiled, r.batches)
	if err != nil {
		return err
	}
	_, err = r.carry(ctx, materialize.InBatches(in)[at], compiled, r.result, func(text string) error {
		first := len(r.texts) == 0
		r.texts = append(r.texts[:min(at, len(r.texts))], text)
		if first { // the rest comes at the end
			return r.writeRun(r.node, text)
		}
		return nil
	})
	return err
}

// judge gives a microbatch model its status, as dbt does.
func judge(r *event.Result, halt error) error {
	failed, built := []error{}, 0
	for _, b := range r.Batches {
		switch {
		case b.Err != nil:
			failed = append(failed, b.Err)
		case !b.Failed:
			built++
		}
	}
	switch {
	case built == len(r.Batches):
		r.Status, r.Message = event.Success, "SUCCESS"
	case built > 0:
		r.Status, r.Err = event.PartialSuccess, errors.Join(append(failed, halt)...)
		r.Message = fmt.Sprintf("PARTIAL SUCCESS (%d/%d)", built, len(r.Batches))
	case len(failed) > 0:
		return failed[0]
	default:
		return halt
	}
	return nil
}

func (r *batchRun) say(level event.Level, at int, what string) {
	r.events.SendFrom(r.result.Thread, event.Message{
		Level: level, Node: r.node.UniqueID,
		Text: fmt.Sprintf("%s: batch %s (%d of %d): %s", r.node.Name, r.batches[at].Label(), at+1, len(r.batches), what),
	})
}

func firstLineOf(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
