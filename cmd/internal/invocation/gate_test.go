package invocation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/chmod-sql/chmod/adapters"
)

// errGone is what a process that is no more gets of the server.
var errGone = errors.New("killed by the test")

// gate stops a whole process at one of its statements, through whichever
// connection: that one and all after it are held back until it is let go on, or
// is dead.
type gate struct {
	at int // the number of that statement
	// head, when set, is how that statement begins.
	head string
	// after stops it once the statement is carried out.
	after bool
	// stopped is closed when it is, asking when it has asked for locks more
	// than once.
	stopped, asking chan struct{}
	resumed         chan struct{}

	// passed is how long ago, in seconds, servers are to take things to be that
	// they take to be now; nil for servers whose time is not told here.
	passed *atomic.Int64

	mutex sync.Mutex
	count int
	asked int
	held  bool
	dead  bool
	was   string // the statement
}

func newGate(at int, after bool) *gate {
	return &gate{at: at, after: after, stopped: make(chan struct{}), asking: make(chan struct{}), resumed: make(chan struct{})}
}

// around is a connection of the process.
func (g *gate) around(a adapters.Adapter) adapters.Adapter { return &gatedAdapter{a, g} }

// dated is a statement about invocations in the time that has passed.
func (g *gate) dated(sql string) string {
	if g.passed == nil || !strings.Contains(sql, ".`invocations` ") {
		return sql
	}
	return strings.ReplaceAll(sql, "now()", fmt.Sprintf("(now() + %d)", g.passed.Load()))
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
	if g.head != "" {
		here = g.was == "" && strings.HasPrefix(what, g.head)
	}
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

type gatedAdapter struct {
	adapters.Adapter
	g *gate
}

func (a *gatedAdapter) Catalog(ctx context.Context, databases []string) (c *adapters.Catalog, err error) {
	err = a.g.pass("catalog", func() (err error) { c, err = a.Adapter.Catalog(ctx, databases); return err })
	return c, err
}

func (a *gatedAdapter) Kill(ctx context.Context, queryIDs []string) error {
	return a.g.pass("kill", func() error { return a.Adapter.Kill(ctx, queryIDs) })
}

func (a *gatedAdapter) Session(ctx context.Context) (adapters.Session, error) {
	s, err := a.Adapter.Session(ctx)
	if err != nil {
		return nil, err
	}
	return &gatedSession{s, a.g}, nil
}

type gatedSession struct {
	adapters.Session
	g *gate
}

func (s *gatedSession) Exec(ctx context.Context, st adapters.Statement) (sum adapters.Summary, err error) {
	st.SQL = s.g.dated(st.SQL)
	err = s.g.pass(st.SQL, func() (err error) { sum, err = s.Session.Exec(ctx, st); return err })
	return sum, err
}

func (s *gatedSession) Query(ctx context.Context, st adapters.Statement) (table *adapters.Table, sum adapters.Summary, err error) {
	st.SQL = s.g.dated(st.SQL)
	err = s.g.pass(st.SQL, func() (err error) { table, sum, err = s.Session.Query(ctx, st); return err })
	return table, sum, err
}

func (s *gatedSession) Insert(ctx context.Context, st adapters.Statement, columns []adapters.Column, next func() ([]any, error)) (sum adapters.Summary, err error) {
	err = s.g.pass(st.SQL, func() (err error) { sum, err = s.Session.Insert(ctx, st, columns, next); return err })
	return sum, err
}
