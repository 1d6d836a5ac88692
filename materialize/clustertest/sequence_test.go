package clustertest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

func TestSequencesOnReplicas(t *testing.T) { randomSequences(t, newShop(t, "1x3")) }
func TestSequencesOnShards(t *testing.T)   { randomSequences(t, newShop(t, "2x2")) }
func TestSequencesOnCurrent(t *testing.T)  { randomSequences(t, newEmbeddedShop(t), 9) }

// randomSequences changes a source at random and runs a model on it; runs die
// at any of their statements, or inside them. In the end, every node gives what
// the source says.
func randomSequences(t *testing.T, s *shop, failed ...uint64) {
	broken, deaths := false, 0
	enough := sequence.Each(t, 3, failed, func(t *testing.T, seed uint64, d *sequence.Diary) {
		if broken {
			t.Skip("what an earlier sequence has left is in the way")
		}
		broken = true
		outer := s.t
		defer func() { s.t = outer }()
		s.t = t
		q := newLoad(s, seed, d)
		defer func() {
			q.loose.Wait()
			s.drop()
			broken = false
		}()
		for range 2 + q.random.IntN(3) {
			q.change()
			q.reshape()
			q.run(q.random.IntN(4) > 0)
		}
		q.settle()
		deaths += q.deaths
	})
	t.Logf("%d runs have died", deaths)
	if enough {
		require.NotZero(t, deaths)
	}
}

// entry is a row of the source.
type entry struct {
	seq, id, part int
	v             string
}

// load is a source, a model on it, and what happened to them.
type load struct {
	*shop
	*sequence.Diary
	random   *rand.Rand
	strategy string
	model    *manifest.Node
	source   []entry
	shape
	deaths int
	// long is about how many statements a run has, and loose those that servers
	// are at work on for the dead.
	long  int
	loose sync.WaitGroup
	// people and pasts are of snapshots: what their table may hold.
	people people
	pasts  []past
	second int
}

func newLoad(s *shop, seed uint64, d *sequence.Diary) *load {
	q := &load{shop: s, Diary: d, random: sequence.Random(seed, 0), long: 60, people: people{}}
	pick := func(of ...string) string { return of[q.random.IntN(len(of))] }
	strategies := []string{"append", "delete+insert", "insert_overwrite", "replace", "replace", "merge", "merge", "microbatch", "snapshot", "snapshot"}
	if s.bed.Shards == 1 {
		// On shards it changes the table itself, and says so.
		strategies = append(strategies, "upsert")
	}
	q.shape = newShape(seed)
	if q.strategy = pick(strategies...); q.strategy == "snapshot" {
		q.model, q.pasts = s.people("check_cols", only("name")), []past{nil}
		q.Note("snapshot")
		return q
	}
	config := []any{"materialized", "incremental", "incremental_strategy", q.strategy, "on_schema_change", q.policy}
	// Servers of the bed cannot replace a partition by one without rows.
	partition := pick("tuple()", "id % 3")
	switch q.strategy {
	case "append", "insert_overwrite":
		partition = "part"
	case "microbatch":
		partition = "part"
		config = append(config, "event_time", "day", "batch_size", "month", "begin", "2026-01-01", "lookback", int64(2))
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
	q.Note("%v", config)
	return q
}

func (q *load) keyed() bool {
	return slices.Contains([]string{"delete+insert", "replace", "merge", "upsert"}, q.strategy)
}

// change adds rows to the source: new ones, corrected ones, those that move.
func (q *load) change() {
	if q.strategy == "snapshot" {
		for range 1 + q.random.IntN(4) {
			id := 1 + q.random.IntN(6)
			if q.people[id] = sequence.Pick(q.random, "", "ann", "bob"); q.people[id] == "" {
				delete(q.people, id)
			}
		}
		q.Note("people: %v", q.people)
		return
	}
	for range 1 + q.random.IntN(6) {
		e := entry{seq: len(q.source) + 1, id: q.random.IntN(12), part: q.random.IntN(3), v: strconv.Itoa(q.random.IntN(100))}
		q.source = append(q.source, e)
		q.Note("source: %v", e)
	}
}

// sql is the model's, of what came to the source since the last row that the
// table has. Late versions of rows come again with replace.
func (q *load) sql(adds bool) string {
	if q.strategy == "snapshot" {
		return q.withExtra(q.people.sql())
	}
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
	case "delete+insert", "merge", "upsert":
		fresh = newest(fresh)
	case "microbatch":
		fresh = q.source
	case "insert_overwrite":
		touched := map[int]bool{}
		for _, e := range fresh {
			touched[e.part] = true
		}
		fresh = slices.DeleteFunc(slices.Clone(q.source), func(e entry) bool { return !touched[e.part] })
	}
	rows := []string{"SELECT toUInt32(0) AS seq, toUInt32(0) AS id, toUInt8(0) AS part, '' AS v, '' AS kept, toDate('2026-01-05') AS day FROM system.one WHERE 0"}
	for _, e := range fresh {
		kept := fmt.Sprintf("of %d", e.id)
		if q.strategy == "merge" && there[e.id] {
			kept = "wrong"
		}
		rows = append(rows, fmt.Sprintf("SELECT toUInt32(%d) AS seq, toUInt32(%d) AS id, toUInt8(%d) AS part, '%s' AS v, '%s' AS kept, toDate('2026-0%d-05') AS day FROM system.one", e.seq, e.id, e.part, e.v, kept, e.part+1))
	}
	return q.withExtra("SELECT * FROM (" + strings.Join(rows, " UNION ALL ") + ")")
}

// newest are the last ones of each id.
func newest(all []entry) []entry {
	last := map[int]int{}
	for _, e := range all {
		last[e.id] = e.seq
	}
	return slices.DeleteFunc(slices.Clone(all), func(e entry) bool { return last[e.id] != e.seq })
}

// settle runs the model once more, and compares every node with the source.
func (q *load) settle() {
	q.change()
	q.run(false)
	q.loose.Wait()
	if q.strategy == "snapshot" {
		return // each run is compared
	}
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
	q.settledShape()
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
