// Package view is everything that a person or a program sees: plain lines, a
// live display, JSON log lines, and diagnostics with the line they are about.
//
// Its main type is View, a sink of events. It knows how things look and
// decides nothing.
package view

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Diagnostic writes a diagnostic as a person reads it:
//
//	error[unknown-ref]: model "customer" does not exist
//	  --> models/orders.sql:3:9
//	   |
//	 3 |   from {{ ref('customer') }}
//	   |           ^^^^^^^^^^^^^^^
//	   = did you mean "customers"?
func Diagnostic(d diag.Diagnostic, c Colors) string {
	var b strings.Builder
	tint := c.Red
	if d.Severity == diag.Warning {
		tint = c.Yellow
	}
	b.WriteString(tint(d.Severity.String()))
	if d.Code != "" {
		b.WriteString(tint("[" + d.Code + "]"))
	}
	b.WriteString(": " + c.Bold(d.What) + "\n")
	gutter := " "
	if d.Span.Known() {
		gutter = strings.Repeat(" ", len(strconv.Itoa(d.Span.Begin().Line)))
		b.WriteString(snippet(d.Span, gutter, tint, c))
	}
	bar := "  "
	if d.Span.Known() {
		bar = gutter + " " + c.Faint("=") + " "
	}
	for _, line := range []string{d.Why, d.Fix} {
		if line != "" {
			b.WriteString(bar + indentAfterFirst(line, len(gutter)+3) + "\n")
		}
	}
	for _, n := range d.Notes {
		b.WriteString(bar + n.Text)
		if n.Span.Known() {
			b.WriteString(": " + n.Span.String())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// widest is how much of a line is shown.
const widest = 160

func snippet(s source.Span, gutter string, tint func(string) string, c Colors) string {
	if s.File.Text == "" { // it is empty, or was not read: a seed
		return fmt.Sprintf("%s%s %s\n", gutter, c.Faint("-->"), s)
	}
	at := s.Begin()
	line := []rune(printable(shownLine(s.File, s.File.Line(at.Line))))
	length := len([]rune(s.Text()))
	if i := strings.IndexByte(s.Text(), '\n'); i >= 0 {
		length = len([]rune(strings.TrimRight(s.Text()[:i], "\r")))
	}
	column := min(at.Column-1, len(line))
	length = max(min(length, len(line)-column), 1)
	// A long line is cut to what is around the place.
	if start := max(column-widest/2, 0); len(line) > widest && start > 0 {
		line, column = line[start:], column-start
	}
	if len(line) > widest {
		line = line[:widest]
		length = max(min(length, widest-column), 1)
	}
	bar := c.Faint("|")
	marker := tint(strings.Repeat("^", max(cells(string(line[column:min(column+length, len(line))])), 1)))
	return fmt.Sprintf("%s%s %s\n%s %s\n%s\n%s %s %s%s\n",
		gutter, c.Faint("-->"), s, gutter, bar,
		strings.TrimRight(c.Faint(strconv.Itoa(at.Line))+" "+bar+" "+string(line), " "),
		gutter, bar, strings.Repeat(" ", cells(string(line[:column]))), marker)
}

// printable is a line that does nothing to the terminal: a tab is one blank, as
// it is one character to those who count columns.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return utf8.RuneError
		}
		return r
	}, line)
}

func indentAfterFirst(text string, by int) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+strings.Repeat(" ", by))
}
