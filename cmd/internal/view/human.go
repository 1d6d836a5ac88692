package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Human writes lines for a person, on a terminal or in a pipe.
type Human struct {
	out    io.Writer
	aside  io.Writer
	colors Colors
	level  event.Level
	quiet  bool
	print  bool
	clock  *time.Location
	width  int   // of the terminal, 0 in a pipe
	live   *live // nil in a pipe
}

// HumanOptions say how lines look and which are written.
type HumanOptions struct {
	Colors bool
	Level  event.Level
	// Quiet leaves errors and what was asked for.
	Quiet bool
	// Print shows what templates print().
	Print bool
	// Live is the width of the terminal on which to show what runs, or 0.
	Live int
	// Aside takes what is not a result and no error, for commands whose result
	// is piped on; nil to write it with the rest.
	Aside io.Writer
	// Clock is the time zone of the times, UTC when nil.
	Clock *time.Location
}

// NewHuman makes a view that writes to out.
func NewHuman(out io.Writer, o HumanOptions) *Human {
	h := &Human{out: out, aside: o.Aside, colors: NewColors(o.Colors), level: o.Level, quiet: o.Quiet, print: o.Print, clock: o.Clock, width: o.Live}
	if h.clock == nil {
		h.clock = time.UTC
	}
	if o.Live > 0 && !o.Quiet {
		h.live = newLive(out, o.Live, h.colors)
	}
	return h
}

// Handle writes what an event deserves.
func (h *Human) Handle(t event.Timed) {
	switch e := t.Event.(type) {
	case event.Printed:
		if h.print {
			h.bare(e.Text)
		}
	case event.Shown:
		h.bare(shown(e))
	case event.CompiledShown:
		h.bare(compiledShown(e))
	case event.Diagnosed:
		h.diagnosed(e.Diagnostic)
	case event.Failed:
		h.bare(h.colors.Red("Error:") + " " + e.Err.Error())
	case event.NodeProgress:
		if h.live != nil {
			h.live.progress(e)
		}
	default:
		h.line(t)
	}
}

// Close takes the live display away.
func (h *Human) Close() {
	if h.live != nil {
		h.live.close()
	}
}

func (h *Human) diagnosed(d diag.Diagnostic) {
	if d.Severity == diag.Warning && !h.shows(event.Warn) {
		return
	}
	// Each ends in an empty line: there may be many.
	text := Diagnostic(d, h.colors)
	if d.Severity == diag.Warning {
		h.besides(text)
		return
	}
	h.bare(text)
}

// shows reports whether lines of a level are written.
func (h *Human) shows(l event.Level) bool {
	if h.quiet {
		return l == event.Error
	}
	return rank(l) >= rank(h.level)
}

func rank(l event.Level) int {
	switch l {
	case event.Debug:
		return 0
	case event.Warn:
		return 2
	case event.Error:
		return 3
	case "none":
		return 4
	}
	return 1
}

// line writes the events that are lines with a time.
func (h *Human) line(t event.Timed) {
	if h.live != nil {
		h.live.node(t.Event, t.At)
	}
	if e, ok := t.Event.(event.RunEnded); ok {
		h.summarize(t, e)
		return
	}
	level, text := h.text(t.Event)
	if text == "" || !h.shows(level) {
		return
	}
	h.stamped(t, text)
}

func (h *Human) bare(text string) {
	if h.live != nil {
		h.live.above(text)
		return
	}
	// A view has nobody to tell that its terminal is gone.
	_, _ = fmt.Fprintln(h.out, text)
}

// besides writes what is not the result.
func (h *Human) besides(text string) {
	if h.aside == nil {
		h.bare(text)
		return
	}
	_, _ = fmt.Fprintln(h.aside, text)
}

// text is the line of an event, and its level; empty for those without one.
func (h *Human) text(e event.Event) (event.Level, string) {
	switch e := e.(type) {
	case event.Began:
		return event.Info, "Running with chmod=" + e.Version
	case event.Found:
		return event.Info, found(e)
	case event.Connected:
		return event.Info, connected(e)
	case event.Selected:
		return event.Info, fmt.Sprintf("Concurrency: %s (target='%s')\n ", plural(e.Threads, "thread"), e.Target)
	case event.NothingSelected:
		return event.Warn, nothing(e)
	case event.NodeStarted:
		return h.started(e)
	case event.NodeFinished:
		return h.finished(e)
	case event.StatementStarted:
		return event.Debug, statement(e)
	case event.StatementFinished:
		return event.Debug, statementDone(e)
	case event.Message:
		return e.Level, e.Text
	case event.ArtifactWritten:
		return event.Debug, "Wrote " + e.Path
	case event.Interrupted:
		if e.Again {
			return event.Warn, "Stopping the running queries on the server"
		}
		return event.Warn, "Interrupted: waiting for what runs to end. Press Ctrl-C again to stop it"
	}
	return event.Debug, ""
}

func found(e event.Found) string {
	var parts []string
	for _, kind := range []string{"model", "snapshot", "analysis", "seed", "operation", "test", "source", "exposure", "unit_test", "macro"} {
		n := e.Counts[kind]
		if n == 0 {
			continue
		}
		word := strings.ReplaceAll(kind, "_", " ")
		if kind == manifest.Test {
			word = "data test"
		}
		parts = append(parts, plural(n, word))
	}
	if len(parts) == 0 {
		return "Found an empty project"
	}
	return "Found " + strings.Join(parts, ", ")
}

func connected(e event.Connected) string {
	what := "ClickHouse " + e.Server.Version.Text
	if e.Server.Embedded {
		what = "the embedded ClickHouse " + e.Server.Version.Text
	}
	return fmt.Sprintf("Connected to %s as '%s' (target='%s')", what, e.Server.User, e.Target)
}

func nothing(e event.NothingSelected) string {
	if len(e.Criteria) == 0 {
		return "Nothing to do: the selection means no node that this command works on"
	}
	quoted := make([]string, len(e.Criteria))
	for i, c := range e.Criteria {
		quoted[i] = "'" + c + "'"
		if near := e.Near[c]; near != "" {
			quoted[i] += " (did you mean '" + near + "'?)"
		}
	}
	return "Nothing is selected by " + strings.Join(quoted, ", ")
}

func statement(e event.StatementStarted) string {
	owner := ""
	if e.Node != nil {
		owner = e.Node.Name + ": "
	}
	return owner + e.Purpose + "\n" + e.Statement.SQL
}

func statementDone(e event.StatementFinished) string {
	if e.Err != nil {
		return "failed: " + e.Err.Error()
	}
	p := e.Summary.Progress
	return fmt.Sprintf("done in %s, read %s rows, wrote %s rows, query_id %s",
		seconds(e.Summary.Elapsed), count(p.ReadRows), count(p.WrittenRows), e.Summary.QueryID)
}
