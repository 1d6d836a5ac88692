package materialize_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// history is a snapshot of the shop's customers.
func (s *shop) history(config ...any) *manifest.Node {
	n := s.model("history", append([]any{"materialized", "snapshot"}, config...)...)
	n.UniqueID, n.ResourceType = "snapshot.shop.history", manifest.Snapshot
	return n
}

// customers replaces the rows that the snapshot is of: VALUES of these columns.
func (s *shop) customers(rows string) {
	s.t.Helper()
	exec(s.t, s.adapter, "DROP TABLE IF EXISTS "+s.database+".customers SYNC")
	exec(s.t, s.adapter, "CREATE TABLE "+s.database+".customers (id Nullable(UInt32), region String, name Nullable(String), at DateTime('UTC')) ENGINE = MergeTree ORDER BY tuple()")
	if rows != "" {
		exec(s.t, s.adapter, "INSERT INTO "+s.database+".customers VALUES "+rows)
	}
}

const customers = "SELECT * FROM $.customers"

// take takes a snapshot at a second of its own.
func (s *shop) take(through adapters.Adapter, n *manifest.Node, sql string, second int) error {
	s.t.Helper()
	return s.taking(taking{node: n, sql: sql, at: time.Date(2026, 6, 1, 0, 0, second, 0, time.UTC), through: through})
}

// taking is how a snapshot is taken, and when.
type taking struct {
	node    *manifest.Node
	sql     string
	at      time.Time
	refresh bool
	through adapters.Adapter
}

// taking takes a snapshot as a command does it: what is unfinished first.
func (s *shop) taking(r taking) error {
	s.t.Helper()
	sql := strings.ReplaceAll(r.sql, "$", s.database)
	input := func() materialize.Input {
		in := s.input(r.node, sql)
		in.Invocation.StartedAt, in.FullRefresh = r.at, r.refresh
		return in
	}
	plan, err := materialize.Finish(input())
	if err == nil && len(plan.Steps) > 0 {
		_, err = materialize.Apply(s.t.Context(), r.through, plan, nil)
	}
	if err != nil {
		return err
	}
	if plan, err = s.planned(input(), func(bool) string { return sql }); err != nil {
		return err
	}
	_, err = materialize.Apply(s.t.Context(), r.through, plan, nil)
	return err
}

// versions are the rows of the history; times of runs are their seconds.
func (s *shop) versions(columns string) []string {
	s.t.Helper()
	var out []string
	for _, row := range s.rows("SELECT concat(" + columns + ") AS v FROM $.history ORDER BY v") {
		out = append(out, row[0].(string))
	}
	return out
}

const (
	shown  = "ifNull(toString(id), '-'), region, ' ', ifNull(name, '-'), ' ', %s, '..', %s"
	bySec  = "toString(toSecond(dbt_valid_from))"
	toSec  = "ifNull(toString(toSecond(dbt_valid_to)), '')"
	byDay  = "toString(toDayOfMonth(dbt_valid_from))"
	toDay  = "ifNull(toString(toDayOfMonth(dbt_valid_to)), '')"
	orMore = ", ' ', dbt_is_deleted"
)

