package clustertest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

const (
	// sequences is how many random sequences are run on each layout, and
	// firstSequence the seed of the first one: a failure tells its seed.
	sequences     = "CHMOD_TEST_SEQUENCES"
	firstSequence = "CHMOD_TEST_FIRST_SEQUENCE"
)

func TestSequencesOnReplicas(t *testing.T) { randomSequences(t, newShop(t, "1x3")) }
func TestSequencesOnShards(t *testing.T)   { randomSequences(t, newShop(t, "2x2")) }
func TestSequencesOnCurrent(t *testing.T)  { randomSequences(t, newEmbeddedShop(t)) }

// randomSequences changes a source at random and runs a model on it; runs end
// after any of their steps. In the end, every node gives what the source says.
func randomSequences(t *testing.T, s *shop) {
	count, first := 2, 1
	for name, n := range map[string]*int{sequences: &count, firstSequence: &first} {
		if text := os.Getenv(name); text != "" {
			var err error
			*n, err = strconv.Atoi(text)
			require.NoError(t, err)
		}
	}
	for seed := first; seed < first+count; seed++ {
		q := newSequence(s, uint64(seed))
		if !t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			outer := s.t
			s.t = t
			defer func() {
				s.t = outer
				if t.Failed() {
					t.Logf("%s=%d %s=1\n%s", firstSequence, seed, sequences, strings.Join(q.did, "\n"))
				}
			}()
			for range 2 + q.random.IntN(3) {
				q.change()
				q.run(q.random.IntN(3) > 0)
			}
			q.settle()
		}) {
			return // what it has left is in the way of the others
		}
		s.drop()
	}
}

// entry is a row of the source.
type entry struct {
	seq, id, part int
	v             string
}

// sequence is a source, a model on it, and what happened to them.
type sequence struct {
	*shop
	random   *rand.Rand
	strategy string
	model    *manifest.Node
	source   []entry
	did      []string
}

func newSequence(s *shop, seed uint64) *sequence {
	q := &sequence{shop: s, random: rand.New(rand.NewPCG(seed, 0))}
	pick := func(of ...string) string { return of[q.random.IntN(len(of))] }
	q.strategy = pick("append", "delete+insert", "insert_overwrite", "replace", "replace", "merge", "merge")
	config := []any{"materialized", "incremental", "incremental_strategy", q.strategy}
	// Servers of the bed cannot replace a partition by one without rows.
	partition := pick("tuple()", "id % 3")
	switch q.strategy {
	case "append", "insert_overwrite":
		partition = "part"
	case "replace":
		partition = pick("tuple()", "id % 3", "part")
		config = append(config, "version_column", "seq")
	case "merge":
		config = append(config, "merge_exclude_columns", "kept")
	}
	config = append(config, "partition_by", partition)
	if q.keyed() {
		config = append(config, "unique_key", "id")
	}
	if q.strategy != "replace" {
		config = append(config, "order_by", "id")
	}
	if s.bed.Shards > 1 {
		config = append(config, "sharding_key", "id")
	}
	q.model = s.model("entries", config...)
	q.note("%v", config)
	return q
}

func (q *sequence) keyed() bool {
	return slices.Contains([]string{"delete+insert", "replace", "merge"}, q.strategy)
}

func (q *sequence) note(format string, args ...any) {
	q.did = append(q.did, fmt.Sprintf(format, args...))
}

// change adds rows to the source: new ones, corrected ones, those that move.
func (q *sequence) change() {
	for range 1 + q.random.IntN(6) {
		e := entry{seq: len(q.source) + 1, id: q.random.IntN(12), part: q.random.IntN(3), v: strconv.Itoa(q.random.IntN(100))}
		q.source = append(q.source, e)
		q.note("source: %v", e)
	}
}

