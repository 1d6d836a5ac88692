package invocation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// BackfillOutcome is how a backfill ended.
type BackfillOutcome struct {
	// Done is how many pieces this call has finished, of all that were left.
	Done, Left  int
	Rows        uint64
	Interrupted bool
	// Err is why a piece failed.
	Err error
}

// hand works on one piece at a time. Each has tables and a journal of its own.
type hand struct {
	thread  string
	self    materialize.Invocation
	journal *journal.Journal
}

// Run carries a backfill out. The error is about what kept it from beginning.
func (b *Backfill) Run(ctx context.Context) (out BackfillOutcome, err error) {
	w := b.worker
	if err := w.openState(ctx); err != nil {
		return out, err
	}
	defer func() { w.closeState(ctx, Outcome{Interrupted: out.Interrupted}, errors.Join(err, out.Err)) }()
	ids, err := w.lock(ctx, dag.NewSet(b.Node.UniqueID), b.request.IfLocked)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	if err := w.finish(ctx); err != nil {
		return out, err
	}
	// Another call may have gone on meanwhile.
	if err := b.readDone(ctx); err != nil {
		return out, err
	}
	left := b.Left()
	out.Left = len(left)
	if len(left) == 0 {
		return out, nil
	}
	defer w.watchInterrupts(ctx)()
	ctx, stop := w.killing(ctx)
	defer stop()
	progress := &pieces{backfill: b, total: len(left), began: time.Now()}
	first := &hand{thread: "Thread-1 (worker)", self: w.self(), journal: w.journal}
	// The first one goes alone: it drops what others have left, and makes the
	// table's columns those of the SQL.
	progress.work(ctx, first, left[:1])
	if rest := left[1:]; len(rest) > 0 && !progress.over(ctx) {
		if err := w.observe(ctx); err != nil {
			progress.fail(err)
		} else if err := b.inParallel(ctx, progress, first, rest); err != nil {
			progress.fail(err)
		}
	}
	out.Done, out.Rows, out.Err = progress.done, progress.rows, progress.err
	out.Interrupted = ctx.Err() != nil || stopped(StopOf(ctx))
	if out.Done == len(left) && w.journal != nil {
		last := materialize.Piece{Kind: materialize.PieceBackfill, Node: b.Node.UniqueID, Relation: b.relation(), Work: b.work, Number: len(b.Pieces) + 1, Last: true}
		if err := w.journal.Enter(ctx, []materialize.Piece{last}); err != nil {
			out.Err = errors.Join(out.Err, fmt.Errorf("write that all is done: %w", err))
		}
	}
	return out, nil
}

// inParallel works on pieces with several hands.
func (b *Backfill) inParallel(ctx context.Context, progress *pieces, first *hand, rest []int) error {
	hands := []*hand{first}
	for n := 2; n <= min(b.request.Parallel, len(rest)); n++ {
		h := &hand{thread: fmt.Sprintf("Thread-%d (worker)", n), self: b.worker.self()}
		h.self.ID = uuid.New()
		if b.worker.journal != nil {
			self := b.worker.selfInBook()
			self.Invocation = h.self
			j, err := b.worker.book().Start(ctx, self)
			if err != nil {
				return err
			}
			h.journal = j
			defer func() {
				if err := j.Close(ctx, "success"); err != nil {
					b.worker.warn("", "%v", err)
				}
			}()
		}
		hands = append(hands, h)
	}
	queue := make(chan int, len(rest))
	for _, at := range rest {
		queue <- at
	}
	close(queue)
	var all sync.WaitGroup
	for _, h := range hands {
		all.Go(func() {
			for at := range queue {
				if progress.over(ctx) {
					return
				}
				progress.work(ctx, h, []int{at})
			}
		})
	}
	all.Wait()
	return nil
}

// pieces is a backfill at work. It may be used concurrently.
type pieces struct {
	backfill *Backfill
	total    int
	began    time.Time
	// turn is of who puts rows in place.
	turn sync.Mutex

	mutex sync.Mutex
	done  int
	rows  uint64
	err   error
}

// over reports whether no other piece is begun.
func (p *pieces) over(ctx context.Context) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.err != nil || ctx.Err() != nil || stopped(StopOf(ctx))
}

func (p *pieces) fail(err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.err == nil {
		p.err = err
	}
}

// work does pieces one after the other and tells of each.
func (p *pieces) work(ctx context.Context, h *hand, some []int) {
	b := p.backfill
	for _, at := range some {
		began := time.Now()
		rows, err := p.piece(ctx, h, at)
		if err != nil {
			if !stoppedOnTheWay(ctx, err) {
				p.fail(fmt.Errorf("%s %s: %w", b.Column, b.Pieces[at].Label(), err))
			}
			return
		}
		p.mutex.Lock()
		p.done++
		p.rows += rows
		text := fmt.Sprintf("%d of %d: %s %s: %d rows in %s", p.done, p.total, b.Column, b.Pieces[at].Label(), rows, seconds1(time.Since(began)))
		if rest := p.total - p.done; rest > 0 {
			text += "; about " + seconds1(time.Since(p.began)/time.Duration(p.done)*time.Duration(rest)) + " left"
		}
		p.mutex.Unlock()
		b.worker.events.SendFrom(h.thread, event.Message{Level: event.Info, Node: b.Node.UniqueID, Text: text})
	}
}

// seconds1 is a time to a tenth of a second while it is short.
func seconds1(d time.Duration) string {
	if d < time.Minute {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// piece computes one piece and puts it in place.
func (p *pieces) piece(ctx context.Context, h *hand, at int) (uint64, error) {
	b, w := p.backfill, p.backfill.worker
	compiled, batches, err := b.compile(ctx, b.Pieces[at])
	if err != nil {
		return 0, explainQuery(err)
	}
	in := w.input(b.Node, compiled.SQL)
	in.Invocation, in.Batches, in.Within = h.self, batches, &b.Pieces[at]
	in.PreHooks, in.PostHooks = hooksOf(compiled.PreHooks), hooksOf(compiled.PostHooks)
	if materialize.NeedsGrants(b.Node) {
		if in.Grants, err = w.readGrants(ctx, b.Node); err != nil {
			return 0, err
		}
	}
	if err := w.readTarget(ctx, &in); err != nil {
		return 0, err
	}
	plan, err := materialize.New(in)
	if err != nil {
		return 0, err
	}
	o := materialize.Options{Observe: w.observer(b.Node, h.thread), Patience: w.redoing(w.adapter.Server().Version), Turn: &p.turn}
	if h.journal != nil {
		o.Journal = h.journal
	}
	began := time.Now()
	result, err := materialize.ApplyWith(ctx, w.adapter, plan, o)
	w.warehouse.forget()
	if err != nil {
		return 0, w.explain(err, compiled)
	}
	if err := w.tell(h.thread, result.Warnings); err != nil {
		return 0, err
	}
	if w.journal == nil {
		return result.Rows, nil
	}
	done := materialize.Piece{
		Kind: materialize.PieceBackfill, Node: b.Node.UniqueID, Relation: adapters.Relation{Database: b.Node.Schema, Name: b.Node.Alias},
		Work: b.work, Number: at + 1, Text: b.Pieces[at].Label(), Rows: result.Rows, Bytes: result.Bytes, Elapsed: time.Since(began),
	}
	if err := w.journal.Enter(ctx, []materialize.Piece{done}); err != nil {
		return result.Rows, fmt.Errorf("write that it is done: %w", err)
	}
	return result.Rows, nil
}