func TestSnapshots(t *testing.T) {
	list := func(words ...string) *value.List {
		l := value.NewList()
		for _, w := range words {
			l.Elems = append(l.Elems, w)
		}
		return l
	}
	steps := []string{
		"(1,'e','ann','2026-01-01 00:00:00'),(2,'e',NULL,'2026-01-01 00:00:00'),(NULL,'w','nul','2026-01-01 00:00:00')",
		"(1,'e','ann','2026-01-02 00:00:00'),(NULL,'w','nul','2026-01-01 00:00:00'),(3,'e','cat','2026-01-02 00:00:00')",
		"(1,'e',NULL,'2026-01-03 00:00:00'),(2,'e','bob','2026-01-03 00:00:00'),(NULL,'w','nul','2026-01-01 00:00:00'),(3,'e','cat','2026-01-02 00:00:00')",
	}
	for name, c := range map[string]struct {
		config []any
		shown  string
		want   []string
	}{
		"timestamp": {[]any{"strategy", "timestamp", "updated_at", "at", "unique_key", "id"}, fmt.Sprintf(shown, byDay, toDay),
			[]string{"-w nul 1..", "1e - 3..", "1e ann 1..2", "1e ann 2..3", "2e - 1..3", "2e bob 3..", "3e cat 2.."}},
		"check": {[]any{"strategy", "check", "check_cols", list("name"), "unique_key", list("id", "region")}, fmt.Sprintf(shown, bySec, toSec),
			[]string{"-w nul 1..", "1e - 3..", "1e ann 1..3", "2e - 1..3", "2e bob 3..", "3e cat 2.."}},
		"invalidate": {[]any{"strategy", "check", "check_cols", list("name"), "unique_key", "id", "hard_deletes", "invalidate"}, fmt.Sprintf(shown, bySec, toSec),
			[]string{"-w nul 1..", "1e - 3..", "1e ann 1..3", "2e - 1..2", "2e bob 3..", "3e cat 2.."}},
		"all, the older word": {[]any{"strategy", "check", "check_cols", "all", "unique_key", "id", "invalidate_hard_deletes", true}, fmt.Sprintf(shown, bySec, toSec),
			[]string{"-w nul 1..", "1e - 3..", "1e ann 1..2", "1e ann 2..3", "2e - 1..2", "2e bob 3..", "3e cat 2.."}},
		"new_record": {[]any{"strategy", "check", "check_cols", list("name"), "unique_key", "id", "hard_deletes", "new_record"}, fmt.Sprintf(shown, bySec, toSec) + orMore,
			[]string{"-w nul 1.. False", "1e - 3.. False", "1e ann 1..3 False", "2e - 1..2 False", "2e - 2..3 True", "2e bob 3.. False", "3e cat 2.. False"}},
		"an end that is not NULL": {[]any{"strategy", "check", "check_cols", list("name"), "unique_key", "id", "hard_deletes", "invalidate", "dbt_valid_to_current", "toDateTime('2100-01-01 00:00:59')"},
			fmt.Sprintf(shown, bySec, toSec), []string{"-w nul 1..59", "1e - 3..59", "1e ann 1..3", "2e - 1..2", "2e bob 3..59", "3e cat 2..59"}},
		"other names": {[]any{"strategy", "check", "check_cols", list("name"), "unique_key", "id",
			"snapshot_meta_column_names", value.DictOf("dbt_valid_from", "since", "dbt_valid_to", "until", "dbt_scd_id", "version", "dbt_updated_at", "noted")},
			strings.NewReplacer("dbt_valid_from", "since", "dbt_valid_to", "until").Replace(fmt.Sprintf(shown, bySec, toSec)),
			[]string{"-w nul 1..", "1e - 3..", "1e ann 1..3", "2e - 1..3", "2e bob 3..", "3e cat 2.."}},
		"by partitions": {[]any{"strategy", "check", "check_cols", list("name"), "unique_key", "id", "order_by", "region", "partition_by", "region"}, fmt.Sprintf(shown, bySec, toSec),
			[]string{"-w nul 1..", "1e - 3..", "1e ann 1..3", "2e - 1..3", "2e bob 3..", "3e cat 2.."}},
	} {
		for _, nulls := range []string{"0", "1"} {
			if nulls == "1" && name != "new_record" && name != "timestamp" && os.Getenv("CHMOD_THOROUGH") == "" {
				continue
			}
			t.Run(name+" join_use_nulls="+nulls, func(t *testing.T) {
				s := newShop(t)
				n := s.history(append(c.config, "query_settings", value.DictOf("join_use_nulls", nulls))...)
				for i, rows := range steps {
					s.customers(rows)
					require.NoError(t, s.take(s.adapter, n, customers, i+1))
				}
				require.Equal(t, c.want, s.versions(c.shown))
				// Nothing has changed since: nothing is added.
				require.NoError(t, s.take(s.adapter, n, customers, 9))
				require.Equal(t, c.want, s.versions(c.shown))
				require.Equal(t, []string{"customers", "history"}, s.tables())
			})
		}
	}
}

