package clustertest

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// added is SQL of rows for an incremental model, in two partitions.
func added(v string, from, count int) string {
	return fmt.Sprintf("SELECT toUInt64(number + %d) AS id, toUInt8((number + %d) %% 2) AS half, '%s' AS v FROM (SELECT number FROM system.numbers LIMIT %d)", from, from, v, count)
}

func (s *shop) incremental(strategy string, config ...any) *manifest.Node {
	config = append([]any{"materialized", "incremental", "incremental_strategy", strategy, "order_by", "id", "partition_by", "half"}, config...)
	if strategy == "delete+insert" {
		config = append(config, "unique_key", "id")
	}
	if s.bed.Shards > 1 {
		config = append(config, "sharding_key", "id")
	}
	return s.model("entries", config...)
}

// planAdding plans a run of an incremental model, after what is unfinished.
func (i *invocation) planAdding(n *manifest.Node, sql string) *materialize.Plan {
	i.t.Helper()
	return i.planAddingBy(n, func(bool) string { return sql })
}

// planAddingBy is planAdding for SQL that asks whether there is a table.
func (i *invocation) planAddingBy(n *manifest.Node, sql func(adds bool) string) *materialize.Plan {
	i.t.Helper()
	return i.planInput(materialize.Input{Node: n}, sql)
}

// planWithin plans a piece of a backfill.
func (i *invocation) planWithin(n *manifest.Node, sql string, w *materialize.Within) *materialize.Plan {
	i.t.Helper()
	return i.planInput(materialize.Input{Node: n, Within: w}, func(bool) string { return sql })
}

func (i *invocation) planInput(in materialize.Input, sql func(adds bool) string) *materialize.Plan {
	i.t.Helper()
	in.State, in.Server, in.Topology, in.Invocation = i.state, i.adapter.Server(), i.topology, i.id
	finish, err := materialize.Finish(in)
	require.NoError(i.t, err)
	if len(finish.Steps) > 0 {
		_, err := materialize.Apply(i.t.Context(), i.cluster, finish, nil)
		require.NoError(i.t, err)
		i.look()
		in.State = i.state
	}
	r, adds := materialize.TargetOf(in)
	in.SQL = sql(adds)
	if adds {
		session, err := i.adapter.Session(i.t.Context())
		require.NoError(i.t, err)
		in.Target, err = materialize.ReadTarget(i.t.Context(), session, i.adapter.Server().Version, r)
		require.NoError(i.t, err)
		require.NoError(i.t, session.Close())
		require.NoError(i.t, in.Target.ReadDrift(i.t.Context(), i.cluster, in))
	}
	plan, err := materialize.New(in)
	require.NoError(i.t, err)
	return plan
}

func (s *shop) add(n *manifest.Node, sql string) error {
	s.t.Helper()
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := s.begin()
	_, err := materialize.Apply(s.t.Context(), i.cluster, i.planAdding(n, sql), nil)
	return err
}

// holds requires rows by their v on every node, and nothing beside the table.
func (s *shop) holds(want string) {
	s.t.Helper()
	for node, rows := range s.everywhere("SELECT v, count() FROM " + s.database + ".entries GROUP BY v ORDER BY v") {
		require.Equal(s.t, want, fmt.Sprint(rows), "node %d", node+1)
	}
	tables := []string{"entries"}
	if s.bed.Shards > 1 {
		tables = append(tables, "entries_local")
	}
	for node := range s.bed.Nodes {
		require.Equal(s.t, tables, s.tables(node+1), "node %d", node+1)
	}
}

func (s *shop) drop() {
	s.t.Helper()
	for node := range s.bed.Nodes {
		for _, name := range s.tables(node + 1) {
			s.bed.Exec(s.t, node+1, "DROP TABLE "+s.database+".`"+name+"`")
		}
	}
}

func incrementalEverywhere(t *testing.T, s *shop) {
	for strategy, want := range map[string]string{
		"append": "[[new 8] [old 10]]", "delete+insert": "[[new 8] [old 6]]", "insert_overwrite": "[[new 8]]",
	} {
		n := s.incremental(strategy)
		require.NoError(t, s.add(n, added("old", 0, 10)), strategy)
		require.NoError(t, s.add(n, added("new", 6, 8)), strategy)
		s.holds(want)
		require.NoError(t, s.add(n, added("none", 0, 0)), strategy)
		s.holds(want)
		// The same rows once more are rows once more, whatever the servers
		// take for a repetition.
		if strategy == "append" {
			require.NoError(t, s.add(n, added("new", 6, 8)), strategy)
			s.holds("[[new 16] [old 10]]")
		}
		s.drop()
	}
	n := s.incremental("delete+insert", "on_schema_change", "sync_all_columns")
	require.NoError(t, s.add(n, added("old", 0, 10)))
	require.NoError(t, s.add(n, "SELECT *, 'more' AS extra FROM ("+added("new", 6, 8)+")"))
	s.holds("[[new 8] [old 6]]")
	for _, rows := range s.everywhere("SELECT v, extra, count() FROM " + s.database + ".entries GROUP BY v, extra ORDER BY v") {
		require.Equal(t, "[[new more 8] [old  6]]", fmt.Sprint(rows))
	}
}

func TestIncrementalOnReplicas(t *testing.T) { incrementalEverywhere(t, newShop(t, "1x3")) }
func TestIncrementalOnShards(t *testing.T)   { incrementalEverywhere(t, newShop(t, "2x2")) }
func TestIncrementalOnCurrent(t *testing.T)  { incrementalEverywhere(t, newEmbeddedShop(t)) }
func TestIncrementalCrashes(t *testing.T)    { incrementalCrashes(t, newShop(t, "2x2")) }
func TestIncrementalCrashesNow(t *testing.T) { incrementalCrashes(t, newEmbeddedShop(t)) }

// incrementalCrashes ends chmod after each step, or around those that matter
// most: the next run, which has no new rows itself, finds all of them or none.
func incrementalCrashes(t *testing.T, s *shop) {
	n := s.incremental("delete+insert")
	require.NoError(t, s.add(n, added("0", 0, 10)))
	i := s.begin()
	plan := i.planAdding(n, added("x", 6, 8))
	steps, committed := []int{}, 0
	for _, step := range plan.Steps {
		if step.Commit {
			committed = step.Number
		}
		if os.Getenv(everyStep) != "" || step.Commit || step.Kind == materialize.KindPartitions {
			steps = append(steps, step.Number)
		}
	}
	for _, k := range steps {
		s.drop()
		require.NoError(t, s.add(n, added("old", 0, 10)))
		i := s.begin()
		plan := i.planAdding(n, added("new", 6, 8))
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := materialize.Apply(t.Context(), i.cluster, plan, at(k, runtime.Goexit))
			t.Errorf("step %d was not the end: %v", k, err)
		}()
		<-done
		time.Sleep(2 * time.Millisecond)
		require.NoError(t, s.add(n, added("none", 0, 0)), "after step %d", k)
		want := "[[old 10]]"
		if k >= committed {
			want = "[[new 8] [old 6]]"
		}
		s.holds(want)
	}
}
