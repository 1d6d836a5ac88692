package materialize_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestViewsFollowAfterDeaths has runs with strategy replace die at each statement
// while columns come and become wider: the next run, which finds the table as it
// should be, makes the view of it so, too.
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
	behind := 0
	for _, to := range []string{", toUInt32(5) AS extra", ", toUInt64(5) AS extra"} {
		for at, died := 1, true; died; at++ {
			from := ""
			if to == ", toUInt64(5) AS extra" {
				from = ", toUInt32(5) AS extra"
			}
			_, err := s.add(s.adapter, n, sql(from), true)
			require.NoError(t, err)
			k := &killer{Adapter: s.adapter, at: at, dead: true}
			_, err = s.add(k, n, sql(to), false)
			if died = k.count >= k.at; died {
				require.Error(t, err)
			}
			if len(shape("orders__versions")) == 3 && len(shape("orders")) > 0 && shape("orders")[0][1] != shape("orders__versions")[0][1] {
				behind++
			}
			_, err = s.add(s.adapter, n, sql(to), false)
			require.NoError(t, err)
			require.Equal(t, shape("orders__versions"), shape("orders"), "dead at statement %d of adding%s", at, to)
		}
	}
	require.NotZero(t, behind)
}
