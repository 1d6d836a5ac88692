package invocation

import (
	"errors"
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/materialize"
)

// explain turns a server's complaint about rendered SQL into a diagnostic at
// the line that the user wrote. Other errors stay as they are.
func (w *worker) explain(err error, compiled *compiler.Compiled) error {
	var step *materialize.StepError
	var server *adapters.ServerError
	if !errors.As(err, &step) || !errors.As(err, &server) {
		return err
	}
	d := diag.Diagnostic{
		Code: "clickhouse-error",
		What: server.Error(),
		Why:  fmt.Sprintf("in the step: %s (query_id %s)", step.Step.Purpose, step.QueryID),
		Fix:  advice(server),
	}
	offset, known := step.UserOffset()
	origin := step.Step.Origin
	switch {
	case origin.Kind == materialize.OriginSQL && known && compiled != nil:
		d.Span, d.Notes = place(compiled.Origin(offset))
	case origin.Kind == materialize.OriginPreHook && compiled != nil:
		d.Span, d.Notes = placeInHook(compiled.PreHooks, origin.Index, offset, known)
	case origin.Kind == materialize.OriginPostHook && compiled != nil:
		d.Span, d.Notes = placeInHook(compiled.PostHooks, origin.Index, offset, known)
	}
	if !d.Span.Known() && compiled != nil && compiled.Node != nil {
		d.Span = compiled.Node.Span
	}
	return &NodeError{Diagnostic: d, Err: err}
}

// placeInHook is where to point for a mistake in a hook: what a macro wrote of
// it is in the macro's file.
func placeInHook(hooks []compiler.Hook, index, offset int, known bool) (source.Span, []diag.Note) {
	if index < 0 || index >= len(hooks) {
		return source.Span{}, nil
	}
	h := hooks[index]
	if known {
		if at, notes := place(h.Origin(offset)); at.Known() {
			return at, notes
		}
	}
	return h.Span, nil
}

// place is where to point: innermost first, and how one gets there. What chmod
// itself brings is left out, as long as a file of the user's calls it.
func place(spans []source.Span) (source.Span, []diag.Note) {
	for len(spans) > 1 && spans[0].Known() && strings.HasPrefix(spans[0].File.Path, builtin.Root) {
		spans = spans[1:]
	}
	if len(spans) == 0 {
		return source.Span{}, nil
	}
	var notes []diag.Note
	for _, s := range spans[1:] {
		notes = append(notes, diag.Note{Span: s, Text: "called from here"})
	}
	return spans[0], notes
}

// NodeError is a failure of a node with the place in the user's files.
type NodeError struct {
	Diagnostic diag.Diagnostic
	Err        error
}

func (e *NodeError) Error() string { return e.Diagnostic.What }
func (e *NodeError) Unwrap() error { return e.Err }

// The servers' numbers for a table or a database that is not there, and for a
// query that takes longer than a limit on its speed allows.
const (
	unknownTable    = 60
	unknownDatabase = 81
	tooSlow         = 160
)

// advice is what to do about a class of errors, where there is something to
// say in general.
func advice(e *adapters.ServerError) string {
	switch e.Class {
	case adapters.ClassMissing:
		if e.Code == unknownTable || e.Code == unknownDatabase {
			return "check the name; a table that another model builds must be read with ref()"
		}
	case adapters.ClassAccess:
		return "ask for the grant, or use another user in profiles.yml"
	case adapters.ClassMemory:
		return "read less at once, or raise max_memory_usage in the model's query_settings"
	case adapters.ClassTimeout:
		if e.Code == tooSlow {
			return "the server's settings refuse queries that are slow or expected to be: see min_execution_speed and max_estimated_execution_time"
		}
		return "raise max_execution_time in the model's query_settings or in custom_settings"
	case adapters.ClassOverload:
		return "run fewer nodes at once with --threads, or wait until the server has caught up"
	case adapters.ClassReadOnly:
		return "check the server's disk and its connection to Keeper"
	}
	return ""
}

// explainQuery turns a server's complaint about a query of a template into a
// diagnostic at the call.
func explainQuery(err error) error {
	var query *compiler.QueryError
	var server *adapters.ServerError
	if !errors.As(err, &query) || !errors.As(err, &server) {
		return err
	}
	return &NodeError{Err: err, Diagnostic: diag.Diagnostic{
		Code: "clickhouse-error", Span: query.Span, What: server.Error(),
		Why: "a template ran this query: " + query.SQL, Fix: advice(server),
	}}
}

// Explained is the diagnostic, for views.
func (e *NodeError) Explained() diag.Diagnostic { return e.Diagnostic }
