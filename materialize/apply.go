package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// Sessions opens sessions; every adapters.Adapter does. Plans for a cluster
// need one that implements Hosts, too.
type Sessions interface {
	Session(ctx context.Context) (adapters.Session, error)
}

// Result is what an applied plan did, complete as far as it got.
type Result struct {
	// Plan is the one that was carried out: with the columns that the SQL turned
	// out to have, as far as they were read.
	Plan *Plan
	// Rows and Bytes were written to the node's table.
	Rows, Bytes uint64
	Steps       []StepResult
	Warnings    []diag.Diagnostic
	// LeftOut are the batches that failed while the others were built, with a
	// *StepError each.
	LeftOut []LeftOut
}

// StepResult is what one statement did.
type StepResult struct {
	Step    Step
	Summary adapters.Summary
}

// undoTime is how long undoing may take after a failure.
const undoTime = 30 * time.Second

// Apply runs a plan in one session, so that what a hook sets holds for what
// follows. Once ctx has ended or a step has failed, nothing is done but to undo
// what was done so far; that does not depend on ctx. observe may be nil; it is
// called from this goroutine only. The error is a *StepError, a *diag.Failure
// of a plan that the columns of its SQL make impossible, or that of opening a
// session.
func Apply(ctx context.Context, sessions Sessions, plan *Plan, observe func(Event)) (*Result, error) {
	return ApplyWith(ctx, sessions, plan, Options{Observe: observe})
}

// Options are what else there is to applying a plan. All may be left out.
type Options struct {
	Observe func(Event)
	Journal Journal
	// Patience answers failures that are the moment's.
	Patience Patience
	// Ledger keeps the pieces of work that are done; nil when none does.
	Ledger Ledger
	// Turn is held while a plan puts rows in place that others put rows in, too;
	// nil when no other does.
	Turn sync.Locker
	// Stop, once it is closed, ends a build in chunks before its next one.
	Stop <-chan struct{}
	// Later takes the steps that may wait, each as a function that carries it
	// out; nil means that none waits. It is called from the goroutine of
	// ApplyWith, and the function given may be called once, after it.
	Later func(run func(ctx context.Context) error)
}

// ApplyWith is Apply with all options.
func ApplyWith(ctx context.Context, sessions Sessions, plan *Plan, o Options) (*Result, error) {
	if o.Observe == nil {
		o.Observe = func(Event) {}
	}
	a := newApplication(ctx, sessions, plan, o)
	defer a.fleet.close()
	if plan.before != nil {
		a.result.Plan = plan
		return a.result, plan.before
	}
	if plan.unread {
		a.result.Plan = plan
		return a.result, fmt.Errorf("plan of %s: the table it adds to was not read, or its batches are missing; this is a mistake in chmod", plan.NodeID)
	}
	if len(plan.Steps) == 0 {
		a.result.Plan, a.result.Warnings = plan, plan.Warnings
		return a.result, nil
	}
	session, err := sessions.Session(ctx)
	if err != nil {
		a.result.Plan = plan
		return a.result, fmt.Errorf("open a session: %w", err)
	}
	defer a.yield()
	err = a.run(session)
	_ = session.Close() // by now the work is done or has failed
	if err != nil {
		err = a.undo(err)
	}
	a.result.Plan, a.result.Warnings = a.plan, slices.Concat(a.plan.Warnings, a.warnings)
	if err != nil {
		return a.result, err
	}
	return a.result, nil
}

func newApplication(ctx context.Context, sessions Sessions, plan *Plan, o Options) *application {
	a := &application{ctx: ctx, sessions: sessions, plan: plan, options: o, observe: o.Observe, result: &Result{}, rows: map[int]uint64{}}
	a.fleet.sessions, a.known, a.warned = map[string]adapters.Session{}, map[string]string{}, map[string]bool{}
	a.picked = map[int]string{}
	a.fleet.hosts, _ = sessions.(Hosts)
	return a
}

// application is one call of Apply.
type application struct {
	ctx      context.Context
	sessions Sessions
	plan     *Plan
	options  Options
	observe  func(Event)
	result   *Result
	begun    []Step         // steps that were started, in order
	rows     map[int]uint64 // what each step wrote
	retries  int            // how often steps were carried out again

	fleet    fleet
	warnings []diag.Diagnostic
	warned   map[string]bool // hosts that a warning is about
	// unsettled is true while a swap may still happen on some host.
	unsettled bool
	// known is what each host has of the new table: its identity.
	knownMu sync.Mutex
	known   map[string]string
	// pieces are how many chunks the ledger has of the new table, bounds what was
	// read of them, and sparing says that memory is short.
	pieces    int
	turn      bool   // whether the plan has its turn
	inherited uint64 // rows of chunks that were taken over
	bounds    *Bounds
	sparing   bool
	// picked is the host that works for each shard.
	picked map[int]string
}

func (a *application) remember(host, id string) {
	a.knownMu.Lock()
	defer a.knownMu.Unlock()
	a.known[host] = id
}

func (a *application) run(session adapters.Session) error {
	for i := 0; i < len(a.plan.Steps); i++ {
		step := a.plan.Steps[i]
		if a.ctx.Err() != nil {
			return &StepError{Step: step, NotStarted: true, Err: context.Cause(a.ctx)}
		}
		if step.Late && a.options.Later != nil {
			a.options.Later(a.later(step))
			continue
		}
		if a.stopping(step) {
			return &StepError{Step: step, NotStarted: true, Err: ErrStopped}
		}
		a.takeTurn(step)
		if err := errors.Join(a.inherit(step), a.announce(step)); err != nil {
			return &StepError{Step: step, NotStarted: true, Err: err}
		}
		a.begun = append(a.begun, step)
		columns, err := a.step(session, step)
		a.report(step, err)
		if err != nil && a.mayWait(step) {
			a.putOff(step, err)
			continue
		}
		if err != nil {
			from, ok := a.answer(i, err)
			if !ok {
				return err
			}
			i = from - 1
			continue
		}
		switch step.Kind {
		case KindDescribe:
			err = a.bind(columns)
		case KindBounds:
			err = a.bindBounds()
		default:
			err = a.enter(step)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// answer does something about a step that failed, and returns where in the plan
// to go on; false when the failure stands.
func (a *application) answer(failed int, cause error) (int, bool) {
	for _, answer := range []func(int, error) (int, bool){a.lighten, a.startOver, a.redoChunk, a.rewind, a.leaveOut} {
		if from, ok := answer(failed, cause); ok {
			return from, true
		}
	}
	return 0, false
}

// bind plans the steps that follow again, when the columns are not those that
// the plan was made for.
func (a *application) bind(columns []adapters.Column) error {
	if a.plan.bind == nil || a.plan.columns != nil && slices.Equal(columns, a.plan.columns) {
		return nil
	}
	bound, err := a.plan.bind(columns)
	if err != nil {
		return err
	}
	// What follows may be other steps: columns to add, for instance.
	if begun := len(a.begun); len(bound.Steps) < begun || bound.Steps[begun-1].Kind != KindDescribe {
		return fmt.Errorf("plan of %s: step %d became another one once the columns were known; this is a mistake in chmod",
			a.plan.NodeID, begun)
	}
	a.plan = bound
	return nil
}
