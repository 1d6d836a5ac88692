package materialize_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// engine connects to the embedded engine.
func engine(t testing.TB) *clickhouse.Adapter {
	t.Helper()
	server := enginetest.Server(t)
	a, err := clickhouse.Open(t.Context(), clickhouse.Config{
		Hosts: []string{server.Addr}, User: server.User, Password: server.Password, Embedded: true,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// query runs a statement in a session of its own and returns its rows.
func query(t testing.TB, a adapters.Adapter, sql string) [][]any {
	t.Helper()
	session, err := a.Session(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, session.Close()) }()
	table, _, err := session.Query(t.Context(), adapters.Statement{SQL: sql})
	require.NoError(t, err, sql)
	return table.Rows
}

// exec runs statements in a session of their own.
func exec(t testing.TB, a adapters.Adapter, statements ...string) {
	t.Helper()
	session, err := a.Session(context.WithoutCancel(t.Context()))
	require.NoError(t, err)
	defer func() { require.NoError(t, session.Close()) }()
	for _, s := range statements {
		_, err := session.Exec(t.Context(), adapters.Statement{SQL: s})
		require.NoError(t, err, s)
	}
}

// Every statement of the golden plans for the current server is SQL to its
// parser. Those for old servers are too: it still reads what they write.
func TestGoldenStatementsParse(t *testing.T) {
	a := engine(t)
	checked := 0
	for _, path := range goldens(t) {
		_, _, plan, err := golden(t, path)
		if err != nil {
			continue
		}
		for _, step := range plan.Steps {
			statements := []string{step.Statement.SQL}
			if step.Direct != "" {
				statements = append(statements, step.Direct)
			}
			if step.UndoDirect != "" {
				statements = append(statements, step.UndoDirect)
			}
			if step.Undo != nil {
				statements = append(statements, step.Undo.SQL)
			}
			if step.Gone != nil {
				statements = append(statements, step.Gone.SQL)
			}
			if step.Each != nil {
				statements = append(statements, step.Each.SQL("202601"))
			}
			for _, sql := range statements {
				if strings.Contains(sql, "/* the columns of the SQL */") {
					continue
				}
				if step.Seed != nil && sql == step.Statement.SQL {
					sql += " FORMAT Native"
				}
				name := strings.TrimSuffix(filepath.Base(path), ".txtar")
				rows := query(t, a, "SELECT formatQueryOrNull("+adapters.Literal(sql)+") IS NOT NULL")
				require.Equal(t, uint8(1), rows[0][0], "%s: %s", name, sql)
				checked++
			}
		}
	}
	require.Greater(t, checked, 50)
}
