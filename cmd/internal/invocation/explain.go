package invocation

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
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
		What: brief(server.Error()),
		Why:  fmt.Sprintf("in the step: %s (query_id %s)", step.Step.Purpose, step.QueryID),
		Fix:  advice(server),
	}
	if compiled == nil {
		return &NodeError{Diagnostic: d, Err: err}
	}
	d.Span, d.Notes = placeOfStep(step, server, compiled)
	if n := compiled.Node; !d.Span.Known() && n != nil {
		d.Span = n.Span
		if step.Step.Origin.Kind == materialize.OriginSQL {
			d.Notes = []diag.Note{{Text: "the server does not say where in the SQL, which is in " + w.compiledPath(n)}}
		}
	}
	return &NodeError{Diagnostic: d, Err: err}
}

// compiledPath is the file that holds a node's SQL, as it is shown.
func (i *Invocation) compiledPath(n *manifest.Node) string {
	return i.shownPath(filepath.Join(i.TargetPath(), "compiled", filepath.FromSlash(artifact.CompiledPath(n))))
}

// placeOfStep is where to point for a mistake in a statement: in the user's text
// that it holds, else in the setting that the rest was made of.
func placeOfStep(step *materialize.StepError, server *adapters.ServerError, compiled *compiler.Compiled) (source.Span, []diag.Note) {
	offset, known := step.UserOffset()
	origin := step.Step.Origin
	switch {
	case origin.Kind == materialize.OriginPreHook:
		return placeInHook(compiled.PreHooks, origin.Index, offset, known)
	case origin.Kind == materialize.OriginPostHook:
		return placeInHook(compiled.PostHooks, origin.Index, offset, known)
	case origin.Kind == materialize.OriginSQL && known:
		if at, notes := placeInSQL(compiled, offset); at.Known() {
			return at, notes
		}
	default:
		if at, ok := placeOfSetting(step.Step.Statement.SQL, server, compiled); ok {
			return at, nil
		}
	}
	if at, ok := verbatim(step.Step.Statement.SQL, compiled.Node); ok && origin.Kind == materialize.OriginHeader {
		return at, nil
	}
	return source.Span{}, nil
}

// verbatim is where a node's file has the statement as it is, once.
func verbatim(statement string, n *manifest.Node) (source.Span, bool) {
	statement = strings.TrimSpace(statement)
	if n == nil || !n.Span.Known() || statement == "" || strings.Count(n.Span.File.Text, statement) != 1 {
		return source.Span{}, false
	}
	at := strings.Index(n.Span.File.Text, statement)
	return source.Span{File: n.Span.File, Start: at, End: at + len(statement)}, true
}

// placeInSQL is where to point for a mistake in a node's SQL. What a generic
// test was given is in YAML, and its macro is where it was used.
func placeInSQL(compiled *compiler.Compiled, offset int) (source.Span, []diag.Note) {
	spans := compiled.Origin(offset)
	at, notes := place(spans)
	if compiled.Node == nil || compiled.Node.ResourceType != manifest.Test || len(spans) == 0 ||
		spelled(spans[0], compiled.SQL, offset) && !strings.HasPrefix(spans[0].File.Path, builtin.Root) {
		return at, notes
	}
	argument, ok := compiled.Behind(compiled.SQL, offset)
	if !ok {
		return at, notes
	}
	if at.File == argument.File {
		return argument, nil
	}
	return argument, []diag.Note{{Span: at, Text: "used here"}}
}

// spelled reports whether a file has the byte of the SQL as it is, and no
// expression printed it.
func spelled(at source.Span, sql string, offset int) bool {
	return offset < len(sql) && at.End-at.Start == 1 && at.Text() == sql[offset:offset+1]
}

// placeOfSetting is where to point for a mistake in what is made of settings:
// where the server says, else in one that has what the server names.
func placeOfSetting(sql string, server *adapters.ServerError, compiled *compiler.Compiled) (source.Span, bool) {
	if server.Line > 0 {
		return compiled.Behind(sql, source.New("", "", sql).Offset(server.Line, server.Column))
	}
	said := scope.ReplaceAllString(server.Message, "")
	for _, m := range quoted.FindAllStringSubmatch(said, -1) {
		if at, ok := compiled.Named(m[1] + m[2]); ok {
			return at, true
		}
	}
	return source.Span{}, false
}

// scope matches what the server writes of the rest of the query.
var scope = regexp.MustCompile(`(?s)\b(?:[Ii]n scope|[Ww]hile processing|[Ww]hile executing) .*`)

// quoted matches what a server names in quotes, or as the name of a setting.
var quoted = regexp.MustCompile("[`'\"]([^`'\"]+)[`'\"]|[Ss]etting ([a-z_0-9]+)")

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
	d := diag.Diagnostic{
		Code: "clickhouse-error", Span: query.Span, What: brief(server.Error()),
		Why: "a template ran this query: " + query.SQL, Fix: advice(server),
	}
	if at, ok := placeInQuery(query, server); ok {
		d.Span, d.Why = at, "a template ran this query"
		d.Notes = []diag.Note{{Span: query.Span, Text: "run here"}}
	}
	return &NodeError{Err: err, Diagnostic: d}
}

// placeInQuery finds the line of a query that the server complains about in the
// file that runs it, where that has it once: queries are mostly written right
// above, and no map leads back to what a template made of them.
func placeInQuery(query *compiler.QueryError, server *adapters.ServerError) (source.Span, bool) {
	file := query.Span.File
	line := source.New("", "", query.SQL).Line(server.Line)
	text := strings.TrimSpace(line)
	if file == nil || server.Line < 1 || utf8.RuneCountInString(text) < shortestLine || strings.Count(file.Text, text) != 1 {
		return source.Span{}, false
	}
	at := strings.Index(file.Text, text)
	before, _, _ := strings.Cut(line, text)
	within := file.Position(at)
	start := file.Offset(within.Line, within.Column+max(server.Column-1-utf8.RuneCountInString(before), 0))
	if start < query.Span.End && start >= query.Span.Start {
		return source.Span{}, false // in the call itself, which is all that is to be shown
	}
	return source.Span{File: file, Start: start, End: start + 1}, true
}

// shortestLine is how long a line is at least that is worth looking for.
const shortestLine = 8

// Explained is the diagnostic, for views.
func (e *NodeError) Explained() diag.Diagnostic { return e.Diagnostic }
