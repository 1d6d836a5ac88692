package materialize_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// TestRandomSequences changes a source at random, runs an incremental model on
// it, and breaks runs off at any statement. In the end, its table holds what
// the source says.
func TestRandomSequences(t *testing.T) {
	deaths := 0
	enough := sequence.Each(t, 40, nil, func(t *testing.T, seed uint64, d *sequence.Diary) {
		q := newLoad(t, seed, d)
		for range 3 + q.random.IntN(6) {
			q.step()
		}
		q.settle()
		deaths += q.deaths
	})
	t.Logf("%d runs were broken off", deaths)
	if enough {
		require.NotZero(t, deaths)
	}
}

// load is a source, a model on it, and what happened to them.
type load struct {
	*shop
	*sequence.Diary
	random   *rand.Rand
	strategy string
	key      string // of strategies that have one
	config   []any
	policy   string // on_schema_change
	fixed    bool   // whether the SQL's columns stay as they are
	extra    bool   // whether the SQL returns one column more
	wide     bool   // whether that has its wider type
	extraAt  int    // the source's last seq when it began to
	ids, seq int
	// long is about how many statements a run has.
	long   int
	deaths int
}

func newLoad(t *testing.T, seed uint64, d *sequence.Diary) *load {
	q := &load{shop: newShop(t), Diary: d, random: sequence.Random(seed, 0)}
	q.strategy = sequence.Pick(q.random, "append", "delete+insert", "insert_overwrite", "replace", "replace", "merge", "merge", "microbatch", "upsert")
	q.policy = sequence.Pick(q.random, "ignore", "append_new_columns", "sync_all_columns")
	q.config = []any{"materialized", "incremental", "incremental_strategy", q.strategy, "on_schema_change", q.policy}
	if q.strategy != "replace" {
		q.config = append(q.config, "order_by", sequence.Pick(q.random, "id", "(day, id)", "tuple()"))
	}
	partition := sequence.Pick(q.random, "", "day", "toYYYYMM(day)", "id % 3")
	if q.strategy == "insert_overwrite" {
		partition = "day"
	}
	if partition != "" {
		q.config = append(q.config, "partition_by", partition)
	}
	q.prepare, q.long = q.completed, 22
	if slices.Contains([]string{"append", "insert_overwrite", "replace"}, q.strategy) {
		q.long = 12
	}
	switch q.strategy {
	case "delete+insert", "upsert":
		q.keyed()
		if q.strategy == "delete+insert" && q.random.IntN(4) == 0 {
			q.config = append(q.config, "projections", projections())
		}
	case "replace":
		q.keyed()
		q.config = append(q.config, "version_column", "seq")
	case "merge":
		q.keyed()
		q.config = append(q.config, "merge_method", sequence.Pick(q.random, "update", "update", "partitions"))
		if q.fixed = q.random.IntN(3) == 0; q.fixed {
			q.config = append(q.config, "merge_update_columns", list("seq", "DAY", "v", "kind"))
		} else {
			q.config = append(q.config, "merge_exclude_columns", list("kept"))
		}
	case "microbatch":
		q.config = append(q.config, "event_time", "day", "batch_size", "month", "begin", "2026-01-01", "lookback", int64(1))
	}
	exec(t, q.adapter, "CREATE TABLE "+q.database+".src (seq UInt32, id UInt32, kind String, day Date, v String) ENGINE = MergeTree ORDER BY seq")
	q.Note("%v", q.config)
	return q
}

// keyed gives the model a unique key, in one of the ways to write it.
func (q *load) keyed() {
	key := sequence.Pick[any](q.random, "id", list("id"), list("id", "kind"), "id, kind")
	if q.key = "id"; strings.Contains(value.Str(key), "kind") {
		q.key = "id, kind"
	}
	q.config = append(q.config, "unique_key", key)
}

