package materialize_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// leave builds a model from nothing, after what is left of another strategy was
// looked for.
func (s *shop) leave(through adapters.Adapter, n *manifest.Node, sql string, refresh bool) error {
	s.t.Helper()
	in := s.input(n, sql)
	in.FullRefresh = refresh
	in = s.complete(in, s.always(sql))
	if view, ok := materialize.FormerOf(in); ok {
		session, err := s.adapter.Session(s.t.Context())
		require.NoError(s.t, err)
		in.Former, err = materialize.ReadFormer(s.t.Context(), session, in, view)
		require.NoError(s.t, errors.Join(err, session.Close()))
	}
	plan, err := materialize.New(in)
	require.NoError(s.t, err)
	_, err = materialize.Apply(s.t.Context(), through, plan, nil)
	return err
}

// Leaving replace takes its table away, wherever a run dies on the way.
func TestLeavingReplace(t *testing.T) {
	for _, keep := range []bool{true, false} {
		want := "orders"
		if keep {
			want = "orders, orders__versions k"
		}
		for at, over := 1, false; !over; at++ {
			s := newShop(t)
			replace := s.model("orders", "materialized", "incremental", "incremental_strategy", "replace", "unique_key", "id")
			n := s.model("orders", "materialized", "incremental", "unique_key", "id", "order_by", "id", "keep_previous_generation", keep)
			s.mustAdd(replace, fmt.Sprintf(days, "old", 0, 3))
			require.Equal(t, "orders, orders__versions", s.kinds())
			err := s.leave(&killer{Adapter: s.adapter, at: at, after: true, dead: true}, n, fmt.Sprintf(days, "new", 0, 4), true)
			over = err == nil
			require.Contains(t, []string{"[[new 4]]", "[[old 3]]"}, fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")))
			require.NoError(t, s.leave(s.adapter, n, fmt.Sprintf(days, "new", 0, 4), false))
			require.Equal(t, "[[new 4]]", fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")))
			require.Equal(t, want, s.kinds(), "killed at statement %d", at)
			if over && keep {
				require.ErrorContains(t, s.rollback(s.adapter, n, false), "there is no earlier generation")
				s.refresh(n, fmt.Sprintf(days, "newer", 0, 5))
				require.Equal(t, "orders, orders k", s.kinds())
			}
		}
	}
}

// A table that only has such a name is left alone, and so is one that others read.
func TestLeavingReplaceLeavesOthersAlone(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table")
	exec(t, s.adapter, "CREATE TABLE "+s.database+".orders__versions (id UInt32) ENGINE = ReplacingMergeTree ORDER BY id")
	exec(t, s.adapter, "CREATE VIEW "+s.database+".orders AS SELECT id FROM "+s.database+".orders__versions FINAL WHERE id > 1")
	require.NoError(t, s.leave(s.adapter, n, "SELECT 1 AS id", true))
	require.Equal(t, "orders, orders__versions", s.kinds())
}
