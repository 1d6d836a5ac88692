package clustertest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize"
)

// wide is rows with one more column than those before.
func wide(extra, v string, from, count int) string {
	return "SELECT *, 'more' AS " + extra + " FROM (" + added(v, from, count) + ")"
}

// TestColumnsWithoutAReplica adds and drops columns while a replica is down, or
// once it dies before the statement: the run goes on and names it, and the next
// one finds it like the others.
func TestColumnsWithoutAReplica(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	n := s.incremental("delete+insert", "on_schema_change", "sync_all_columns")
	ways := []bool{true}
	if os.Getenv(everyStep) != "" {
		ways = []bool{true, false}
	}
	for _, dies := range ways {
		t.Run(fmt.Sprintf("dies=%v", dies), func(t *testing.T) {
			defer s.drop()
			require.NoError(t, s.add(n, added("old", 0, 10)))
			if !dies {
				require.NoError(t, m.Kill(3))
			}
			time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
			i := s.begin()
			plan := i.planAdding(n, wide("extra", "new", 6, 8))
			result, err := materialize.Apply(t.Context(), i.cluster, plan, at(1, func() {
				if dies {
					require.NoError(t, m.Kill(3))
				}
			}))
			require.NoError(t, err)
			if dies {
				require.Len(t, result.Warnings, 1)
				require.ErrorContains(t, result.Warnings[0], s.bed.Nodes[2].Addr)
			} else {
				require.Contains(t, fmt.Sprint(plan.Notes), s.bed.Nodes[2].Addr)
			}
			require.NoError(t, m.Heal(t.Context()))
			require.NoError(t, s.add(n, wide("extra", "next", 12, 4)))
			s.wide("[[new more 6] [next more 4] [old  6]]")
			require.NoError(t, s.add(n, added("last", 0, 1)))
			s.holds("[[last 1] [new 6] [next 4] [old 5]]")
		})
	}
}

// wide requires rows by v and extra on every node.
func (s *shop) wide(want string) {
	s.t.Helper()
	for node, rows := range s.everywhere("SELECT v, extra, count() FROM " + s.database + ".entries GROUP BY v, extra ORDER BY v") {
		require.Equal(s.t, want, fmt.Sprint(rows), "node %d", node+1)
	}
}