// The table follows the SQL's columns; what it has no longer is kept.
func TestSnapshotGrows(t *testing.T) {
	s := newShop(t)
	n := s.history("strategy", "check", "check_cols", "all", "unique_key", "id")
	s.customers("(1,'e','ann','2026-01-01 00:00:00')")
	require.NoError(t, s.take(s.adapter, n, customers, 1))
	require.NoError(t, s.take(s.adapter, n, "SELECT id, name, at, toInt64(7) AS points FROM $.customers", 2))
	require.Equal(t, []string{"e ann 0 2", "ann 7 "}, s.sorted("SELECT concat(region, if(region = '', '', ' '), ifNull(name, '-'), ' ', toString(points), ' ', ifNull(toString(toSecond(dbt_valid_to)), '')) FROM $.history ORDER BY dbt_valid_from"))
	// Another type is converted to the table's.
	require.NoError(t, s.take(s.adapter, n, "SELECT id, name, at, '8' AS points FROM $.customers", 3))
	require.EqualValues(t, 8, s.rows("SELECT points FROM $.history WHERE dbt_valid_to IS NULL")[0][0])
}

func (s *shop) sorted(sql string) []string {
	s.t.Helper()
	var out []string
	for _, row := range s.rows(sql) {
		out = append(out, row[0].(string))
	}
	return out
}

// Ids of versions that are the same for rows of different keys, as dbt-clickhouse
// makes them, take nobody's history away.
func TestSnapshotIDsThatAreTheSame(t *testing.T) {
	s := newShop(t)
	n := s.history("strategy", "check", "check_cols", "all", "unique_key", list("a", "b"), "hard_deletes", "invalidate")
	source := func(first, second, third string) string {
		return "SELECT c1::Nullable(String) AS a, c2 AS b, c3 AS v FROM VALUES('c1 Nullable(String), c2 String, c3 String', " +
			fmt.Sprintf("(NULL, 'x', '%s'), ('', 'x', '%s'), ('p|q', 'r', '%[2]s'), ('p', 'q|r', '%s'))", first, second, third)
	}
	require.NoError(t, s.take(s.adapter, n, source("1", "1", "1"), 1))
	require.EqualValues(t, 2, s.rows("SELECT uniqExact(dbt_scd_id) FROM $.history")[0][0])
	require.NoError(t, s.take(s.adapter, n, source("2", "1", "2"), 2))
	shown := "ifNull(a, '-'), '/', b, ' ', v, ' ', toString(toSecond(dbt_valid_from)), '..', " + toSec
	require.Equal(t, []string{"-/x 1 1..2", "-/x 2 2..", "/x 1 1..", "p/q|r 1 1..2", "p/q|r 2 2..", "p|q/r 1 1.."}, s.versions(shown))
	// Both of two that are the same may end at once.
	require.NoError(t, s.take(s.adapter, n, source("3", "3", "2"), 3))
	require.Equal(t, []string{"-/x 1 1..2", "-/x 2 2..3", "-/x 3 3..", "/x 1 1..3", "/x 3 3..", "p/q|r 1 1..2", "p/q|r 2 2..", "p|q/r 1 1..3", "p|q/r 3 3.."}, s.versions(shown))
}

// NaN is no other value than NaN: it begins no version.
func TestSnapshotOfNaN(t *testing.T) {
	s := newShop(t)
	n := s.history("strategy", "check", "check_cols", "all", "unique_key", "id")
	for second, v := range []string{"nan", "nan", "1", "nan"} {
		require.NoError(t, s.take(s.adapter, n, "SELECT 1 AS id, toFloat64('"+v+"') AS v", second))
	}
	require.Equal(t, []string{"1 2", "nan 0", "nan 3"}, s.versions("toString(v), ' ', toString(toSecond(dbt_valid_from))"))
}

