package invocation

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
)

// errGone is what a process that is no more gets of the server.
var errGone = errors.New("killed by the test")

// gate is an adapter that stops a whole process at one of its statements: that
// one and all after it are held back until it is let go on, or is dead.
type gate struct {
	adapters.Adapter
	at int // the number of that statement
	// after stops it once the statement is carried out.
	after bool
	// stopped is closed when it is, asking when it has asked for locks more
	// than once.
	stopped, asking chan struct{}
	resumed         chan struct{}

	mutex sync.Mutex
	count int
	asked int
	held  bool
	dead  bool
	was   string // the statement
}

func newGate(a adapters.Adapter, at int, after bool) *gate {
	return &gate{Adapter: a, at: at, after: after, stopped: make(chan struct{}), asking: make(chan struct{}), resumed: make(chan struct{})}
}

// resume lets the process go on; with dead it gets no answer any more.
func (g *gate) resume(dead bool) {
	g.mutex.Lock()
	g.dead, g.held = dead, false
	g.mutex.Unlock()
	close(g.resumed)
}

// pass carries a statement out, or holds it back.
func (g *gate) pass(what string, run func() error) error {
	// What a process writes now and then comes at any time: a seed is to mean
	// the same each time.
	ticks := strings.HasPrefix(what, "INSERT INTO") && (strings.Contains(what, ".`invocations` ") || strings.Contains(what, ".`journal` "))
	g.mutex.Lock()
	if !ticks {
		g.count++
	}
	here, held := g.count == g.at && !ticks, g.held
	if here {
		g.held, g.was = true, what
	}
	if strings.Contains(what, ".`locks` WHERE") {
		if g.asked++; g.asked == 4 {
			close(g.asking)
		}
	}
	g.mutex.Unlock()
	var err error
	if here && g.after {
		err = run()
	}
	if here {
		close(g.stopped)
	}
	if here || held {
		<-g.resumed
	}
	g.mutex.Lock()
	dead := g.dead
	g.mutex.Unlock()
	switch {
	case dead:
		return errGone
	case here && g.after:
		return err
	}
	return run()
}

func (g *gate) Catalog(ctx context.Context, databases []string) (c *adapters.Catalog, err error) {
	err = g.pass("catalog", func() (err error) { c, err = g.Adapter.Catalog(ctx, databases); return err })
	return c, err
}

func (g *gate) Kill(ctx context.Context, queryIDs []string) error {
	return g.pass("kill", func() error { return g.Adapter.Kill(ctx, queryIDs) })
}

func (g *gate) Session(ctx context.Context) (adapters.Session, error) {
	s, err := g.Adapter.Session(ctx)
	return &gatedSession{s, g}, err
}

type gatedSession struct {
	adapters.Session
	g *gate
}

func (s *gatedSession) Exec(ctx context.Context, st adapters.Statement) (sum adapters.Summary, err error) {
	err = s.g.pass(st.SQL, func() (err error) { sum, err = s.Session.Exec(ctx, st); return err })
	return sum, err
}

func (s *gatedSession) Query(ctx context.Context, st adapters.Statement) (table *adapters.Table, sum adapters.Summary, err error) {
	err = s.g.pass(st.SQL, func() (err error) { table, sum, err = s.Session.Query(ctx, st); return err })
	return table, sum, err
}

func (s *gatedSession) Insert(ctx context.Context, st adapters.Statement, columns []adapters.Column, next func() ([]any, error)) (sum adapters.Summary, err error) {
	err = s.g.pass(st.SQL, func() (err error) { sum, err = s.Session.Insert(ctx, st, columns, next); return err })
	return sum, err
}
