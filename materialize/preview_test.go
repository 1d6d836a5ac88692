package materialize_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

func TestPreview(t *testing.T) {
	old, now := adapters.Version{Major: 18, Minor: 16}, adapters.Version{Major: 26, Minor: 7}
	for _, c := range []struct {
		name, sql, want string
		limit           int
		version         adapters.Version
		settings        map[string]any
	}{
		{name: "beside the SQL", sql: "select 1; -- x", limit: 5, version: now, want: "select 1", settings: map[string]any{"max_threads": 1, "limit": "5"}},
		{name: "all rows", sql: "select 1", limit: -1, version: now, want: "select 1", settings: map[string]any{"max_threads": 1}},
		{name: "all rows of old servers", sql: "select 1", limit: -1, version: old, want: "select 1", settings: map[string]any{"max_threads": 1}},
		{
			name: "around the SQL", sql: "-- select\n (Select 1 -- x\n) union all select 2;\n", limit: 0, version: old,
			want: "SELECT * FROM (\n-- select\n (Select 1 -- x\n) union all select 2\n) LIMIT 0", settings: map[string]any{"max_threads": 1},
		},
		{name: "WITH", sql: "with 1 as x select x", limit: 3, version: old, want: "SELECT * FROM (\nwith 1 as x select x\n) LIMIT 3", settings: map[string]any{"max_threads": 1}},
		{name: "no SELECT", sql: "show tables", limit: 3, version: old, want: "show tables", settings: map[string]any{"max_threads": 1}},
		{name: "nothing", sql: "", limit: 3, version: old, want: "", settings: map[string]any{"max_threads": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := map[string]any{"max_threads": 1}
			s := materialize.Preview(c.sql, c.limit, given, c.version, "who")
			require.Equal(t, c.want, s.Statement.SQL)
			require.Equal(t, c.settings, s.Statement.Settings)
			require.Equal(t, map[string]any{"max_threads": 1}, given, "what was given stays as it is")
			require.Equal(t, "who", s.Statement.Comment)
			require.LessOrEqual(t, s.Origin.End, len(s.Statement.SQL))
			require.Contains(t, c.sql, s.Statement.SQL[s.Origin.Start:s.Origin.End])
		})
	}
}
