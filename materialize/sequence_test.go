package materialize_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

const (
	// sequences is how many random sequences are run, and firstSequence the
	// seed of the first one: a failure tells its seed.
	sequences     = "CHMOD_TEST_SEQUENCES"
	firstSequence = "CHMOD_TEST_FIRST_SEQUENCE"
)

// TestRandomSequences changes a source at random, runs an incremental model on
// it, and breaks runs off at any statement. In the end, its table holds what
// the source says.
func TestRandomSequences(t *testing.T) {
	count, first := 40, 1
	for name, n := range map[string]*int{sequences: &count, firstSequence: &first} {
		if text := os.Getenv(name); text != "" {
			var err error
			*n, err = strconv.Atoi(text)
			require.NoError(t, err)
		}
	}
	deaths := 0
	for seed := first; seed < first+count; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			q := newSequence(t, uint64(seed))
			defer func() {
				if t.Failed() {
					t.Logf("%s=%d %s=1\n%s", firstSequence, seed, sequences, strings.Join(q.did, "\n"))
				}
			}()
			for range 3 + q.random.IntN(6) {
				q.step()
			}
			q.settle()
			deaths += q.deaths
		})
	}
	t.Logf("%d runs were broken off", deaths)
	require.NotZero(t, deaths)
}

// sequence is a source, a model on it, and what happened to them.
type sequence struct {
	*shop
	random   *rand.Rand
	strategy string
	key      string // of delete+insert
	config   []any
	policy   string // on_schema_change
	extra    bool   // whether the SQL returns one column more
	extraAt  int    // the source's last seq when it began to
	ids, seq int
	deaths   int
	did      []string
}