// A value that the table's type does not have is kept as it is, or refused: it
// is never another one in the history.
func TestSnapshotTypesChange(t *testing.T) {
	s := newShop(t)
	n := s.history("strategy", "timestamp", "updated_at", "at", "unique_key", "id", "hard_deletes", "invalidate")
	source := func(id int, v, at string) string { return fmt.Sprintf("SELECT %d AS id, %s AS v, %s AS at", id, v, at) }
	require.NoError(t, s.take(s.adapter, n, source(1, "5::Int32", "toDateTime('2026-01-01 00:00:00', 'UTC')"), 1))
	// Later within the same second, which the table's type could not tell.
	later := source(1, "3000000000::Int64", "toDateTime64('2026-01-01 00:00:00.5', 1, 'UTC')")
	for range 2 {
		require.NoError(t, s.take(s.adapter, n, later, 2))
		require.Equal(t, []string{"3000000000 2026-01-01 00:00:00.5", "5 2026-01-01 00:00:00.0"}, s.versions("toString(v), ' ', toString(dbt_valid_from)"))
	}
	require.ErrorContains(t, s.take(s.adapter, n, source(1, "'much'", "toDateTime64('2026-01-02 00:00:00.5', 1, 'UTC')"), 3), "a value of column v is none of the table's type Int64")
	// What fits is taken; that of rows which are gone is not looked at.
	require.NoError(t, s.take(s.adapter, n, source(2, "'7'", "toDateTime64('2026-01-02 00:00:00.5', 1, 'UTC')"), 3))
	require.Equal(t, []string{"3000000000 2026", "5 2026", "7 -"}, s.versions("toString(v), ' ', ifNull(toString(toYear(dbt_valid_to)), '-')"))
}

// What a run finds that had to wait for another one is later than what that one
// has found.
func TestSnapshotThatWaited(t *testing.T) {
	s := newShop(t)
	n := s.history("strategy", "check", "check_cols", "all", "unique_key", "id")
	in := s.input(n, "SELECT 1 AS id")
	in.Invocation.StartedAt, in.Turn = time.Unix(100, 0), time.Unix(200, 0)
	plan, err := s.planned(in, s.always(in.SQL))
	require.NoError(t, err)
	require.Contains(t, plan.Text(), "toDateTime(200)")
	require.NotContains(t, plan.Text(), "toDateTime(100)")
}

// A version that would end twice is a mistake in unique_key; nothing is done.
func TestSnapshotKeyIsUnique(t *testing.T) {
	s := newShop(t)
	n := s.history("strategy", "check", "check_cols", "all", "unique_key", "id", "hard_deletes", "invalidate")
	s.customers("(1,'e','ann','2026-01-01 00:00:00')")
	require.NoError(t, s.take(s.adapter, n, customers, 1))
	s.customers("(1,'e','bob','2026-01-01 00:00:00'),(1,'e','cat','2026-01-01 00:00:00')")
	require.ErrorContains(t, s.take(s.adapter, n, customers, 2), "unique_key is the same for several rows of the SQL")
	// Of rows that are new, too, of a first snapshot and of a later one.
	s.customers("(1,'e','ann','2026-01-01 00:00:00'),(2,'e','bob','2026-01-01 00:00:00'),(2,'e','cat','2026-01-01 00:00:00')")
	require.ErrorContains(t, s.take(s.adapter, n, customers, 2), "unique_key is the same for several rows of the SQL")
	require.Len(t, s.versions("ifNull(name, '')"), 1)
	require.Equal(t, []string{"customers", "history"}, s.tables())
	exec(t, s.adapter, "DROP TABLE "+s.database+".history SYNC")
	require.ErrorContains(t, s.take(s.adapter, n, customers, 2), "unique_key is the same for several rows of the SQL")
	require.Equal(t, []string{"customers"}, s.tables())
	// A history that has such versions says so.
	s.customers("(1,'e','ann','2026-01-01 00:00:00')")
	require.NoError(t, s.take(s.adapter, n, customers, 1))
	exec(t, s.adapter, "INSERT INTO "+s.database+".history SELECT * FROM "+s.database+".history")
	s.customers("(1,'e','bob','2026-01-01 00:00:00')")
	require.ErrorContains(t, s.take(s.adapter, n, customers, 2), "or for several versions that are current in `"+s.database+"`.`history`")
	s.customers("")
	require.ErrorContains(t, s.take(s.adapter, n, customers, 2), "several versions with the same unique_key are current in `"+s.database+"`.`history`")
}

