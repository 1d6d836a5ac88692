package clustertest

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

func (s *shop) orders() *manifest.Node {
	if s.bed.Shards > 1 {
		return s.model("orders", "materialized", "table", "order_by", "id", "sharding_key", "id")
	}
	return s.model("orders", "materialized", "table", "order_by", "id")
}

// first builds generation 1.
func (s *shop) first() {
	s.t.Helper()
	s.generations = 1
	_, err := s.build(s.orders(), generation(1))
	require.NoError(s.t, err)
}

// converged builds another generation with everything well, and requires it on
// every node and nothing else.
func (s *shop) converged(n int) {
	s.t.Helper()
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := s.begin()
	require.Empty(s.t, i.cluster.Down())
	r, err := materialize.Apply(s.t.Context(), i.cluster, i.plan(s.orders(), generation(n)), nil)
	require.NoError(s.t, err)
	require.Empty(s.t, r.Warnings)
	for node, rows := range s.everywhere(s.whole("orders")) {
		require.Equal(s.t, [][]any{{uint64(1000), uint64(n), uint64(n)}}, rows, "node %d", node+1)
	}
	want := []string{"orders"}
	if s.bed.Shards > 1 {
		want = append(want, "orders_local")
	}
	for node := range s.bed.Nodes {
		require.Equal(s.t, want, s.tables(node+1), "node %d", node+1)
	}
}

// at calls do once step number k is finished.
func at(k int, do func()) func(materialize.Event) {
	return func(e materialize.Event) {
		if f, ok := e.(materialize.StepFinished); ok && f.Step.Number == k && f.Err == nil {
			do()
		}
	}
}

// everyStep makes tests break things after every step of a rebuild, which takes
// some minutes, and not only around those that matter most.
const everyStep = "CHMOD_TEST_EVERY_STEP"

// boundaries are the steps of a rebuild to break things after: once the new
// table is there, right before the swap and right after it.
func (s *shop) boundaries() []int {
	s.t.Helper()
	i := s.begin()
	plan := i.plan(s.orders(), generation(2))
	var some, all []int
	for _, step := range plan.Steps {
		all = append(all, step.Number)
		if step.Swap && len(some) == 0 {
			some = []int{2, step.Number - 1, step.Number}
		}
	}
	if os.Getenv(everyStep) != "" {
		return all
	}
	return some
}

func (i *invocation) steps() int { return len(i.plan(i.orders(), generation(2)).Steps) }

func TestReadersSeeWholeGenerations(t *testing.T) {
	for _, layout := range []string{"1x3", "2x2"} {
		t.Run(layout, func(t *testing.T) {
			s := newShop(t, layout)
			s.first()
			table := "orders"
			if s.bed.Shards > 1 {
				// Through the Distributed table two generations may meet, as the
				// plan says.
				table = "orders_local"
			}
			r := s.read(table)
			through := s.read("orders")
			for n := 2; n <= 4; n++ {
				_, err := s.build(s.orders(), generation(n))
				require.NoError(t, err)
			}
			polls, missing := r.whole()
			t.Logf("%s: %d polls, %d of them between the two renames", table, polls, missing)
			mixed := 0
			for n, seen := range through.Stop() {
				require.Empty(t, seen.Wrong, "node %d", n+1)
				mixed += seen.Mixed
			}
			if s.bed.Shards == 1 {
				require.Zero(t, mixed)
			} else {
				t.Logf("through orders: %d polls saw shards of two generations", mixed)
			}
			require.Greater(t, polls, 100)
		})
	}
}

// TestCrashes ends chmod after each step: what follows never happens.
func TestCrashes(t *testing.T) {
	for _, layout := range []string{"1x3", "2x2"} {
		t.Run(layout, func(t *testing.T) {
			s := newShop(t, layout)
			s.first()
			for _, k := range s.boundaries() {
				i := s.begin()
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, err := materialize.Apply(t.Context(), i.cluster, i.plan(s.orders(), generation(2*k)), at(k, runtime.Goexit))
					t.Errorf("step %d was not the end: %v", k, err)
				}()
				<-done
				s.converged(2*k + 1)
			}
		})
	}
}

// TestReplicaDies kills a replica after each step.
func TestReplicaDies(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.first()
	steps := s.begin().steps()
	for _, k := range append([]int{0}, s.boundaries()...) {
		n := 10 + 2*k
		if k == 0 {
			require.NoError(t, m.Kill(3))
		}
		r := s.read("orders")
		i := s.begin()
		result, err := materialize.Apply(t.Context(), i.cluster, i.plan(s.orders(), generation(n)), at(k, func() {
			if !t.Failed() {
				require.NoError(t, m.Kill(3))
			}
		}))
		require.NoError(t, err, "killed after step %d", k)
		for node := 1; node <= 2; node++ {
			require.Equal(t, [][]any{{uint64(1000), uint64(n), uint64(n)}}, s.bed.Rows(t, node, s.whole("orders")))
		}
		said := ""
		for _, w := range result.Warnings {
			said += w.Error()
		}
		if k > 0 && k < steps-1 { // in the last steps nothing is asked of it any more
			require.Contains(t, said, s.bed.Nodes[2].Addr, "killed after step %d", k)
		}
		require.NoError(t, m.StartNode(t.Context(), 3))
		polls, missing := r.whole()
		t.Logf("killed after step %d of %d: %d polls, %d between renames; %s", k, steps, polls, missing, said)
		s.converged(n + 1)
	}
}

