// Package watch reads a table on every node of a cluster, again and again,
// while somebody else rebuilds it, and judges what it gets: each answer must be
// the whole of one generation that was announced.
//
// Its main type is Readers, which Start makes. A generation is a table of Rows
// rows, id and generation, as SQL writes them. The package refuses to decide
// what may be missing when: it counts, and whoever broke the cluster judges.
package watch

import (
	"context"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// Node is where a reader looks, and for what.
type Node struct {
	Config clickhouse.Config
	Table  string // as in SQL
	Slice  Slice
	// Spread says that the table reads several shards, which may be of two
	// generations: such answers are counted as mixed, and are not wrong.
	Spread bool
}

// pause is how long a reader waits between two polls. Those through all shards
// take the servers several times as long.
const (
	pause       = 15 * time.Millisecond
	pauseSpread = 40 * time.Millisecond
)

// Readers poll a table on every node until Stop is called.
type Readers struct {
	end context.CancelFunc
	all sync.WaitGroup

	mutex sync.Mutex
	due   []uint64 // the generation that each node is known to serve
	seen  []Seen
}

// Start starts a reader on each node.
func Start(nodes []Node) *Readers {
	ctx, end := context.WithCancel(context.Background())
	r := &Readers{end: end, due: make([]uint64, len(nodes)), seen: make([]Seen, len(nodes))}
	for n, node := range nodes {
		r.all.Go(func() { r.poll(ctx, n, node) })
	}
	return r
}

// Announce says that these nodes, which count from 1, serve a generation: who
// asks them from now on must not get an older one.
func (r *Readers) Announce(generation uint64, nodes ...int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, n := range nodes {
		r.due[n-1] = max(r.due[n-1], generation)
	}
}

// Stop ends the readers and returns what each node's saw.
func (r *Readers) Stop() []Seen {
	r.end()
	r.all.Wait()
	return r.seen
}

func (r *Readers) dueOf(n int) uint64 {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.due[n]
}

func (r *Readers) poll(ctx context.Context, n int, node Node) {
	c := connection{config: node.Config}
	defer c.close()
	between := pause
	if node.Spread {
		between = pauseSpread
	}
	tick := time.NewTicker(between)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		due := r.dueOf(n)
		session, err := c.session(ctx)
		var answer *adapters.Table
		if err == nil {
			answer, _, err = session.Query(ctx, adapters.Statement{SQL: SumOf(node.Table)})
		}
		if ctx.Err() != nil {
			return
		}
		if adapters.ClassOf(err) == adapters.ClassNetwork || session == nil {
			c.close()
		}
		r.seen[n].judge(answer, err, due, node)
	}
}

// connection is one reader's, made again when it was lost.
type connection struct {
	config  clickhouse.Config
	adapter *clickhouse.Adapter
	kept    adapters.Session
}

func (c *connection) session(ctx context.Context) (adapters.Session, error) {
	if c.kept != nil {
		return c.kept, nil
	}
	var err error
	if c.adapter, err = clickhouse.Open(ctx, c.config); err != nil {
		return nil, err
	}
	c.kept, err = c.adapter.Session(ctx)
	return c.kept, err
}

func (c *connection) close() {
	if c.kept != nil {
		_ = c.kept.Close() // it was only read
	}
	if c.adapter != nil {
		_ = c.adapter.Close()
	}
	c.kept, c.adapter = nil, nil
}
