package clustertest

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize"
)

// TestRenamedHalfway makes a host without Keeper fail at a rename, which moves
// the table's folder there and leaves its name: the second rename of a swap, and
// the one that puts the old table back.
func TestRenamedHalfway(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.first()
	for n, swapped := range []bool{true, false} {
		i := s.begin()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := materialize.Apply(t.Context(), i.cluster, i.plan(s.orders(), generation(2+2*n)), at(5, runtime.Goexit))
			t.Errorf("step 5 was not the end: %v", err)
		}()
		<-done
		tables := s.tables(3)
		require.Len(t, tables, 2)
		staging := tables[1]
		aside := strings.Replace(staging, "__chmod_s", "__chmod_o", 1)
		in := func(name string) string { return s.database + "." + name }
		s.bed.Exec(t, 3, "RENAME TABLE "+in("orders")+" TO "+in(aside))
		require.NoError(t, m.CutKeeper(3))
		require.NoError(t, (&struck{shop: s, m: m, node: 3}).untilReadOnly())
		moved := aside
		if swapped {
			moved = staging
		}
		_, err := m.Ask(t.Context(), 3, "RENAME TABLE "+in(moved)+" TO "+in("orders"))
		require.ErrorContains(t, err, "Session expired")
		require.NoError(t, m.Heal(t.Context()))
		require.ElementsMatch(t, []string{staging, aside}, s.tables(3))
		_, err = m.Ask(t.Context(), 3, "RENAME TABLE "+in(aside)+" TO "+in("orders"))
		require.ErrorContains(t, err, "Target path already exists")
		s.converged(3 + 2*n)
	}
}
