package context

import "github.com/chmod-sql/chmod/compiler/source"

// QueryError is what the warehouse answered to a query that a template asked.
type QueryError struct {
	SQL string
	// Span is the call in the template.
	Span source.Span
	Err  error
}

func (e *QueryError) Error() string { return e.Err.Error() }

// Unwrap is the warehouse's own error.
func (e *QueryError) Unwrap() error { return e.Err }
