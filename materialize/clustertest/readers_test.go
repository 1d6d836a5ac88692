package clustertest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// seen is what the readers of one node saw of a table that is rebuilt.
type seen struct {
	polls int
	// generations are the whole ones seen, in order, each once in a row.
	generations []uint64
	// missing counts the polls that found no table.
	missing int
	// away counts the polls that the node did not answer.
	away int
	// wrong is everything else: parts of a generation, or two at once.
	wrong []string
}

// readers poll a table on every node until stop is called.
type readers struct {
	shop *shop
	end  context.CancelFunc
	all  sync.WaitGroup
	rows uint64 // of a whole generation
	seen []seen // by node
}

func (s *shop) read(table string) *readers {
	ctx, end := context.WithCancel(context.Background())
	r := &readers{shop: s, end: end, rows: s.rows, seen: make([]seen, len(s.bed.Nodes))}
	for n := range s.bed.Nodes {
		r.all.Go(func() { r.poll(ctx, n, table) })
	}
	return r
}

func (r *readers) poll(ctx context.Context, n int, table string) {
	var session adapters.Session
	tick := time.NewTicker(3 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if session == nil {
			a, err := clickhouse.Open(ctx, r.shop.bed.Config(n+1))
			if err != nil {
				r.seen[n].away++
				continue
			}
			defer a.Close()
			if session, err = a.Session(ctx); err != nil {
				r.seen[n].away++
				continue
			}
		}
		answer, _, err := session.Query(ctx, adapters.Statement{SQL: r.shop.whole(table)})
		if ctx.Err() != nil {
			return
		}
		if adapters.ClassOf(err) == adapters.ClassNetwork {
			session = nil
		}
		r.seen[n].judge(answer, err, r.rows)
	}
}

// judge files one answer.
func (s *seen) judge(answer *adapters.Table, err error, rows uint64) {
	s.polls++
	switch class := adapters.ClassOf(err); {
	case err == nil:
		count, low, high := answer.Rows[0][0].(uint64), answer.Rows[0][1].(uint64), answer.Rows[0][2].(uint64)
		if count != rows || low != high {
			s.wrong = append(s.wrong, fmt.Sprintf("%d rows of the generations %d to %d", count, low, high))
			return
		}
		if last := len(s.generations) - 1; last < 0 || s.generations[last] != low {
			s.generations = append(s.generations, low)
		}
	case class == adapters.ClassMissing:
		s.missing++
	case class == adapters.ClassNetwork:
		s.away++
	default:
		s.wrong = append(s.wrong, err.Error())
	}
}

// stop ends the readers and returns what each node's saw.
func (r *readers) stop() []seen {
	r.end()
	r.all.Wait()
	return r.seen
}

// whole requires that no reader saw anything but whole generations, each later
// than the one before.
func (r *readers) whole() (polls, missing int) {
	r.shop.t.Helper()
	for n, s := range r.stop() {
		require.Empty(r.shop.t, s.wrong, "node %d", n+1)
		for i := 1; i < len(s.generations); i++ {
			require.Greater(r.shop.t, s.generations[i], s.generations[i-1], "node %d: %v", n+1, s.generations)
		}
		polls, missing = polls+s.polls, missing+s.missing
	}
	return polls, missing
}