// sql is the model's, of what came to the source since the last row that the
// table has. Late versions of rows come again with replace.
func (q *sequence) sql(adds bool) string {
	since, there := 0, map[int]bool{}
	if adds {
		for _, row := range q.bed.Rows(q.t, 1, "SELECT seq, id FROM "+q.database+".entries") {
			since, there[int(row[1].(uint32))] = max(since, int(row[0].(uint32))), true
		}
	}
	if q.strategy == "replace" {
		since -= 3
	}
	fresh := slices.DeleteFunc(slices.Clone(q.source), func(e entry) bool { return e.seq <= since })
	switch q.strategy {
	case "delete+insert", "merge":
		fresh = newest(fresh)
	case "insert_overwrite":
		touched := map[int]bool{}
		for _, e := range fresh {
			touched[e.part] = true
		}
		fresh = slices.DeleteFunc(slices.Clone(q.source), func(e entry) bool { return !touched[e.part] })
	}
	rows := []string{"SELECT toUInt32(0) AS seq, toUInt32(0) AS id, toUInt8(0) AS part, '' AS v, '' AS kept FROM system.one WHERE 0"}
	for _, e := range fresh {
		kept := fmt.Sprintf("of %d", e.id)
		if q.strategy == "merge" && there[e.id] {
			kept = "wrong"
		}
		rows = append(rows, fmt.Sprintf("SELECT toUInt32(%d) AS seq, toUInt32(%d) AS id, toUInt8(%d) AS part, '%s' AS v, '%s' AS kept FROM system.one", e.seq, e.id, e.part, e.v, kept))
	}
	return "SELECT * FROM (" + strings.Join(rows, " UNION ALL ") + ")"
}

// newest are the last ones of each id.
func newest(all []entry) []entry {
	last := map[int]int{}
	for _, e := range all {
		last[e.id] = e.seq
	}
	return slices.DeleteFunc(slices.Clone(all), func(e entry) bool { return last[e.id] != e.seq })
}

// run runs the model, and ends on the way when it is to break.
func (q *sequence) run(breaks bool) {
	q.t.Helper()
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := q.begin()
	plan := i.planAddingBy(q.model, q.sql)
	if !breaks {
		q.note("run")
		_, err := materialize.Apply(q.t.Context(), i.cluster, plan, nil)
		require.NoError(q.t, err)
		return
	}
	k := 1 + q.random.IntN(len(plan.Steps))
	q.note("run, ended at step %d of %d: %s", k, len(plan.Steps), plan.Steps[k-1].Purpose)
	done := make(chan error, 1)
	go func() {
		defer close(done)
		_, err := materialize.Apply(q.t.Context(), i.cluster, plan, at(k, runtime.Goexit))
		done <- err
	}()
	if err, ok := <-done; ok {
		// Once the columns are known there can be fewer steps.
		require.NoError(q.t, err)
	}
}

// settle runs the model once more, and compares every node with the source.
func (q *sequence) settle() {
	q.change()
	q.run(false)
	want := q.source
	if q.keyed() {
		want = newest(want)
	}
	texts := make([]string, len(want))
	for i, e := range want {
		texts[i] = fmt.Sprintf("[%d %d %d %s of %d]", e.seq, e.id, e.part, e.v, e.id)
	}
	for node, rows := range q.everywhere("SELECT seq, id, part, v, kept FROM " + q.database + ".entries ORDER BY seq") {
		got := make([]string, len(rows))
		for i, row := range rows {
			got[i] = fmt.Sprint(row)
		}
		require.Equal(q.t, texts, got, "node %d", node+1)
	}
	tables := []string{"entries"}
	whole := "entries"
	if q.strategy == "replace" {
		whole += "__versions"
		tables = append(tables, whole)
	}
	if q.bed.Shards > 1 {
		tables = append(tables, whole+"_local")
	}
	for node := range q.bed.Nodes {
		kept := 0 // of what a full refresh has replaced
		found := slices.DeleteFunc(q.tables(node+1), func(name string) bool {
			_, stamp, ok := materialize.ParseStaging(name)
			if ok && stamp.Role == materialize.RoleKept {
				kept++
				return true
			}
			return false
		})
		require.Equal(q.t, tables, found, "node %d", node+1)
		require.LessOrEqual(q.t, kept, 1, "node %d", node+1)
	}
}
