package clustertest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// keeping is the shop with chmod's own tables on all hosts, in a schema of the
// test's.
func (s *shop) keeping() *keptShop {
	s.t.Helper()
	schema := s.bed.Database(s.t)
	i := s.begin()
	plan, err := materialize.StatePlan(i.state, i.adapter.Server(), i.topology, schema, nil, "")
	require.NoError(s.t, err)
	_, err = materialize.Apply(s.t.Context(), i.cluster, plan, nil)
	require.NoError(s.t, err)
	return &keptShop{s, schema}
}

// keptShop is a shop whose runs keep a journal.
type keptShop struct {
	*shop
	schema string
}

// runner is a run that takes locks.
type runner struct {
	*journal.Journal
	id string
	// end writes that the run is over, once.
	end func()
}

// runner begins a run on a machine that reaches some nodes only.
func (s *keptShop) runner(nodes ...int) runner {
	s.t.Helper()
	i := s.begin()
	reaches := map[string]bool{}
	for _, n := range nodes {
		reaches[s.bed.Nodes[n-1].Addr] = true
	}
	for _, node := range s.bed.Nodes {
		if !reaches[node.Addr] {
			i.cluster.Leave(node.Addr, errors.New("this machine does not reach it"))
		}
	}
	_, err := i.cluster.Pin(s.t.Context(), s.cluster, s.bed.Nodes[nodes[0]-1].Addr, nil)
	require.NoError(s.t, err)
	j, err := journal.Open(i.cluster, s.schema, "").Start(s.t.Context(), journal.Self{Invocation: i.id, Command: "build"})
	require.NoError(s.t, err)
	end := sync.OnceFunc(func() { require.NoError(s.t, j.Close(context.Background(), "success")) })
	s.t.Cleanup(end)
	return runner{j, i.id.ID.String(), end}
}

// TestLocksOnReplicas takes locks on old servers: from machines that reach all
// hosts, and from such as reach different ones, while a host knows what was
// written on another and while it does not.
func TestLocksOnReplicas(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout, func(t *testing.T) {
			s := newShop(t, layout).keeping()
			last := len(s.bed.Nodes)
			first, other, all := s.runner(1), s.runner(last), s.runner(s.all()...)
			for _, j := range []runner{first, other, all} {
				held, err := j.Lock(t.Context(), []string{j.id}, true)
				require.NoError(t, err)
				require.Empty(t, held, "of things of their own")
			}
			held, err := first.Lock(t.Context(), []string{"a"}, true)
			require.NoError(t, err)
			require.Empty(t, held)
			for name, j := range map[string]runner{"of another host": other, "of all hosts": all} {
				held, err = j.Lock(t.Context(), []string{"a"}, true)
				require.NoError(t, err, name)
				require.Len(t, held, 1, name)
				require.Equal(t, first.id, held[0].By.ID, name)
				require.NoError(t, j.Unsure(), name)
			}
			m := s.bed.Machines(t)
			locks := s.schema + "." + materialize.LocksTable
			require.NoError(t, m.PauseFetches(t.Context(), last, locks))
			held, err = first.Lock(t.Context(), []string{"b"}, true)
			require.NoError(t, err)
			require.Empty(t, held)
			held, err = s.runner(s.all()...).Lock(t.Context(), []string{"b"}, true)
			require.NoError(t, err)
			require.Len(t, held, 1, "who asks all hosts needs no fetches")
			blind := s.runner(last)
			held, err = blind.Lock(t.Context(), []string{"b"}, true)
			require.NoError(t, err)
			require.ErrorContains(t, blind.Unsure(), "GET_PART")
			require.Empty(t, held, "nobody there knows of it, and that is said")
			require.NoError(t, m.Heal(t.Context()))
			held, err = s.runner(last).Lock(t.Context(), []string{"b"}, true)
			require.NoError(t, err)
			require.NotEmpty(t, held, "what is fetched meanwhile is waited for")
		})
	}
}