// completed adds batches, and a strategy of the project's own.
func (q *load) completed(in *materialize.Input, adds bool) {
	in.Own = &materialize.OwnStrategies{Names: []string{"upsert"}, SQL: func(_ string, call materialize.StrategyCall) (string, error) {
		var names []string
		for _, c := range call.Columns {
			names = append(names, c.Name)
		}
		return fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s); INSERT INTO %[1]s (%[5]s) SELECT %[5]s FROM %[4]s;",
			call.Target, q.key, q.key, call.New, strings.Join(names, ", ")), nil
	}}
	if q.strategy != "microbatch" {
		return
	}
	batches, err := materialize.Batches(in.Node, adds, materialize.BatchSpan{Now: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC)})
	require.NoError(q.t, err)
	require.Len(q.t, batches, 2)
	whole := in.SQL
	for i := range batches {
		b := &batches[i]
		b.SQL = fmt.Sprintf("SELECT * FROM (%s) WHERE day >= '%s' AND day < '%s'", whole, b.Start.Format(time.DateOnly), b.End.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	in.Batches, in.SQL = batches, batches[0].SQL
}

func (q *load) model() *manifest.Node { return q.shop.model("orders", q.config...) }

// sql is the model's, as people write them: what came to the source since the
// last row that the table has.
func (q *load) sql(incremental bool) string {
	since := "0"
	if incremental {
		since = "(SELECT max(seq) FROM " + q.database + ".orders)"
	}
	src := q.database + ".src"
	columns := "seq, id, kind, day, v"
	if q.extra {
		columns = "seq, id, kind, " + q.extraType() + "(id * 2) AS extra, day, v"
	}
	switch q.strategy {
	case "append":
		return "SELECT " + columns + " FROM " + src + " WHERE seq > " + since
	case "microbatch":
		return "SELECT " + columns + " FROM " + src
	case "replace": // with versions that are late, and of which newer ones are there
		return "SELECT " + columns + " FROM " + src + " WHERE seq + 4 > " + since
	case "insert_overwrite":
		return "SELECT " + columns + " FROM " + src + " WHERE day IN (SELECT day FROM " + src + " WHERE seq > " + since + ")"
	case "merge":
		// A row that is there keeps what it has.
		kept := "toString(id * 7) AS kept"
		if incremental {
			kept = "if((" + q.key + ") IN (SELECT " + q.key + " FROM " + q.database + ".orders), 'wrong', toString(id * 7)) AS kept"
		}
		columns += ", " + kept
	}
	return "SELECT " + columns + " FROM " + src + " WHERE seq > " + since + " ORDER BY seq DESC LIMIT 1 BY " + q.key
}

// step is something that happens.
func (q *load) step() {
	switch n := q.random.IntN(20); {
	case n < 6:
		q.change()
	case n < 10:
		q.run(nil, false)
	case n < 17:
		q.change()
		q.run(&killer{
			Adapter: q.adapter, at: 1 + q.random.IntN(q.long), after: q.random.IntN(2) == 0, dead: q.random.IntN(3) > 0, half: q.random.IntN(3) == 0,
		}, q.random.IntN(10) == 0)
	case n < 18:
		q.run(nil, true)
	default:
		q.reshape()
	}
}

// change adds rows to the source: new ones, late ones, corrected ones and those
// that move to another partition.
func (q *load) change() {
	var rows []string
	for range 1 + q.random.IntN(8) {
		q.seq++
		id := q.random.IntN(q.ids + 1)
		if q.random.IntN(2) == 0 {
			q.ids++
			id = q.ids
		}
		day := fmt.Sprintf("2026-0%d-1%d", 1+q.random.IntN(2), q.random.IntN(4))
		rows = append(rows, fmt.Sprintf("(%d, %d, '%s', '%s', '%d')", q.seq, id, sequence.Pick(q.random, "a", "b"), day, q.random.IntN(5)))
	}
	exec(q.t, q.adapter, "INSERT INTO "+q.database+".src VALUES "+strings.Join(rows, ", "))
	q.Note("source: up to seq %d: %s", q.seq, strings.Join(rows, " "))
}

// run runs the model, and breaks it off where k says.
func (q *load) run(k *killer, refresh bool) {
	if k == nil {
		q.Note("run, full refresh %v", refresh)
		_, err := q.add(q.adapter, q.model(), q.sql, refresh)
		require.NoError(q.t, err)
		return
	}
	_, err := q.add(k, q.model(), q.sql, refresh)
	q.Note("run, full refresh %v, broken off at %d (after it %v, half %v, dead %v): %v", refresh, k.at, k.after, k.half, k.dead, err)
	if k.count < k.at {
		require.NoError(q.t, err)
		return
	}
	q.deaths++
	if err != nil { // else it was a statement that may fail
		require.ErrorIs(q.t, err, errKilled)
	}
}

// extraType is what makes the extra column.
func (q *load) extraType() string {
	if q.wide {
		return "toUInt64"
	}
	return "toUInt32"
}

// reshape changes what columns the SQL returns: one more, of a wider type, or
// gone again.
func (q *load) reshape() {
	if q.fixed {
		return
	}
	if q.extra && !q.wide && (q.policy == "append_new_columns" || q.random.IntN(2) == 0) {
		q.wide = true
		q.Note("extra column: wide")
		return
	}
	if q.extra && q.policy == "append_new_columns" {
		return // it does not take columns away
	}
	q.extra, q.extraAt, q.wide = !q.extra, q.seq, false
	q.Note("extra column: %v", q.extra)
	if !q.extra && q.policy == "ignore" {
		q.run(nil, true) // as it must
	}
}

// settle runs the model once more, and compares.
func (q *load) settle() {
	q.change()
	q.run(nil, false)
	want := "SELECT seq, id, kind, day, v FROM $.src ORDER BY seq"
	if q.key != "" {
		want = "SELECT seq, id, kind, day, v FROM (SELECT * FROM $.src ORDER BY seq DESC LIMIT 1 BY " + q.key + ") ORDER BY seq"
	}
	require.Equal(q.t, q.rows(want), q.rows("SELECT seq, id, kind, day, v FROM $.orders ORDER BY seq"))
	tables := []string{"orders", "src"}
	switch q.strategy {
	case "replace":
		tables = []string{"orders", "orders__versions", "src"}
	case "merge":
		require.Empty(q.t, q.rows("SELECT * FROM $.orders WHERE kept != toString(id * 7)"))
	}
	require.Equal(q.t, tables, q.tables())
	shape := fmt.Sprint(q.rows("SELECT type FROM system.columns WHERE database = '$' AND table = 'orders' AND name = 'extra'"))
	if q.policy != "ignore" {
		want := "[]"
		if q.extra {
			want = "[[" + strings.TrimPrefix(q.extraType(), "to") + "]]"
		}
		require.Equal(q.t, want, shape)
	}
	if shape != "[]" {
		wrong := fmt.Sprintf("SELECT * FROM $.orders WHERE extra != id * 2 AND (extra != 0 OR seq > %d)", q.extraAt)
		require.Empty(q.t, q.rows(wrong))
	}
}
