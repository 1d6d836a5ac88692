package invocation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// What to do about nodes that another run is building.
const (
	IfLockedWait = "wait" // the default
	IfLockedSkip = "skip" // build the others
	IfLockedFail = "fail"
)

// lockAsked is how often a lock is asked for that another run holds.
const lockAsked = time.Second

// lock takes the locks on all that the run builds, before anything of it is
// touched, and returns the nodes that are left to work on. A run has them until
// its end, or its death: they are of the journal's lease. Without a journal
// there are none.
func (w *worker) lock(ctx context.Context, ids dag.Set, policy string) (dag.Set, error) {
	if w.journal == nil {
		return ids, nil
	}
	byRelation := map[string]string{}
	var relations []string
	for id := range ids {
		if n := w.Manifest().Nodes[id]; n.ResourceType != manifest.Test {
			name := adapters.Relation{Database: n.Schema, Name: n.Alias}.String()
			byRelation[name] = id
			relations = append(relations, name)
		}
	}
	if w.lives != nil {
		w.journal.Seen(w.lives)
	}
	others, err := w.journal.Lock(ctx, relations, policy != IfLockedSkip)
	if err != nil {
		return nil, fmt.Errorf("lock what is to be built: %w", err)
	}
	defer w.unsure()
	w.turn = w.clock()
	switch {
	case len(others) > 0 && policy == IfLockedFail:
		return nil, fmt.Errorf("%s; nothing was done", lockedText(others))
	case len(others) == 0 || policy == IfLockedSkip:
		if len(others) > 0 {
			ids = w.without(ids, others, byRelation)
		}
		if w.journal.Moved() { // while this run looked at what there is
			err = w.observe(ctx)
		}
		return ids, err
	}
	w.events.Send(event.Message{Level: event.Info, Text: "Waiting: " + lockedText(others)})
	for len(others) > 0 {
		select {
		case <-time.After(lockAsked):
		case <-StopOf(ctx):
			return nil, ErrInterrupted
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if others, err = w.journal.Lock(ctx, relations, true); err != nil {
			return nil, fmt.Errorf("lock what is to be built: %w", err)
		}
	}
	// The other run has changed what there is.
	w.turn = w.clock()
	return ids, w.observe(ctx)
}

// unsure warns when another run may hold the same locks.
func (w *worker) unsure() {
	if err := w.journal.Unsure(); err != nil {
		w.warn("", "another run may be building the same: hosts are left out, and what was claimed on them the others do not know yet: %v", err)
	}
}

// without leaves out what others build, and all that would be built on it.
func (w *worker) without(ids dag.Set, others []journal.Held, byRelation map[string]string) dag.Set {
	var locked []string
	for _, o := range others {
		locked = append(locked, byRelation[o.Relation])
	}
	left := w.Graph.Descendants(slices.Values(locked), -1).Intersect(ids)
	left.Add(slices.Values(locked))
	w.warn("", "%s; %d of %d selected nodes are skipped: it, and what is built on it", lockedText(others), len(left), len(ids))
	return ids.Minus(left)
}

// lockedText says who builds what.
func lockedText(others []journal.Held) string {
	const enough = 3
	var said []string
	for _, o := range others[:min(enough, len(others))] {
		text := fmt.Sprintf("%s is being built by chmod %s of %s (process %d, run %s)", o.Relation, o.By.Command, o.By.Host, o.By.PID, o.By.ID)
		if o.By.Command == "backfill" {
			text += ", until its last piece is in place or it is stopped"
		}
		said = append(said, text)
	}
	if more := len(others) - len(said); more > 0 {
		said = append(said, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(said, ", ")
}

// Locks are all that runs hold on the target now.
func (i *Invocation) Locks(ctx context.Context) ([]journal.Held, error) {
	book, err := i.openBook(ctx)
	if book == nil || err != nil {
		return nil, err
	}
	return book.Locks(ctx)
}

// ClearLocks writes that the runs with these ids are dead: they hold no locks
// any more, and publish nothing from then on. It returns those that it knew.
func (i *Invocation) ClearLocks(ctx context.Context, runs []string) ([]journal.Life, error) {
	book, err := i.openBook(ctx)
	if book == nil || err != nil {
		return nil, err
	}
	lives, err := book.Lives(ctx)
	if err != nil {
		return nil, err
	}
	var dead []journal.Life
	for _, l := range lives {
		if !l.Finished && slices.Contains(runs, l.ID) {
			dead = append(dead, l)
		}
	}
	_, err = book.Bury(ctx, dead)
	return dead, err
}

// openBook is the target's book; nil when there is none.
func (i *Invocation) openBook(ctx context.Context) (*journal.Book, error) {
	adapter, err := i.Connect(ctx)
	if err != nil {
		return nil, err
	}
	w := &worker{Invocation: i, adapter: adapter}
	if err := w.observe(ctx); err != nil {
		return nil, err
	}
	if !w.state.HasState(i.Project.Target.StateSchema) {
		return nil, nil
	}
	return w.book(), nil
}
