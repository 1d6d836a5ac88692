package clustertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// slow reads a table row by row, for about two seconds.
func slow(table string) adapters.Statement {
	return adapters.Statement{
		SQL: "SELECT count(), min(generation), max(generation), sum(sleepEachRow(0.002)) FROM " + table,
		// 18.16 takes numbers only.
		Settings: map[string]any{"max_block_size": 50, "max_threads": 1},
	}
}

// slowReaders begin to read on every node, and wait until they do. What they
// saw is judged by end.
type slowReaders struct {
	s   *shop
	all sync.WaitGroup
	got []*adapters.Table
	err []error
}

func (s *shop) readSlowly(table string) *slowReaders {
	s.t.Helper()
	r := &slowReaders{s: s, got: make([]*adapters.Table, len(s.bed.Nodes)), err: make([]error, len(s.bed.Nodes))}
	for n := range s.bed.Nodes {
		st := slow(table)
		st.QueryID = uuid.NewString()
		r.all.Go(func() {
			a, err := clickhouse.Open(context.Background(), s.bed.Config(n+1))
			if err == nil {
				defer a.Close()
				var session adapters.Session
				if session, err = a.Session(context.Background()); err == nil {
					r.got[n], _, err = session.Query(context.Background(), st)
				}
			}
			r.err[n] = err
		})
		require.Eventually(s.t, func() bool {
			return len(s.bed.Rows(s.t, n+1, "SELECT 1 FROM system.processes WHERE query_id = '"+st.QueryID+"'")) == 1
		}, 10*time.Second, 5*time.Millisecond)
	}
	return r
}

// end requires that each reader saw all of one generation.
func (r *slowReaders) end(rows, generation uint64) {
	r.s.t.Helper()
	r.all.Wait()
	for n := range r.got {
		require.NoError(r.s.t, r.err[n], "node %d", n+1)
		require.Equal(r.s.t, []any{rows, generation, generation}, r.got[n].Rows[0][:3], "node %d", n+1)
	}
}

// TestRunningReadersFinish rebuilds a table while somebody still reads the one
// that is replaced and dropped.
func TestRunningReadersFinish(t *testing.T) {
	for _, engine := range []string{"18.16", "current"} {
		t.Run(engine, func(t *testing.T) {
			var s *shop
			table := "orders"
			rows := uint64(1000)
			if engine == "18.16" {
				s = newShop(t, "1x3")
			} else {
				s = newEmbeddedShop(t)
				table, rows = "orders_local", 500
			}
			s.first()
			for n := uint64(2); n <= 3; n++ {
				r := s.readSlowly(s.database + "." + table)
				start := time.Now()
				_, err := s.build(s.orders(), generation(int(n)))
				took := time.Since(start)
				require.NoError(t, err)
				r.end(rows, n-1)
				t.Logf("%s: the build took %s beside readers of about %s", engine, took.Round(time.Millisecond), 2*time.Second)
			}
			require.NotContains(t, strings.Join(s.tables(1), " "), "__chmod_", fmt.Sprint("nothing is left on ", engine))
		})
	}
}
