package materialize_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestViewsFollowAfterDeaths has runs with strategy replace die at statement after
// statement while columns come and become wider, until one has altered the table
// and not the view of it: the next run, which finds the table as it should be,
// makes the view so, too.
func TestViewsFollowAfterDeaths(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "incremental_strategy", "replace", "unique_key", "id", "version_column", "seq",
		"on_schema_change", "sync_all_columns")
	sql := func(columns string) func(bool) string {
		return func(bool) string { return "SELECT toUInt32(1) AS seq, toUInt32(1) AS id" + columns }
	}
	shape := func(table string) [][]any {
		return s.rows("SELECT name, type FROM system.columns WHERE database = '$' AND table = '" + table + "' ORDER BY name")
	}
	from := ""
	for _, to := range []string{", toUInt32(5) AS extra", ", toUInt64(5) AS extra"} {
		for at, behind := 1, false; !behind; at++ {
			_, err := s.add(s.adapter, n, sql(from), true)
			require.NoError(t, err)
			k := &killer{Adapter: s.adapter, at: at, dead: true}
			_, err = s.add(k, n, sql(to), false)
			require.ErrorIs(t, err, errKilled, "no death left a view behind")
			behind = fmt.Sprint(shape("orders")) != fmt.Sprint(shape("orders__versions"))
			_, err = s.add(s.adapter, n, sql(to), false)
			require.NoError(t, err)
			require.Equal(t, shape("orders__versions"), shape("orders"), "dead at statement %d of adding%s", at, to)
		}
		from = to
	}
}
