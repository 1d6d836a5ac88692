package invocation

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatOnlyReads(t *testing.T) {
	for _, sql := range []string{"select 1", " -- why\n (SELECT 1)", "/* a */with x as (select 1) select * from x", "# b\nshow tables", "Describe t", "desc t", "exists t", "EXPLAIN SYNTAX select 1"} {
		require.True(t, onlyReads(sql), sql)
	}
	for _, sql := range []string{"", "-- select 1", "/* select", "insert into t select 1", "create table t", "drop table t", "selected", "alter table t delete where 1", "system reload dictionaries", "kill query where 1"} {
		require.False(t, onlyReads(sql), sql)
	}
	require.EqualError(t, &changeError{sql: "\ninsert into t\nselect 1"}, "a plan changes nothing, so it does not run what the template runs: insert into t ...")
}