// TestStaleReplica stops fetches on a replica once the new table is there.
func TestStaleReplica(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.first()
	s.wait = 3 * time.Second
	stale := func(i *invocation, n int) (*materialize.Result, error) {
		plan := i.plan(s.orders(), generation(n))
		staging := ""
		for _, step := range plan.Steps {
			if step.Replicas != nil && step.Replicas.Require != "" {
				staging = strings.ReplaceAll(step.Replicas.Table.String(), "`", "")
			}
		}
		return materialize.Apply(t.Context(), i.cluster, plan, at(2, func() {
			require.NoError(t, m.PauseFetches(t.Context(), 3, staging))
		}))
	}
	r := s.read("orders")
	_, err := stale(s.begin(), 2)
	var behind *materialize.ReplicasBehind
	require.ErrorAs(t, err, &behind)
	require.Len(t, behind.Hosts, 1)
	require.Contains(t, behind.Hosts, s.bed.Nodes[2].Addr)
	t.Log(err)
	for _, rows := range s.everywhere(s.whole("orders")) {
		require.Equal(t, [][]any{{uint64(1000), uint64(1), uint64(1)}}, rows)
	}

	s.require = materialize.RequireQuorum
	result, err := stale(s.begin(), 3)
	require.NoError(t, err)
	require.Len(t, result.Warnings, 1)
	t.Log(result.Warnings[0].Error())
	all := s.everywhere(s.whole("orders"))
	for node, want := range []uint64{3, 3, 1} {
		require.Equal(t, [][]any{{uint64(1000), want, want}}, all[node])
	}
	r.whole()
	s.require = ""
	s.converged(4)
}

// TestDistributedTimeout builds on a cluster with a host that never answers,
// which nobody knows before a distributed statement has waited for it.
func TestDistributedTimeout(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.cluster, s.ddl = m.Dead, 2*time.Second
	i := s.begin()
	hosts := i.topology.Clusters[m.Dead]
	require.NotEmpty(t, hosts[1].Down)
	hosts[1].Down = ""
	up := &believed{i.cluster, map[string]error{}}
	result, err := materialize.Apply(t.Context(), up, i.plan(s.orders(), generation(1)), nil)
	require.NoError(t, err)
	require.Len(t, result.Warnings, 1)
	t.Log(result.Warnings[0].Error())
	require.Equal(t, [][]any{{uint64(1000), uint64(1), uint64(1)}}, s.bed.Rows(t, 1, s.whole("orders")))
	require.Equal(t, []string{"orders"}, s.tables(1))
}

// TestKeeperGone takes Keeper away: nothing can be built, and nothing is
// harmed. Then from one node only, which is left out.
func TestKeeperGone(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.first()
	s.ddl = 3 * time.Second
	for _, k := range s.boundaries() {
		i := s.begin()
		r := s.read("orders")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		_, err := materialize.Apply(ctx, i.cluster, i.plan(s.orders(), generation(10+2*k)), at(k, func() { require.NoError(t, m.KillKeeper()) }))
		cancel()
		t.Logf("Keeper gone after step %d: %v", k, err)
		r.whole()
		require.NoError(t, m.Heal(t.Context()))
		s.converged(11 + 2*k)
	}
	require.NoError(t, m.CutKeeper(3))
	time.Sleep(7 * time.Second) // its session
	result, err := s.build(s.orders(), generation(100))
	require.NoError(t, err)
	for node, rows := range s.everywhere(s.whole("orders"))[:2] {
		require.Equal(t, [][]any{{uint64(1000), uint64(100), uint64(100)}}, rows, "node %d", node+1)
	}
	t.Log(result.Warnings)
	require.NoError(t, m.Heal(t.Context()))
	s.converged(101)
}

// TestHostHangs freezes a node after the new table was made.
func TestHostHangs(t *testing.T) {
	s := newShop(t, "1x3")
	m := s.bed.Machines(t)
	s.wait = time.Minute
	s.first()
	i := s.begin()
	result, err := materialize.Apply(t.Context(), i.cluster, i.plan(s.orders(), generation(2)), at(2, func() { require.NoError(t, m.Freeze(3)) }))
	require.NoError(t, m.Heal(t.Context())) // its session with Keeper has expired
	require.NoError(t, err)
	require.Len(t, result.Warnings, 1)
	t.Log(result.Warnings[0].Error())
	s.converged(3)
}

// believed takes all hosts to be well until they are left.
type believed struct {
	*materialize.Cluster
	left map[string]error
}

func (b *believed) Leave(host string, why error) { b.left[host] = why }
func (b *believed) Left(host string) error       { return b.left[host] }
