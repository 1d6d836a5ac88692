package clickhouse_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// FuzzQuoting proves on a real server that what is quoted comes back as it
// was: no text ends a literal or an identifier early.
func FuzzQuoting(f *testing.F) {
	for _, text := range []string{"plain", "'; DROP TABLE t --", `\'`, "`", "\\`", "\x00\x08\x1b", "\xff\xfe", "日本", "{a:Int8}", "?", "$x$"} {
		f.Add(text)
	}
	var a *clickhouse.Adapter
	f.Cleanup(func() {
		if a != nil {
			require.NoError(f, a.Close())
		}
	})
	f.Fuzz(func(t *testing.T, text string) {
		if a == nil {
			a = open(t, engine(t, clickhouse.Native))
		}
		s, err := a.Session(t.Context())
		require.NoError(t, err)
		table, _, err := s.Query(t.Context(), adapters.Statement{SQL: fmt.Sprintf("SELECT %s, [%s] AS list",
			adapters.Literal(text), adapters.Literal(text))})
		require.NoError(t, err)
		require.Equal(t, []any{text, []string{text}}, table.Rows[0])
		if text != "" { // no name at all
			table, _, err = s.Query(t.Context(), adapters.Statement{SQL: "SELECT 1 AS " + adapters.QuoteIdent(text)})
			require.NoError(t, err)
			require.Equal(t, text, table.Columns[0].Name)
		}
		require.NoError(t, s.Close())
	})
}
