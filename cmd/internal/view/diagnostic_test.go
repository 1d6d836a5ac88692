package view

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

func TestDiagnostic(t *testing.T) {
	at := func(text, marked string) source.Span {
		f := source.New("models/a.sql", "", text)
		i := strings.Index(text, marked)
		return source.Span{File: f, Start: i, End: i + len(marked)}
	}
	ten := strings.Repeat("\n", 9)
	for name, c := range map[string]struct {
		d    diag.Diagnostic
		want string
	}{
		"no place": {
			diag.Diagnostic{Code: "bad-vars", What: "--vars must be a dict", Why: "it is a list", Fix: "write {a: b}"},
			"error[bad-vars]: --vars must be a dict\n  it is a list\n  write {a: b}\n",
		},
		"a warning without a code": {
			diag.Diagnostic{Severity: diag.Warning, What: "odd"},
			"warning: odd\n",
		},
		"in the middle of a line": {
			diag.Diagnostic{Code: "unknown-ref", What: "no a", Span: at("select *\nfrom {{ ref('a') }} x", "ref('a')"), Fix: "write b"},
			"error[unknown-ref]: no a\n --> models/a.sql:2:9\n  |\n2 | from {{ ref('a') }} x\n  |         ^^^^^^^^\n  = write b\n",
		},
		"line numbers of two digits": {
			diag.Diagnostic{What: "x", Span: at(ten+"abc", "b"), Fix: "one\ntwo"},
			"error: x\n  --> models/a.sql:10:2\n   |\n10 | abc\n   |  ^\n   = one\n     two\n",
		},
		"tabs are as wide as the mark below them": {
			diag.Diagnostic{What: "x", Span: at("\t\tab\tcd", "cd")},
			"error: x\n --> models/a.sql:1:6\n  |\n1 |   ab cd\n  |      ^^\n",
		},
		"letters of several bytes": {
			diag.Diagnostic{What: "x", Span: at("select 'größe', büro", "büro")},
			"error: x\n --> models/a.sql:1:17\n  |\n1 | select 'größe', büro\n  |                 ^^^^\n",
		},
		"letters that take two cells": {
			diag.Diagnostic{What: "x", Span: at("select '数据', b", "b")},
			"error: x\n --> models/a.sql:1:14\n  |\n1 | select '数据', b\n  |                ^\n",
		},
		"several lines: the first is shown": {
			diag.Diagnostic{What: "x", Span: at("a {{ ref(\r\n'b') }}", "ref(\r\n'b')")},
			"error: x\n --> models/a.sql:1:6\n  |\n1 | a {{ ref(\n  |      ^^^^\n",
		},
		"at the end of the file": {
			diag.Diagnostic{What: "x", Span: source.Span{File: source.New("models/a.sql", "", "ab"), Start: 2, End: 2}},
			"error: x\n --> models/a.sql:1:3\n  |\n1 | ab\n  |   ^\n",
		},
		"what a terminal would obey": {
			diag.Diagnostic{What: "x", Span: at("a\x1b[31m\x00\tb", "b")},
			"error: x\n --> models/a.sql:1:9\n  |\n1 | a\ufffd[31m\ufffd b\n  |         ^\n",
		},
		"an empty file": {
			diag.Diagnostic{What: "x", Span: source.Span{File: source.New("models/a.sql", "", "")}},
			"error: x\n --> models/a.sql:1:1\n",
		},
		"places that matter, too": {
			diag.Diagnostic{What: "x", Span: at("ab", "b"), Notes: []diag.Note{{Span: at("ab", "a"), Text: "called from here"}, {Text: "and so on"}}},
			"error: x\n --> models/a.sql:1:2\n  |\n1 | ab\n  |  ^\n  = called from here: models/a.sql:1:1\n  = and so on\n",
		},
	} {
		require.Equal(t, c.want, Diagnostic(c.d, Colors{}), name)
	}
}

// A long line is cut to what is around the place, which stays marked.
func TestDiagnosticInALongLine(t *testing.T) {
	for _, before := range []int{0, 10, 159, 160, 161, 5000} {
		for _, after := range []int{0, 10, 5000} {
			text := strings.Repeat("é", before) + "HERE" + strings.Repeat("x", after)
			f := source.New("models/a.sql", "", text)
			start := strings.Index(text, "HERE")
			lines := strings.Split(Diagnostic(diag.Diagnostic{What: "x", Span: source.Span{File: f, Start: start, End: start + 4}}, Colors{}), "\n")
			shown, marks := []rune(lines[3]), []rune(lines[4])
			require.LessOrEqual(t, len(shown), widest+8)
			i := strings.IndexRune(string(marks), '^')
			require.Equal(t, "HERE", string(shown[i:i+strings.Count(string(marks), "^")]), "%d before, %d after", before, after)
		}
	}
}

func TestDiagnosticColors(t *testing.T) {
	require.Equal(t, "\x1b[31merror\x1b[0m\x1b[31m[c]\x1b[0m: \x1b[1mw\x1b[0m\n", Diagnostic(diag.Diagnostic{Code: "c", What: "w"}, NewColors(true)))
	require.Equal(t, "\x1b[33mwarning\x1b[0m: \x1b[1mw\x1b[0m\n", Diagnostic(diag.Diagnostic{Severity: diag.Warning, What: "w"}, NewColors(true)))
}
