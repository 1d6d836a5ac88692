package adapters_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
)

func TestLackingParts(t *testing.T) {
	part := func(partition string, from, to int64, version uint64) adapters.Part {
		return adapters.Part{Partition: partition, Name: fmt.Sprintf("%s_%d_%d", partition, from, to), MinBlock: from, MaxBlock: to, Version: version}
	}
	for _, test := range []struct {
		name         string
		mine, theirs []adapters.Part
		lacking      int
	}{
		{"both empty", nil, nil, 0},
		{"the same", []adapters.Part{part("a", 0, 0, 0)}, []adapters.Part{part("a", 0, 0, 0)}, 0},
		{"nothing", nil, []adapters.Part{part("a", 0, 0, 0), part("b", 0, 0, 0)}, 2},
		{"more", []adapters.Part{part("a", 0, 0, 0), part("a", 1, 1, 1)}, []adapters.Part{part("a", 0, 0, 0)}, 0},
		{"another partition", []adapters.Part{part("a", 0, 0, 0)}, []adapters.Part{part("b", 0, 0, 0)}, 1},
		{"merged here", []adapters.Part{part("a", 0, 3, 0)}, []adapters.Part{part("a", 1, 1, 0), part("a", 2, 3, 0)}, 0},
		{"merged there", []adapters.Part{part("a", 0, 0, 0), part("a", 1, 1, 1)}, []adapters.Part{part("a", 0, 1, 0)}, 0},
		{"later insert", []adapters.Part{part("a", 0, 1, 0)}, []adapters.Part{part("a", 0, 1, 0), part("a", 2, 2, 2)}, 1},
		{"mutated there", []adapters.Part{part("a", 0, 1, 0)}, []adapters.Part{part("a", 0, 1, 5)}, 1},
		{"mutated here", []adapters.Part{part("a", 0, 1, 5)}, []adapters.Part{part("a", 0, 1, 0)}, 0},
	} {
		require.Len(t, adapters.LackingParts(test.mine, test.theirs), test.lacking, test.name)
	}
}

// staged is a replicated table on all hosts.
func staged(t *testing.T, b *bedtest.Bed, f *adapters.Fleet, s adapters.Session, server adapters.Server) adapters.Relation {
	t.Helper()
	r := adapters.Relation{Database: b.Database(t), Name: "t"}
	_, err := ddl(t, f, s, server, 0, "CREATE TABLE %s ON CLUSTER %s (a UInt64) ENGINE = ReplicatedMergeTree('%s', '{replica}') PARTITION BY a %% 3 ORDER BY a",
		r, b.Name, bedtest.KeeperPath("t"))
	require.NoError(t, err)
	return r
}

func rows(outcomes []adapters.ReplicaOutcome) []uint64 {
	var counts []uint64
	for _, o := range outcomes {
		counts = append(counts, o.Rows)
	}
	return counts
}

func replicaStates(outcomes []adapters.ReplicaOutcome) []adapters.HostState {
	var s []adapters.HostState
	for _, o := range outcomes {
		s = append(s, o.State)
	}
	return s
}

func TestWaitReplicas(t *testing.T) {
	b := bedtest.Open(t, "2x2")
	f, s, server := fleet(t, b)
	r := staged(t, b, f, s, server)
	outcomes, err := adapters.WaitReplicas(t.Context(), f, r)
	require.NoError(t, err)
	require.Equal(t, []uint64{0, 0, 0, 0}, rows(outcomes))
	for round := range uint64(5) {
		// Each partition's block has to be new, or the server drops it.
		b.Exec(t, 1, fmt.Sprintf("INSERT INTO %s SELECT %d + number FROM numbers(100000)", r, round*1000003))
		b.Exec(t, 4, fmt.Sprintf("INSERT INTO %s SELECT %d + number FROM numbers(1000)", r, round*1000003))
		outcomes, err = adapters.WaitReplicas(bounded(t, time.Minute), f, r)
		require.NoError(t, err)
		n := round + 1
		require.Equal(t, []uint64{100000 * n, 100000 * n, 1000 * n, 1000 * n}, rows(outcomes))
		require.EqualValues(t, 2, outcomes[0].Active)
	}
	require.Equal(t, outcomes[0].Path, outcomes[1].Path)
	require.NotEqual(t, outcomes[0].Path, outcomes[2].Path)
}

func TestWaitReplicasStale(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleet(t, b)
	r := staged(t, b, f, s, server)
	require.NoError(t, m.PauseFetches(t.Context(), 3, r.String()))
	b.Exec(t, 1, "INSERT INTO "+r.String()+" SELECT number FROM numbers(3)")
	outcomes, err := adapters.WaitReplicas(bounded(t, 3*time.Second), f, r)
	require.Equal(t, []adapters.HostState{"done", "done", "pending"}, replicaStates(outcomes), "%v", err)
	require.Equal(t, []uint64{3, 3, 0}, rows(outcomes))
	require.Equal(t, adapters.ClassTimeout, adapters.ClassOf(err))
	require.ErrorContains(t, err, "the replica is behind")
	require.NoError(t, m.ResumeFetches(t.Context(), 3, r.String()))
	outcomes, err = adapters.WaitReplicas(bounded(t, time.Minute), f, r)
	require.NoError(t, err)
	require.Equal(t, []uint64{3, 3, 3}, rows(outcomes))
}

func TestWaitReplicasDownReadOnlyAndMissing(t *testing.T) {
	b := bedtest.Open(t, "1x3")
	m := b.Machines(t)
	f, s, server := fleet(t, b)
	r := staged(t, b, f, s, server)
	require.NoError(t, m.Kill(3))
	b.Exec(t, 1, "INSERT INTO "+r.String()+" SELECT number FROM numbers(3)")
	outcomes, err := adapters.WaitReplicas(bounded(t, time.Minute), f, r)
	require.Equal(t, []adapters.HostState{"done", "done", "unreached"}, replicaStates(outcomes), "%v", err)
	require.NoError(t, m.CutKeeper(2))
	require.Eventually(t, func() bool {
		outcomes, err = adapters.WaitReplicas(bounded(t, time.Minute), f, r)
		return outcomes[1].State == adapters.HostFailed
	}, time.Minute, 20*time.Millisecond)
	require.Equal(t, adapters.ClassReadOnly, adapters.ClassOf(err), "%v", err)
	require.Equal(t, adapters.HostDone, outcomes[0].State)
	require.NoError(t, m.Heal(t.Context()))
	_, err = adapters.WaitReplicas(bounded(t, time.Minute), f, adapters.Relation{Database: r.Database, Name: "nope"})
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
}
