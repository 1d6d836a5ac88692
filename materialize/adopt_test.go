package materialize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// Wherever a full refresh dies, the table is the old one or the new one, and once
// it is the new one the old one can be had back: by the next run, by a rollback
// that comes before it, and by a repair.
func TestDyingRefreshKeepsTheEarlierGeneration(t *testing.T) {
	for _, noExchange := range []bool{false, true} {
		adopted := map[string]bool{}
		for at, over := 1, false; !over; at++ {
			for _, next := range []string{"run", "rollback", "repair", "refresh"} {
				s := newShop(t)
				n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
				held := func() string { return fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")) }
				s.mustAdd(n, fmt.Sprintf(days, "zero", 0, 3))
				s.refresh(n, fmt.Sprintf(days, "first", 0, 4))
				in := s.input(n, fmt.Sprintf(days, "second", 0, 7))
				in.FullRefresh, in.NoExchange = true, noExchange
				plan, err := materialize.New(in)
				require.NoError(t, err)
				_, err = materialize.Apply(t.Context(), &killer{Adapter: s.adapter, at: at, after: true, dead: true}, plan, nil)
				over = err == nil
				if over || held() != "[[second 7]]" {
					break // not there yet
				}
				if !strings.Contains(s.kinds(), "orders s") && !strings.Contains(s.kinds(), "orders o") {
					break // named so already
				}
				what := fmt.Sprintf("%s after statement %d", next, at)
				adopted[next] = true
				switch next {
				case "run":
					s.mustAdd(n, fmt.Sprintf(days, "none", 0, 0))
				case "repair":
					s.repair(n)
				case "refresh":
					s.refresh(n, fmt.Sprintf(days, "third", 0, 2))
					require.Equal(t, "orders, orders k", s.kinds(), what)
					require.NoError(t, s.rollback(s.adapter, n, noExchange), what)
					require.Equal(t, "[[second 7]]", held(), what)
					continue
				}
				if next != "rollback" {
					require.Equal(t, "orders, orders k", s.kinds(), what)
				}
				require.NoError(t, s.rollback(s.adapter, n, noExchange), what)
				require.Equal(t, "[[first 4]]", held(), what)
				require.Equal(t, "orders, orders k", s.kinds(), what)
				require.NoError(t, s.rollback(s.adapter, n, noExchange), what)
				require.Equal(t, "[[second 7]]", held(), what)
			}
		}
		require.Len(t, adopted, 4, "renames %v: it died between the swap and the renaming", noExchange)
	}
}

// A refresh in chunks that goes on with the table of one before it keeps what it
// has replaced, too, wherever it dies; and a table that was never put in place is
// not kept, whoever had begun it.
func TestDyingRefreshThatTookOver(t *testing.T) {
	adopted, dropped := 0, 0
	for at, over := 1, false; !over; at++ {
		s := newShop(t)
		n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id", "chunk_by", value.DictOf("column", "id", "size", int64(2), "begin", int64(0), "end", int64(7)))
		held := func() string { return fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")) }
		l := &ledger{}
		build := func(through adapters.Adapter, sql string, refresh bool) error {
			in := s.input(n, sql)
			in.FullRefresh, in.Pieces = refresh, l.pieces
			plan, err := s.planned(in, s.always(sql))
			require.NoError(t, err)
			_, err = materialize.ApplyWith(t.Context(), through, plan, materialize.Options{Ledger: l})
			return err
		}
		first, second := fmt.Sprintf(days, "first", 0, 4), fmt.Sprintf(days, "second", 0, 7)
		require.NoError(t, build(s.adapter, first, false))
		dies := &killer{Adapter: s.adapter, at: 5, dead: true}
		l.k = dies
		require.ErrorIs(t, build(dies, second, true), errKilled)
		require.NotEmpty(t, l.pieces)
		again := &killer{Adapter: s.adapter, at: at, after: true, dead: true}
		l.k = again
		err := build(again, second, true)
		l.k, over = nil, err == nil
		replaced := held() == "[[second 7]]"
		named := strings.Contains(s.kinds(), "orders k")
		in := s.input(n, "")
		in.Pieces = l.pieces
		_, kept := materialize.KeptOf(in)
		require.Equal(t, replaced, kept, "statement %d: %s", at, s.kinds())
		if !replaced {
			require.Equal(t, "[[first 4]]", held())
			dropped++
			continue
		}
		if !named {
			adopted++
		}
		require.NoError(t, build(s.adapter, fmt.Sprintf(days, "none", 0, 0), false))
		require.Equal(t, "orders, orders k", s.kinds(), "statement %d", at)
		require.NoError(t, s.rollback(s.adapter, n, false))
		require.Equal(t, "[[first 4]]", held())
	}
	require.Positive(t, adopted)
	require.Positive(t, dropped)
}

// A build that was never put in place is no earlier generation.
func TestUnfinishedRefreshIsDropped(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
	s.mustAdd(n, fmt.Sprintf(days, "first", 0, 4))
	for _, before := range []string{"INSERT", "SELECT count()", "EXCHANGE"} {
		in := s.input(n, fmt.Sprintf(days, "second", 0, 7))
		in.FullRefresh = true
		plan, err := materialize.New(in)
		require.NoError(t, err)
		at := 0
		for i, step := range plan.Steps {
			if strings.HasPrefix(step.Statement.SQL, before) {
				at = i + 1
			}
		}
		require.Positive(t, at, before)
		_, err = materialize.Apply(t.Context(), &killer{Adapter: s.adapter, at: at, dead: true}, plan, nil)
		require.ErrorIs(t, err, errKilled)
		require.Equal(t, "orders, orders s", s.kinds(), before)
		require.ErrorContains(t, s.rollback(s.adapter, n, false), "there is no earlier generation", before)
		s.mustAdd(n, fmt.Sprintf(days, "none", 0, 0))
		require.Equal(t, "orders", s.kinds(), before)
	}
}

// What is kept of a model that is gone is named, with how to be rid of it, and
// nobody drops it.
func TestKeptOfWhatIsGone(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id")
	s.mustAdd(n, fmt.Sprintf(days, "first", 0, 4))
	s.refresh(n, fmt.Sprintf(days, "second", 0, 4))
	require.NotContains(t, strings.Join(s.differences(n), "\n"), "__chmod_k")
	gone := s.differences(s.model("others", "materialized", "table"))
	require.Contains(t, strings.Join(gone, "\n"), "has kept it of `"+s.database+"`.`orders`, which no node of this project is")
	require.Contains(t, strings.Join(gone, "\n"), "to be had back by DROP TABLE IF EXISTS `"+s.database+"`.`orders__chmod_k")
	s.repair(s.model("others", "materialized", "table"))
	require.Equal(t, "orders, orders k", s.kinds())
}

// compare holds the database against one node of a project.
func (s *shop) compare(n *manifest.Node) *materialize.Comparison {
	s.t.Helper()
	in := s.input(n, "SELECT 1 AS id")
	e, err := materialize.Expect(in)
	require.NoError(s.t, err)
	return materialize.Compare(materialize.Question{
		Expected: []*materialize.Expected{e}, Survey: &materialize.Survey{}, State: in.State, Databases: []string{s.database},
	})
}

func (s *shop) differences(n *manifest.Node) []string {
	s.t.Helper()
	var all []string
	for _, d := range s.compare(n).Divergences {
		all = append(all, d.What)
	}
	return all
}

func (s *shop) repair(n *manifest.Node) {
	s.t.Helper()
	in := s.input(n, "")
	for _, p := range s.compare(n).Plans(materialize.Repair{Server: in.Server, Invocation: in.Invocation}) {
		if p.NodeID == "leftovers" {
			_, err := materialize.Apply(s.t.Context(), s.adapter, p, nil)
			require.NoError(s.t, err)
		}
	}
}
