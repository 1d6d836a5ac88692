// Package journal keeps what an invocation does in the warehouse itself, so that
// any machine can see who is at work and go on after who is not.
//
// Its main type is Journal: one invocation's heartbeat and entries. Times are
// the server's. The package creates no tables, cleans up after nobody and
// decides nothing about models.
package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

const (
	// Beat is how often an invocation says that it is alive.
	Beat = 10 * time.Second
	// Lease is after which silence it counts as dead.
	Lease = 60 * time.Second
	// flushes is how often entries are written that nobody waits for.
	flushes = time.Second
	// following bounds how long a host may take to know what others know.
	following = 5 * time.Second
	// closing bounds what is written at the end.
	closing = 10 * time.Second
)

// Self is what is written of an invocation.
type Self struct {
	materialize.Invocation
	Project, Target, Command, Version, HostName, User string
}

// Asker asks every host that may know something; materialize.Cluster does. The
// state of one that lags is then made up for by the others.
type Asker interface {
	Ask(ctx context.Context, st adapters.Statement) ([]*adapters.Table, error)
}

// Follower makes those that Ask asks know what was written on others;
// materialize.Cluster does.
type Follower interface {
	CatchUp(ctx context.Context, tables []adapters.Relation, wait time.Duration) error
}

// Book is the state schema of a target. It may be used concurrently.
type Book struct {
	sessions materialize.Sessions
	schema   string
	comment  string
	gone     func(stamp string) bool
	clock    func() time.Time
}

// Open is the book that is kept in a schema. Nothing is asked of the server.
func Open(sessions materialize.Sessions, schema, comment string) *Book {
	return &Book{sessions: sessions, schema: schema, comment: comment, clock: time.Now}
}

// By makes the book go by another clock than this machine's, as tests do. It
// tells an invocation how long it was silent.
func (b *Book) By(clock func() time.Time) *Book {
	b.clock = clock
	return b
}

// Knowing makes the book take invocations for dead that gone knows to be, of
// this machine for instance, however lately they were heard of.
func (b *Book) Knowing(gone func(stamp string) bool) *Book {
	b.gone = gone
	return b
}

var _ materialize.Journal = (*Journal)(nil)

// Journal is an invocation's part of the book. It may be used concurrently.
type Journal struct {
	book *Book
	self Self

	mutex    sync.Mutex
	revision uint64
	number   uint64
	claims   uint64
	pending  []line
	beat     time.Time       // the last one that was written, by this machine's wall clock
	lost     error           // why the invocation must not publish any more
	failed   error           // why entries could not be written
	alone    bool            // nobody of them was alive
	seen     map[string]Life // who there was when it began
	unsure   error           // why claims of others may have been missed
	moved    bool            // others have held the locks since it looked who there was

	writing sync.Mutex // held while entries are written, so that their order stays
	stop    chan struct{}
	done    sync.WaitGroup
}

// ErrDead is that others hold the invocation for dead.
var ErrDead = errors.New("this run was silent for too long, and another one may have cleaned up after it; run it again")

// Start writes that the invocation has begun, and keeps saying that it is
// alive until Close.
func (b *Book) Start(ctx context.Context, self Self) (*Journal, error) {
	j := &Journal{book: b, self: self, stop: make(chan struct{})}
	if err := j.live(ctx); err != nil {
		return nil, fmt.Errorf("write to the journal: %w", err)
	}
	j.done.Go(j.keep)
	return j, nil
}

// keep says now and then that the invocation is alive, and writes entries.
func (j *Journal) keep() {
	beat, flush := time.NewTicker(Beat), time.NewTicker(flushes)
	defer beat.Stop()
	defer flush.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-j.stop
		cancel()
	}()
	for {
		select {
		case <-j.stop:
			return
		case <-beat.C:
			// Hold finds out what a missing heartbeat means.
			_ = j.live(ctx)
			j.look(ctx)
		case <-flush.C:
			j.flush(ctx)
		}
	}
}

// look sees whether others hold the invocation for dead, because somebody has
// said so.
func (j *Journal) look(ctx context.Context) {
	buried, err := j.book.buried(ctx, j.self.ID.String())
	if err == nil && buried {
		j.mutex.Lock()
		defer j.mutex.Unlock()
		j.lost = ErrDead
	}
}

// Close writes what is left to write and how the invocation has ended. It is
// called once.
func (j *Journal) Close(ctx context.Context, result string) error {
	close(j.stop)
	j.done.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	j.flush(ctx)
	j.mutex.Lock()
	err := j.failed
	lost := j.lost
	j.mutex.Unlock()
	if lost != nil {
		return err // what others have written about it stands
	}
	if finishErr := j.book.write(ctx, j.row("now()", result)); finishErr != nil {
		err = errors.Join(err, finishErr)
	}
	if err != nil {
		return fmt.Errorf("write to the journal: %w", err)
	}
	return nil
}

// Hold implements materialize.Journal.
func (j *Journal) Hold(ctx context.Context) (until time.Time, err error) {
	j.mutex.Lock()
	lost, beat := j.lost, j.beat
	j.mutex.Unlock()
	silent := j.silence(beat)
	if lost != nil {
		return time.Time{}, lost
	}
	if silent < Lease/2 {
		return beat.Add(Lease), nil
	}
	if err := j.live(ctx); err != nil {
		if silent < Lease*3/4 {
			return beat.Add(Lease), nil
		}
		return time.Time{}, fmt.Errorf("no heartbeat could be written for %s: %w", silent.Round(time.Second), err)
	}
	j.mutex.Lock()
	until = j.beat.Add(Lease)
	j.mutex.Unlock()
	if silent < Lease*3/4 {
		return until, nil
	}
	// Others may have found it silent. Whoever does writes that first and then
	// looks for a heartbeat again; this one was written first and then looks
	// for what they wrote. One of both sees the other.
	buried, err := j.book.buried(ctx, j.self.ID.String())
	if err != nil {
		return time.Time{}, fmt.Errorf("read whether this run counts as dead: %w", err)
	}
	if buried {
		j.mutex.Lock()
		defer j.mutex.Unlock()
		j.lost = ErrDead
		return time.Time{}, ErrDead
	}
	return until, nil
}

// silence is how long ago a moment was by the wall clock, which goes on while a
// machine sleeps.
func (j *Journal) silence(since time.Time) time.Duration {
	return j.book.clock().Round(0).Sub(since.Round(0))
}

// live writes a heartbeat.
func (j *Journal) live(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, Beat)
	defer cancel()
	at := j.book.clock()
	if err := j.book.write(ctx, j.row("NULL", "")); err != nil {
		return err
	}
	j.mutex.Lock()
	j.beat = at
	j.mutex.Unlock()
	return nil
}
