// Package diag is how chmod tells users that something in their files is
// wrong.
//
// Its main type is Diagnostic: one mistake, where it is, why it is one and
// what to do about it. Diagnostics are values; they are collected in a List,
// so that all independent mistakes are shown in one go, and shown by the
// views in cmd. The package prints nothing and decides nothing.
package diag

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
)

// Severity says whether a diagnostic stops the work.
type Severity int

const (
	Error   Severity = iota // nothing is run
	Warning                 // shown, and the work goes on
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one mistake in the user's files.
type Diagnostic struct {
	Severity Severity
	// Code names the kind of mistake in words: unknown-ref, duplicate-name.
	Code string
	// Span is where it is; unknown when it is in no file.
	Span source.Span
	// What is wrong, one line, no period.
	What string
	// Why it is wrong or what chmod expected, when What does not say it.
	Why string
	// Fix is what to do about it.
	Fix string
	// Notes are other places that matter, such as the first of two duplicates
	// or the macro calls that led here, outermost last.
	Notes []Note
}

// Note is a second place that a diagnostic speaks of.
type Note struct {
	Span source.Span
	Text string
}

// Error makes a diagnostic an error: place, what, and the fix.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if d.Span.Known() {
		b.WriteString(d.Span.String() + ": ")
	}
	b.WriteString(d.What)
	if d.Why != "" {
		b.WriteString(": " + d.Why)
	}
	if d.Fix != "" {
		b.WriteString(" (" + d.Fix + ")")
	}
	return b.String()
}
