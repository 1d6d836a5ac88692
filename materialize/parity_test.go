package materialize_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// What projects for dbt-clickhouse count on when they load incrementally, as
// numbers of rows.

// Ten rows, then twenty, of which ten are new.
func TestParityLoads(t *testing.T) {
	rows := func(first, last int, v string) string {
		return fmt.Sprintf("SELECT toInt32(number) AS id, intDiv(number, 2) AS half, '%s' AS v FROM numbers(%d, %d)", v, first, last-first)
	}
	for name, c := range map[string]struct {
		config []any
		counts [3]uint64 // after 0..100, 80..180 with other texts, and the same again
		kept   uint64    // rows of the first load
	}{
		"no key":            {nil, [3]uint64{100, 200, 300}, 100},
		"an empty key":      {[]any{"unique_key", ""}, [3]uint64{100, 200, 300}, 100},
		"an empty list":     {[]any{"unique_key", value.NewList()}, [3]uint64{100, 200, 300}, 100},
		"a column":          {[]any{"unique_key", "id"}, [3]uint64{100, 180, 180}, 80},
		"a list of one":     {[]any{"unique_key", list("id")}, [3]uint64{100, 180, 180}, 80},
		"a list":            {[]any{"unique_key", list("half", "id")}, [3]uint64{100, 180, 180}, 80},
		"a column twice":    {[]any{"unique_key", list("id", "id")}, [3]uint64{100, 180, 180}, 80},
		"a coarser column":  {[]any{"unique_key", "half"}, [3]uint64{100, 180, 180}, 80},
		"with predicates":   {[]any{"unique_key", "id", "incremental_strategy", "delete+insert", "incremental_predicates", list("id >= 90")}, [3]uint64{100, 190, 200}, 90},
		"legacy":            {[]any{"unique_key", "id", "incremental_strategy", "legacy"}, [3]uint64{100, 180, 180}, 80},
		"inserts_only":      {[]any{"unique_key", "id", "inserts_only", true}, [3]uint64{100, 200, 300}, 100},
		"append with a key": {[]any{"unique_key", "id", "incremental_strategy", "append"}, [3]uint64{100, 200, 300}, 100},
		"insert_overwrite":  {[]any{"partition_by", "intDiv(id, 40)", "incremental_strategy", "insert_overwrite"}, [3]uint64{100, 180, 180}, 80},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			n := s.model("orders", append([]any{"materialized", "incremental", "order_by", "id"}, c.config...)...)
			// Texts that are longer are no other type.
			for i, sql := range []string{rows(0, 100, "a"), rows(80, 180, "a longer one"), rows(80, 180, "a longer one")} {
				s.mustAdd(n, sql)
				require.Equal(t, c.counts[i], s.rows("SELECT count() FROM $.orders")[0][0], "load %d", i+1)
			}
			require.Equal(t, c.kept, s.rows("SELECT countIf(v = 'a') FROM $.orders")[0][0])
			require.Equal(t, []string{"orders"}, s.tables())
		})
	}
	t.Run("a column that is not there", func(t *testing.T) {
		s := newShop(t)
		n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", list("id", "thisisnotacolumn"))
		s.mustAdd(n, rows(0, 10, "a"))
		_, err := s.add(s.adapter, n, s.always(rows(5, 15, "b")), false)
		require.ErrorContains(t, err, "thisisnotacolumn")
		require.EqualValues(t, 10, s.rows("SELECT count() FROM $.orders")[0][0])
	})
}

