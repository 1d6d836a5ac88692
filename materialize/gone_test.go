package materialize_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// TestWhatIsReplacedMayBeGone drops the old table in a hook: the new one gets
// its name all the same, in the session that the hook has set.
func TestWhatIsReplacedMayBeGone(t *testing.T) {
	for _, c := range []struct {
		name       string
		before     string
		noExchange bool
	}{
		{"table", "table", false},
		{"view", "view", false},
		{"table without EXCHANGE", "table", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t)
			_, err := s.build(s.model("orders", "materialized", c.before), "SELECT 1 AS size, 1 AS id")
			require.NoError(t, err)
			in := s.input(s.model("orders", "materialized", "table"), "SELECT getSetting('max_block_size') AS size, 2 AS id")
			in.NoExchange = c.noExchange
			in.PreHooks = []materialize.Hook{{SQL: "SET max_block_size = 77; DROP TABLE " + s.database + ".orders"}}
			in.PostHooks = []materialize.Hook{{SQL: "INSERT INTO " + s.database + ".orders SELECT getSetting('max_block_size'), 3"}}
			plan, err := materialize.New(in)
			require.NoError(t, err)
			require.Contains(t, plan.Text(), "-- if what it replaces is gone by then: RENAME TABLE ")
			result, err := materialize.Apply(t.Context(), s.adapter, plan, nil)
			require.NoError(t, err)
			require.Equal(t, "[[77 2] [77 3]]", fmt.Sprint(s.rows("SELECT toString(size), id FROM $.orders ORDER BY id")))
			require.Equal(t, []string{"orders"}, s.tables())
			require.Len(t, result.Steps, len(plan.Steps)+1)
		})
	}
}

// TestANewTableThatIsGoneIsAFailure: then there is nothing to put in place.
func TestANewTableThatIsGoneIsAFailure(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table")
	_, err := s.build(n, "SELECT 1 AS id")
	require.NoError(t, err)
	plan, err := materialize.New(s.input(n, "SELECT 2 AS id"))
	require.NoError(t, err)
	_, err = materialize.Apply(t.Context(), s.adapter, plan, func(e materialize.Event) {
		if f, ok := e.(materialize.StepFinished); ok && f.Step.Kind == materialize.KindCheck {
			for _, name := range s.tables() {
				if name != "orders" {
					exec(t, s.adapter, "DROP TABLE "+adapters.Relation{Database: s.database, Name: name}.String())
				}
			}
		}
	})
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err))
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, "[[1]]", fmt.Sprint(s.rows("SELECT id FROM $.orders")))
}
