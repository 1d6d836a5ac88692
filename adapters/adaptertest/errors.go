package adaptertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func testErrorClasses(t *testing.T, b *bed) {
	b.exec(t, "CREATE TABLE "+b.database+".t (a UInt64) ENGINE = Memory")
	s := b.session(t)
	for _, test := range []struct {
		sql   string
		class adapters.Class
		code  int
		name  string
	}{
		{"SELEC 1", adapters.ClassSyntax, 62, "SYNTAX_ERROR"},
		{"SELECT 1; SELECT 2", adapters.ClassSyntax, 62, "SYNTAX_ERROR"},
		{"SELECT no_such_function(1)", adapters.ClassSyntax, 46, "UNKNOWN_FUNCTION"},
		{"SELECT nope FROM " + b.database + ".t", adapters.ClassMissing, 47, "UNKNOWN_IDENTIFIER"},
		{"SELECT * FROM " + b.database + ".nope", adapters.ClassMissing, 60, "UNKNOWN_TABLE"},
		{"SELECT * FROM no_such_database.nope", adapters.ClassMissing, 81, "UNKNOWN_DATABASE"},
		{"CREATE TABLE " + b.database + ".t (a UInt8) ENGINE = Memory", adapters.ClassExists, 57, "TABLE_ALREADY_EXISTS"},
		{"CREATE DATABASE " + b.database, adapters.ClassExists, 82, "DATABASE_ALREADY_EXISTS"},
		{"SELECT throwIf(number = 1) FROM numbers(2)", adapters.ClassOther, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"},
		{"CREATE TABLE " + b.database + ".u (a UInt8) ENGINE = NoSuchEngine", adapters.ClassUnsupported, 56, "UNKNOWN_STORAGE"},
	} {
		_, err := s.Exec(t.Context(), adapters.Statement{SQL: test.sql})
		var e *adapters.ServerError
		require.ErrorAs(t, err, &e, test.sql)
		require.Equal(t, test.code, e.Code, test.sql)
		require.Equal(t, test.name, e.Name, test.sql)
		require.Equal(t, test.class, e.Class, test.sql)
		require.NotEmpty(t, e.QueryID)
		require.NotEmpty(t, e.Message)
		for _, noise := range []string{"DB::", "version ", "Stack trace", e.Name} {
			require.NotContains(t, e.Message, noise, test.sql)
		}
	}
	_, err := s.Exec(t.Context(), adapters.Statement{
		SQL:      "SELECT groupArray(number) FROM numbers(100000000)",
		Settings: map[string]any{"max_memory_usage": 30_000_000, "max_rows_to_read": 0},
	})
	require.Equal(t, adapters.ClassMemory, adapters.ClassOf(err), "%v", err)
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: endless, Settings: map[string]any{"max_execution_time": 1}})
	require.Equal(t, adapters.ClassTimeout, adapters.ClassOf(err), "%v", err)
}

func testErrorPositions(t *testing.T, b *bed) {
	b.exec(t, "CREATE TABLE "+b.database+".t (a UInt64) ENGINE = Memory")
	s := b.session(t)
	for _, test := range []struct {
		sql          string
		line, column int
	}{
		{"SELECT 1 +\n  FROM x WHERE )", 2, 16},
		{"SELECT\n  a,\n  'ä' ) FROM t", 3, 7},
		{"SELECT a\n, nope\nFROM " + b.database + ".t", 2, 3},
		{"SELECT 'nope', /* nope */ a,\n  `nope` FROM " + b.database + ".t -- nope", 2, 3},
		{"SELECT 1\nFROM " + b.database + ".nope", 2, 6},
		{"SELECT nope, nope FROM " + b.database + ".t", 1, 8},
		{"SELECT a,\n   no_such_function(a) FROM " + b.database + ".t", 2, 4},
	} {
		_, err := s.Exec(t.Context(), adapters.Statement{SQL: test.sql})
		var e *adapters.ServerError
		require.ErrorAs(t, err, &e, test.sql)
		require.Equal(t, [2]int{test.line, test.column}, [2]int{e.Line, e.Column}, "%s: %v", test.sql, err)
	}
}
