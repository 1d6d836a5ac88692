package clustertest

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/bed/matrix"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
	"github.com/chmod-sql/chmod/materialize"
)

// contest is one thing that goes wrong, or nothing, done to both tools.
type contest struct {
	what   string
	layout string
	theirs func(c *contestant) error
	ours   func(c *contestant) error
	// short lets distributed statements wait for three seconds only, and not for
	// longer than anything here takes.
	short bool
	// first and next are the recordings of the runs before and after that; ours
	// just builds again.
	first, next string
}

// contestant is a database with one tool's table, which is watched.
type contestant struct {
	*shop
	m *bed.Cluster
}

func contests() []contest {
	// The tables of which the node is to fetch nothing are there after one step
	// of theirs and two of ours.
	stale := func(recording, table string) func(*contestant) error {
		return func(c *contestant) error {
			return c.replay(recording, func(k int, _ string) error {
				if k == 1 {
					return c.m.PauseFetches(c.t.Context(), 3, c.database+"."+table)
				}
				return nil
			})
		}
	}
	ourStale := func(c *contestant) error {
		return c.apply(func(k int, _ materialize.Step) error {
			if k == 2 {
				return c.m.PauseFetches(c.t.Context(), 3)
			}
			return nil
		})
	}
	return []contest{
		{
			what: "nothing goes wrong, and the model names no engine", layout: "1x3", first: "table_default_engine_first", next: "table_default_engine_again",
			theirs: func(c *contestant) error { return c.replay("table_default_engine_again", nil) },
			ours:   func(c *contestant) error { return c.apply(nil) },
		},
		{
			what: "a replica fetches nothing", layout: "1x3", first: "table_first", next: "table_again",
			theirs: stale("table_again", "orders__dbt_tmp"), ours: ourStale,
		},
		{
			what: "a replica fetches nothing, and dbt has EXCHANGE", layout: "1x3", first: "table_exchange_first", next: "table_exchange_again",
			theirs: stale("table_exchange_again", "orders__dbt_backup"), ours: ourStale,
		},
		{
			what: "the tool is killed at the swap", layout: "1x3", first: "table_first", next: "table_after_cut",
			theirs: func(c *contestant) error {
				if err := c.replay("table_cut", nil); err != nil {
					return err
				}
				return errKilled
			},
			ours: func(c *contestant) error {
				return c.apply(func(k int, s materialize.Step) error {
					if s.Swap {
						return errKilled
					}
					return nil
				})
			},
		},
		{
			what: "distributed statements time out after 3 seconds, and a queue is busy for 10", layout: "1x3", short: true, first: "table_first", next: "table_after_cut",
			theirs: func(c *contestant) error {
				return c.replay("table_again", func(k int, sql string) error {
					if k == 2 {
						return c.m.OccupyQueue(c.t.Context(), 3, 10*time.Second)
					}
					return nil
				})
			},
			ours: func(c *contestant) error {
				return c.apply(func(k int, s materialize.Step) error {
					if k == 3 {
						return c.m.OccupyQueue(c.t.Context(), 3, 10*time.Second)
					}
					return nil
				})
			},
		},
		{
			what: "nothing goes wrong, on shards", layout: "2x2", first: "distributed_table_first", next: "distributed_table_again",
			theirs: func(c *contestant) error { return c.replay("distributed_table_again", nil) },
			ours:   func(c *contestant) error { return c.apply(nil) },
		},
		{
			what: "two runs at once", layout: "1x3", first: "table_first", next: "table_again",
			theirs: (*contestant).twoReplays, ours: (*contestant).twoBuilds,
		},
	}
}

var errKilled = errors.New("killed")

// TestBesideDBT does the same to what dbt-clickhouse sends and to chmod. With
// matrix.Variable set it saves what it saw.
func TestBesideDBT(t *testing.T) {
	for order, c := range contests() {
		if matrix.Wanted() == "" && order != 1 {
			continue
		}
		t.Run(c.what, func(t *testing.T) {
			if matrix.Wanted() != "" {
				t.Parallel()
			}
			comparison := matrix.Comparison{Order: order, What: c.what, Layout: c.layout}
			comparison.Theirs = c.side(t, true)
			comparison.Ours = c.side(t, false)
			t.Logf("dbt:   %+v", comparison.Theirs)
			t.Logf("chmod: %+v", comparison.Ours)
			if dir := matrix.Wanted(); dir != "" {
				require.NoError(t, comparison.Save(dir))
			}
			require.Zero(t, comparison.Ours.Saw.Wrong, comparison.Ours.Saw.First)
			require.NotZero(t, comparison.Theirs.Saw.Wrong+comparison.Theirs.Saw.Missing, "what dbt does badly here was not seen")
		})
	}
}

// side lets one tool build twice, with what goes wrong the first time.
func (c contest) side(t *testing.T, theirs bool) matrix.Side {
	open := bedtest.Open
	if matrix.Wanted() != "" {
		open = bedtest.OpenOwn
	}
	s := newShopOn(t, open(t, c.layout))
	s.ddl, s.wait = time.Minute, time.Minute
	one := &contestant{shop: s, m: s.bed.Machines(t)}
	one.generations = 1
	if theirs {
		require.NoError(t, one.replay(c.first, nil))
	} else {
		s.first()
	}
	readers := s.watched()
	var side matrix.Side
	run := c.ours
	if theirs {
		run = c.theirs
	}
	s.next()
	patient := *s
	s.ddl, s.wait = time.Minute, 6*time.Second
	if c.short {
		s.ddl = 3 * time.Second
	}
	err := run(one)
	s.ddl, s.wait = patient.ddl, patient.wait
	side.Said = "succeeds"
	if err != nil {
		side.Said = "fails: " + s.plain(err.Error())
	}
	if errors.Is(err, errKilled) {
		side.Said = "is dead"
	}
	time.Sleep(time.Second) // until somebody looks at what there is now
	require.NoError(t, one.m.Heal(t.Context()))
	generation := s.next()
	if theirs {
		err = one.replay(c.next, nil)
	} else {
		time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
		_, err = s.build(s.orders(), watch.SQL(generation))
	}
	switch {
	case err != nil:
		side.Next = "fails: " + s.plain(err.Error())
	default:
		side.Next = "all nodes have the same rows, nothing is left over"
		if err := s.same(generation); err != nil {
			side.Next = s.plain(err.Error())
		}
	}
	side.Saw = readers.stop()
	return side
}
