package clustertest

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// errDead is what a process that is no more gets of its servers.
var errDead = errors.New("killed by the test")

// ending is how a process dies at a statement.
type ending string

const (
	beforeIt ending = "before it"
	afterIt  ending = "after it"
	// insideIt leaves a part of what the statement does: the server, too, ended on
	// the way.
	insideIt ending = "inside it"
	// cutOff leaves the server at work on it.
	cutOff ending = "while the server is at it"
)

// mortal is a cluster as a process sees it that dies at one of its statements:
// it sends nothing more, and cleans up nothing.
type mortal struct {
	*materialize.Cluster
	at  int
	how ending
	// end, when set, ends the process that has died: it waits for nothing more.
	end context.CancelFunc

	mutex sync.Mutex
	count int
	was   string
	// loose are statements that servers are still at work on.
	loose *sync.WaitGroup
}

// dying lets a process die at random.
func dying(r *rand.Rand, c *materialize.Cluster, within int, loose *sync.WaitGroup) *mortal {
	hows := []ending{beforeIt, afterIt, insideIt, cutOff, cutOff}
	return &mortal{Cluster: c, at: 1 + r.IntN(within), how: hows[r.IntN(len(hows))], loose: loose}
}

// died reports whether the process has come to its end.
func (m *mortal) died() bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.count >= m.at
}

// next counts a statement: it is carried out while alive, and is the last one
// when here.
func (m *mortal) next(sql string) (alive, here bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.count++
	if m.count == m.at {
		m.was = strings.Join(strings.Fields(sql), " ")
	}
	return m.count < m.at, m.count == m.at
}

// Session and On implement materialize.Hosts.
func (m *mortal) Session(ctx context.Context) (adapters.Session, error) {
	return m.around(m.Cluster.Session)(ctx)
}

func (m *mortal) On(ctx context.Context, host string) (adapters.Adapter, error) {
	a, err := m.Cluster.On(ctx, host)
	return &mortalHost{a, m}, err
}

type mortalHost struct {
	adapters.Adapter
	m *mortal
}

func (h *mortalHost) Session(ctx context.Context) (adapters.Session, error) {
	return h.m.around(h.Adapter.Session)(ctx)
}

func (m *mortal) around(open func(context.Context) (adapters.Session, error)) func(context.Context) (adapters.Session, error) {
	return func(ctx context.Context) (adapters.Session, error) {
		s, err := open(ctx)
		if err != nil {
			return nil, err
		}
		return &mortalSession{s, m, open}, nil
	}
}

type mortalSession struct {
	adapters.Session
	m    *mortal
	open func(context.Context) (adapters.Session, error)
}

func (s *mortalSession) Exec(ctx context.Context, st adapters.Statement) (sum adapters.Summary, err error) {
	err = s.pass(st, func(st adapters.Statement) (err error) { sum, err = s.Session.Exec(ctx, st); return err })
	return sum, err
}

func (s *mortalSession) Query(ctx context.Context, st adapters.Statement) (table *adapters.Table, sum adapters.Summary, err error) {
	err = s.pass(st, func(st adapters.Statement) (err error) { table, sum, err = s.Session.Query(ctx, st); return err })
	return table, sum, err
}

func (s *mortalSession) pass(st adapters.Statement, run func(adapters.Statement) error) error {
	alive, here := s.m.next(st.SQL)
	switch {
	case alive:
		return run(st)
	case !here || s.m.how == beforeIt:
	case s.m.how == cutOff:
		s.m.loose.Go(func() { s.leave(st) })
	default:
		if s.m.how == insideIt {
			st.SQL = halved(st.SQL)
		}
		_ = run(st) // nobody is left to hear of it
	}
	if s.m.end != nil {
		s.m.end()
	}
	return errDead
}

// leave has the server carry a statement out that nobody waits for any more.
func (s *mortalSession) leave(st adapters.Statement) {
	own, err := s.open(context.Background())
	if err != nil {
		return
	}
	_, _ = own.Exec(context.Background(), st) // nobody is left to hear of it
	_ = own.Close()
}

// halved is a statement that does a part of what another one does.
func halved(sql string) string {
	switch head, _, _ := strings.Cut(sql, " "); {
	case strings.ToUpper(head) == "INSERT" && strings.Contains(sql, "SELECT"):
		return sql + "\nLIMIT 1"
	case head == "UPDATE", head == "DELETE":
		return sql + " AND id % 2 = 0"
	}
	return sql
}
