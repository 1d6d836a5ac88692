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
		{"twice", "SELECT x, x", "Unknown expression identifier `x` in scope", 1, 8},
		{"twice, and the scope tells", "SELECT (SELECT x FROM b) y FROM a\nWHERE x=1", "Unknown expression identifier `x` in scope SELECT (SELECT x FROM b) AS y FROM a WHERE x = 1", 1, 16},
		{"twice, in the inner query", "SELECT x FROM (\nSELECT x AS x, (y) AS z FROM b) AS c", "Unknown expression identifier `x` in scope SELECT x AS x, y AS z FROM b", 2, 8},
		{"function", "SELECT 'a' AS x,\n toDate(x, 1, 2) AS y", "An incorrect number of arguments was specified for function 'toDate'. Expected 1: In scope SELECT 'a' AS x, toDate(x, 1, 2) AS y", 2, 2},
		{"function in another case", "SELECT LENGTH(1)", "Illegal type UInt8 of argument of function length: In scope SELECT length(1)", 1, 8},
		{"function twice", "SELECT length(1), length('a')", "Illegal type UInt8 of argument of function length: In scope SELECT length(1), length('a')", 0, 0},
		{"function that ran", "SELECT\n throwIf(number > 3, 'no')", "no: while executing 'FUNCTION throwIf(greater(__table1.number, 3_UInt8) :: 0", 2, 2},
		{"operator", "SELECT 'a' AS x, -1,\n x + 1 AS y", "Illegal types String and UInt8 of arguments of function plus: In scope SELECT 'a' AS x, x + 1 AS y", 2, 4},
		{"operator of two signs", "SELECT 1 < 2, a <= b", "Illegal types String and UInt8 of arguments of function lessOrEquals", 1, 17},
		{"part of an operator", "SELECT 1 <= 2", "Illegal types String and UInt8 of arguments of function less", 0, 0},
		{"value", "SELECT 1,\n toUInt32('abc') AS x", "Cannot parse string 'abc' as UInt32: syntax error at begin of string. Note: there are toUInt32OrZero", 2, 11},
		{"division", "SELECT 1 AS a,\n intDiv(1, 0) AS b", "Division by zero: In scope SELECT 1 AS a, intDiv(1, 0) AS b", 2, 2},
		{"expression", "SELECT\n max(SUM( 1 )) AS a", "Aggregate function sum(1) is found inside another aggregate function in query", 2, 6},
		{"alias", "SELECT 1 as a,\n 2 as a", "Multiple expressions 2 AS a and 1 AS a for alias a. In scope SELECT 1 AS a, 2 AS a", 2, 2},
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
	f.Add("x ( x", "Unknown expression identifier `x` in scope ( ) x")
	f.Add("a<=b", "of function lessOrEquals")
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
