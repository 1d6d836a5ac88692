package template

import (
	"context"
	"errors"
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Error is why a rendering stopped. It is a diagnostic, and what caused it can
// be found with errors.As: a *value.Error, a *LimitError, or what a Go function
// returned.
type Error struct {
	Diagnostic diag.Diagnostic
	cause      error
}

// Error is the diagnostic's text.
func (e *Error) Error() string { return e.Diagnostic.Error() }

// Unwrap gives the diagnostic and the cause.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Diagnostic}
	}
	return []error{e.Diagnostic, e.cause}
}

// locate gives an error its place, unless it has one.
func locate(err error, at source.Span) error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error, *returned:
		return err
	case *value.Error:
		return &Error{Diagnostic: diag.Diagnostic{Code: codeOf(e.Class), Span: at, What: sentence(e)}, cause: e}
	}
	var located *Error
	var all *diag.Failure
	var unwinding *returned
	if errors.As(err, &located) || errors.As(err, &all) || errors.As(err, &unwinding) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var limit *LimitError
	if errors.As(err, &limit) {
		return &Error{Diagnostic: diag.Diagnostic{Code: "jinja-limit", Span: at, What: limit.Error(), Fix: limit.fix()}, cause: err}
	}
	var d diag.Diagnostic
	if errors.As(err, &d) {
		if !d.Span.Known() {
			d.Span = at
		}
		return &Error{Diagnostic: d, cause: err}
	}
	var raised *value.Error
	if errors.As(err, &raised) {
		d := diag.Diagnostic{Code: codeOf(raised.Class), Span: at, What: sentence(raised)}
		var call *wrongCall
		if errors.As(err, &call) {
			d = call.explain(d)
		}
		return &Error{Diagnostic: d, cause: err}
	}
	return &Error{Diagnostic: diag.Diagnostic{Code: "jinja-call", Span: at, What: err.Error()}, cause: err}
}

func codeOf(class string) string {
	switch class {
	case "UndefinedError", "SecurityError":
		return "jinja-undefined"
	case "TypeError":
		return "jinja-type"
	case "MemoryError", "RecursionError":
		return "jinja-limit"
	}
	return "jinja-value"
}

func sentence(e *value.Error) string {
	if e.Message == "" {
		return e.Class
	}
	return e.Message
}

// note adds a place that the error came through on its way out.
func note(err error, at source.Span, text string) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	here := diag.Note{Span: at, Text: text}
	// A recursion comes through the same places again and again.
	if len(e.Diagnostic.Notes) >= maxNotes || at == e.Diagnostic.Span || slices.Contains(e.Diagnostic.Notes, here) {
		return err
	}
	e.Diagnostic.Notes = append(e.Diagnostic.Notes, here)
	return err
}

// maxNotes bounds what a runaway recursion has to say.
const maxNotes = 20