// Columns that come and go: what is there has the default, and values go by name.
func TestParitySchemaChanges(t *testing.T) {
	const before, after = "SELECT 1 AS id, 'x' AS a, 'y' AS b", "SELECT 2 AS id, 'Y' AS b, 7::Float32 AS added, 'X' AS a"
	for policy, want := range map[string]string{
		"ignore":             "[[1 x y] [2 X Y]]",
		"append_new_columns": "[[1 x y 0] [2 X Y 7]]",
		"sync_all_columns":   "[[1 x y 0] [2 X Y 7]]",
	} {
		for _, strategy := range []string{"append", "delete+insert", "insert_overwrite", "merge", "replace"} {
			s := newShop(t)
			n := s.model("orders", "materialized", "incremental", "order_by", "id", "partition_by", "id", "unique_key", "id", "on_schema_change", policy, "incremental_strategy", strategy)
			if strategy == "insert_overwrite" {
				n = s.model("orders", "materialized", "incremental", "order_by", "id", "partition_by", "id", "on_schema_change", policy, "incremental_strategy", strategy)
			}
			s.mustAdd(n, before)
			s.mustAdd(n, after)
			require.Equal(t, want, fmt.Sprint(s.rows("SELECT * FROM $.orders ORDER BY id")), "%s %s", policy, strategy)
		}
	}
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id", "on_schema_change", "sync_all_columns")
	s.mustAdd(n, "SELECT 1 AS id, 5::UInt8 AS kept, 'y' AS gone")
	s.mustAdd(n, "SELECT 2 AS id, 2.5::Float32 AS kept")
	require.Equal(t, "[[id UInt8] [kept Float32]]", fmt.Sprint(s.rows("SELECT name, type FROM system.columns WHERE database = '$' AND table = 'orders' ORDER BY name")))
	require.Equal(t, "[[1 5] [2 2.5]]", fmt.Sprint(s.rows("SELECT * FROM $.orders ORDER BY id")))
}

// Ten rows; ten more; ten of them with another name; ten with another date.
func TestParitySnapshots(t *testing.T) {
	loads := []string{
		"SELECT toInt32(number) AS id, 'n' AS name, toDateTime('2026-01-01 00:00:00', 'UTC') AS at FROM numbers(10)",
		"SELECT toInt32(number) AS id, 'n' AS name, toDateTime('2026-01-01 00:00:00', 'UTC') AS at FROM numbers(20)",
		"SELECT toInt32(number) AS id, 'n' AS name, toDateTime('2026-01-01 00:00:00', 'UTC') + if(number < 10, 60, 0) AS at FROM numbers(20)",
		"SELECT toInt32(number) AS id, if(number >= 10, 'm', 'n') AS name, toDateTime('2026-01-01 00:00:00', 'UTC') + if(number < 10, 60, 0) AS at FROM numbers(20)",
	}
	for name, c := range map[string]struct {
		config []any
		counts []uint64
	}{
		"all":       {[]any{"strategy", "check", "check_cols", "all"}, []uint64{10, 20, 30, 40}},
		"the name":  {[]any{"strategy", "check", "check_cols", list("name")}, []uint64{10, 20, 20, 30}},
		"the date":  {[]any{"strategy", "check", "check_cols", list("at")}, []uint64{10, 20, 30, 30}},
		"timestamp": {[]any{"strategy", "timestamp", "updated_at", "at"}, []uint64{10, 20, 30, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			n := s.history(append([]any{"unique_key", "id"}, c.config...)...)
			var counts []uint64
			for i, sql := range loads {
				require.NoError(t, s.take(s.adapter, n, sql, i+1))
				// What dbt-clickhouse may have left is nobody's staging table.
				exec(t, s.adapter, "CREATE TABLE IF NOT EXISTS "+s.database+".history__dbt_tmp (odd String) ENGINE = MergeTree ORDER BY odd")
				exec(t, s.adapter, "CREATE TABLE IF NOT EXISTS "+s.database+".history__snapshot_upsert AS "+s.database+".history")
				counts = append(counts, s.rows("SELECT count() FROM $.history")[0][0].(uint64))
			}
			require.Equal(t, c.counts, counts)
			require.EqualValues(t, 20, s.rows("SELECT count() FROM $.history WHERE dbt_valid_to IS NULL")[0][0])
			require.Equal(t, []string{"history", "history__dbt_tmp", "history__snapshot_upsert"}, s.tables())
		})
	}
}