// A crash at any statement is made up for by the next run: each change is in
// the history once.
func TestSnapshotSurvivesCrashes(t *testing.T) {
	want := []string{"-w nul 1..", "1e - 2..", "1e ann 1..2", "2e - 1..2"}
	for at := 1; ; at++ {
		sides := []bool{at%2 == 0}
		if os.Getenv("CHMOD_THOROUGH") != "" {
			sides = []bool{false, true}
		}
		for _, after := range sides {
			s := newShop(t)
			n := s.history("strategy", "check", "check_cols", "all", "unique_key", "id", "hard_deletes", "invalidate", "partition_by", "region", "order_by", "region")
			s.customers("(1,'e','ann','2026-01-01 00:00:00'),(2,'e',NULL,'2026-01-01 00:00:00'),(NULL,'w','nul','2026-01-01 00:00:00')")
			require.NoError(t, s.take(s.adapter, n, customers, 1))
			s.customers("(1,'e',NULL,'2026-01-01 00:00:00'),(NULL,'w','nul','2026-01-01 00:00:00')")
			k := &killer{Adapter: s.adapter, at: at, after: after, dead: true}
			err := s.take(k, n, customers, 2)
			if err == nil {
				require.Greater(t, at, 8, "it has that many statements")
				require.Equal(t, want, s.versions(fmt.Sprintf(shown, bySec, toSec)))
				return
			}
			require.ErrorIs(t, err, errKilled)
			require.NoError(t, s.take(s.adapter, n, customers, 2), "at %d %v", at, after)
			require.Equal(t, want, s.versions(fmt.Sprintf(shown, bySec, toSec)), "at %d %v", at, after)
			require.NoError(t, s.take(s.adapter, n, customers, 3))
			require.Equal(t, want, s.versions(fmt.Sprintf(shown, bySec, toSec)), "at %d %v", at, after)
			require.Equal(t, []string{"customers", "history"}, s.tables(), "at %d %v", at, after)
		}
	}
}

// The id of a version is that of dbt-clickhouse, whose tables are continued.
func TestSnapshotVersionID(t *testing.T) {
	s := newShop(t)
	s.customers("(1,'e','ann','2026-01-01 00:00:00')")
	require.NoError(t, s.take(s.adapter, s.history("strategy", "timestamp", "updated_at", "at", "unique_key", value.NewList("id", "region")), customers, 1))
	require.Equal(t, s.rows("SELECT halfMD5('1|e|2026-01-01 00:00:00')"), s.rows("SELECT dbt_scd_id FROM $.history"))
	require.Equal(t, "[[dbt_scd_id UInt64] [dbt_updated_at DateTime('UTC')] [dbt_valid_from DateTime('UTC')] [dbt_valid_to Nullable(DateTime('UTC'))]]",
		fmt.Sprint(s.rows("SELECT name, type FROM system.columns WHERE database = '$' AND table = 'history' AND startsWith(name, 'dbt_') ORDER BY name")))
}

// TestSnapshotOverOthers refuses tables that are no snapshot's.
func TestSnapshotOverOthers(t *testing.T) {
	s := newShop(t)
	s.customers("(1,'e','ann','2026-01-01 00:00:00')")
	exec(t, s.adapter, "CREATE TABLE "+s.database+".history (id UInt32) ENGINE = MergeTree ORDER BY id")
	n := s.history("strategy", "check", "check_cols", "all", "unique_key", "id")
	require.ErrorContains(t, s.take(s.adapter, n, customers, 1), "`history` has no column `dbt_scd_id`")
	require.Equal(t, []string{"customers", "history"}, s.tables())
}