func newSequence(t *testing.T, seed uint64) *sequence {
	q := &sequence{shop: newShop(t), random: rand.New(rand.NewPCG(seed, 0))}
	q.strategy = pick(q.random, "append", "delete+insert", "delete+insert", "insert_overwrite")
	q.policy = pick(q.random, "ignore", "append_new_columns", "sync_all_columns")
	q.config = []any{
		"materialized", "incremental", "incremental_strategy", q.strategy, "on_schema_change", q.policy,
		"order_by", pick(q.random, "id", "(day, id)", "tuple()"),
	}
	partition := pick(q.random, "", "day", "toYYYYMM(day)", "id % 3")
	if q.strategy == "insert_overwrite" {
		partition = "day"
	}
	if partition != "" {
		q.config = append(q.config, "partition_by", partition)
	}
	if q.strategy == "delete+insert" {
		key := pick[any](q.random, "id", list("id"), list("id", "kind"), "id, kind")
		if q.key = "id"; strings.Contains(value.Str(key), "kind") {
			q.key = "id, kind"
		}
		q.config = append(q.config, "unique_key", key)
		if q.random.IntN(4) == 0 {
			q.config = append(q.config, "projections", projections())
		}
	}
	exec(t, q.adapter, "CREATE TABLE "+q.database+".src (seq UInt32, id UInt32, kind String, day Date, v String) ENGINE = MergeTree ORDER BY seq")
	q.note("%v", q.config)
	return q
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func (q *sequence) note(format string, args ...any) {
	q.did = append(q.did, fmt.Sprintf(format, args...))
}

func (q *sequence) model() *manifest.Node { return q.shop.model("orders", q.config...) }

// sql is the model's, as people write them: what came to the source since the
// last row that the table has.
func (q *sequence) sql(incremental bool) string {
	since := "0"
	if incremental {
		since = "(SELECT max(seq) FROM " + q.database + ".orders)"
	}
	src := q.database + ".src"
	columns := "seq, id, kind, day, v"
	if q.extra {
		columns = "seq, id, kind, toUInt64(id * 2) AS extra, day, v"
	}
	switch q.strategy {
	case "append":
		return "SELECT " + columns + " FROM " + src + " WHERE seq > " + since
	case "insert_overwrite":
		return "SELECT " + columns + " FROM " + src + " WHERE day IN (SELECT day FROM " + src + " WHERE seq > " + since + ")"
	}
	return "SELECT " + columns + " FROM " + src + " WHERE seq > " + since + " ORDER BY seq DESC LIMIT 1 BY " + q.key
}

// step is something that happens.
func (q *sequence) step() {
	switch n := q.random.IntN(20); {
	case n < 6:
		q.change()
	case n < 10:
		q.run(nil, false)
	case n < 17:
		q.change()
		q.run(&killer{Adapter: q.adapter, at: 1 + q.random.IntN(24), after: q.random.IntN(2) == 0, dead: q.random.IntN(3) > 0}, q.random.IntN(10) == 0)
	case n < 18:
		q.run(nil, true)
	default:
		q.reshape()
	}
}

// change adds rows to the source: new ones, late ones, corrected ones and those
// that move to another partition.
func (q *sequence) change() {
	var rows []string
	for range 1 + q.random.IntN(8) {
		q.seq++
		id := q.random.IntN(q.ids + 1)
		if q.random.IntN(2) == 0 {
			q.ids++
			id = q.ids
		}
		day := fmt.Sprintf("2026-0%d-1%d", 1+q.random.IntN(2), q.random.IntN(4))
		rows = append(rows, fmt.Sprintf("(%d, %d, '%s', '%s', '%d')", q.seq, id, pick(q.random, "a", "b"), day, q.random.IntN(5)))
	}
	exec(q.t, q.adapter, "INSERT INTO "+q.database+".src VALUES "+strings.Join(rows, ", "))
	q.note("source: up to seq %d: %s", q.seq, strings.Join(rows, " "))
}

// run runs the model, and breaks it off where k says.
func (q *sequence) run(k *killer, refresh bool) {
	if k == nil {
		q.note("run, full refresh %v", refresh)
		_, err := q.add(q.adapter, q.model(), q.sql, refresh)
		require.NoError(q.t, err)
		return
	}
	_, err := q.add(k, q.model(), q.sql, refresh)
	q.note("run, full refresh %v, broken off at %d (after it %v, dead %v): %v", refresh, k.at, k.after, k.dead, err)
	if k.count < k.at {
		require.NoError(q.t, err)
		return
	}
	q.deaths++
	if err != nil { // else it was a statement that may fail
		require.True(q.t, errors.Is(err, errKilled), "%v", err)
	}
}

// reshape changes what columns the SQL returns.
func (q *sequence) reshape() {
	if q.extra && q.policy == "append_new_columns" {
		return // it does not take columns away
	}
	q.extra, q.extraAt = !q.extra, q.seq
	q.note("extra column: %v", q.extra)
	if !q.extra && q.policy == "ignore" {
		q.run(nil, true) // as it must
	}
}

// settle runs the model once more, and compares.
func (q *sequence) settle() {
	q.change()
	q.run(nil, false)
	want := "SELECT seq, id, kind, day, v FROM $.src ORDER BY seq"
	if q.strategy == "delete+insert" {
		want = "SELECT seq, id, kind, day, v FROM (SELECT * FROM $.src ORDER BY seq DESC LIMIT 1 BY " + q.key + ") ORDER BY seq"
	}
	require.Equal(q.t, q.rows(want), q.rows("SELECT seq, id, kind, day, v FROM $.orders ORDER BY seq"))
	require.Equal(q.t, []string{"orders", "src"}, q.tables())
	shape := fmt.Sprint(q.rows("SELECT count() FROM system.columns WHERE database = '$' AND table = 'orders' AND name = 'extra'"))
	if q.policy != "ignore" {
		require.Equal(q.t, map[bool]string{true: "[[1]]", false: "[[0]]"}[q.extra], shape)
	}
	if shape == "[[1]]" {
		wrong := fmt.Sprintf("SELECT * FROM $.orders WHERE extra != id * 2 AND (extra != 0 OR seq > %d)", q.extraAt)
		require.Empty(q.t, q.rows(wrong))
	}
}
