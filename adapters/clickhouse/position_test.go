package clickhouse

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPosition(t *testing.T) {
	for _, test := range []struct {
		name, sql, message string
		line, column       int
	}{
		{"line and column", "SELECT 1\nFROM )", "Syntax error: failed at position 15 (')') (line 2, col 6): ).", 2, 6},
		{"bytes are not characters", "SELECT 'ää' )", "failed at position 15 (')') (line 1, col 15)", 1, 13},
		{"position only", "SELECT\n )", "Syntax error: failed at position 9: ). Expected one of", 2, 2},
		{"position past the end", "SELECT", "failed at position 900 (end of query)", 1, 7},
		{"nothing said", "SELECT 1", "Memory limit exceeded", 0, 0},
		{"identifier", "SELECT a,\n x FROM t", "Unknown expression identifier `x` in scope SELECT a, x FROM t", 2, 2},
		{"newer quotes", "SELECT x FROM t", "Unknown expression identifier 'x' in scope", 1, 8},
		{"twice", "SELECT x, x", "Unknown expression identifier `x` in scope", 0, 0},
		{"in strings and comments", "SELECT 'x' -- x\n, /* x */ `x`", "Unknown identifier: x, there are", 2, 11},
		{"qualified", "SELECT x, t.x FROM t", "Unknown expression identifier `t.x` in scope", 1, 11},
		{"qualified by the server only", "SELECT * FROM nope", "Table default.nope doesn't exist.", 1, 15},
		{"qualified and quoted", "SELECT * FROM `my db`.`no``pe`", "Unknown table expression identifier 'my db.no`pe' in scope", 0, 0},
		{"part of a longer word", "SELECT xx, x", "Missing columns: 'x' while processing", 1, 12},
		{"function", "SELECT\n\tnope(1)", "Function with name `nope` does not exist. In scope SELECT nope(1)", 2, 2},
		{"case matters", "SELECT X, x", "Missing columns: 'x'", 1, 11},
	} {
		t.Run(test.name, func(t *testing.T) {
			line, column := position(test.sql, test.message)
			require.Equal(t, [2]int{test.line, test.column}, [2]int{line, column})
		})
	}
}

func FuzzPosition(f *testing.F) {
	f.Add("SELECT 1", "failed at position 3 (line 1, col 3)")
	f.Add("SELECT `x", "Unknown identifier: x")
	f.Add("$a$ $a$ 'x", "Table a.b doesn't exist")
	f.Fuzz(func(t *testing.T, sql, message string) {
		line, column := position(sql, message)
		require.Equal(t, line == 0, column == 0)
	})
}

// FuzzLexer proves that the tokens are the text, in order, with nothing but
// space and comments between.
func FuzzLexer(f *testing.F) {
	f.Add("SELECT 'a\\'b', `c``d`, \"e\" -- f\n, /* g */ $h$ i $h$ # j")
	f.Add("'")
	f.Add("$$")
	f.Fuzz(func(t *testing.T, sql string) {
		l := lexer{sql: sql}
		last := 0
		for token, ok := l.next(); ok; token, ok = l.next() {
			require.GreaterOrEqual(t, token.start, last)
			require.Greater(t, token.end, token.start)
			require.LessOrEqual(t, token.end, len(sql))
			last = token.end
		}
	})
}
