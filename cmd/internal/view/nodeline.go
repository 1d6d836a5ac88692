package view

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// lineWidth is where the result of a node's line begins, where there is room.
const lineWidth = 80

// timeWidth and resultWidth are what stands before and after that.
const (
	timeWidth   = 10
	resultWidth = 22
)

// reach is where the result of a node's line begins on a terminal of a width,
// 0 for no terminal.
func reach(width int) int {
	if width == 0 {
		return lineWidth
	}
	return min(lineWidth, max(width-timeWidth-resultWidth, 20))
}

// title is what a node is called in a line: what it is, and its relation.
func title(n *manifest.Node) string {
	switch {
	case n.Hook != nil:
		return "hook " + hookName(n)
	case n.ResourceType == manifest.Test:
		return "test " + n.Name
	case n.ResourceType == manifest.Seed:
		return "seed " + n.Schema + "." + n.Alias
	case n.ResourceType == manifest.Snapshot:
		return "snapshot " + n.Schema + "." + n.Alias
	}
	return n.Materialized() + " " + n.ResourceType + " " + n.Schema + "." + n.Alias
}

func (h *Human) started(e event.NodeStarted) (event.Level, string) {
	level := event.Info
	// The end of a test follows at once, and a live display shows what runs.
	if e.Node.ResourceType == manifest.Test || h.live != nil {
		level = event.Debug
	}
	return level, h.dotted(e.Index, e.Total, "START", title(e.Node), "RUN")
}

func (h *Human) finished(e event.NodeFinished) (event.Level, string) {
	r := e.Result
	level, word, tint := event.Info, "OK", h.colors.Green
	switch r.Status {
	case event.Pass:
		word = "PASS"
	case event.WarnStatus:
		level, word, tint = event.Warn, "WARN", h.colors.Yellow
	case event.Fail:
		level, word, tint = event.Error, "FAIL", h.colors.Red
	case event.RuntimeError:
		level, word, tint = event.Error, "ERROR", h.colors.Red
	case event.PartialSuccess:
		level, word, tint = event.Error, r.Message, h.colors.Red
	case event.Skipped:
		word, tint = "SKIP", h.colors.Yellow
	}
	if r.Node.ResourceType == manifest.Test && (r.Status == event.WarnStatus || r.Status == event.Fail) {
		word = fmt.Sprintf("%s %d", word, *r.Failures)
	}
	line := h.dotted(e.Index, e.Total, word, title(r.Node), detail(r))
	return level, strings.Replace(line, " "+word+" ", " "+tint(word)+" ", 1)
}

// detail is what stands in brackets at the end of a line.
func detail(r event.Result) string {
	switch r.Status {
	case event.Skipped:
		return r.Message
	case event.Success:
		if p := r.Progress; p.WrittenRows > 0 {
			return rows(p.WrittenRows) + sized(p.WrittenBytes) + " in " + seconds(r.Elapsed())
		}
	}
	return "in " + seconds(r.Elapsed())
}

func (h *Human) dotted(index, total int, word, what, end string) string {
	position := ""
	if index > 0 {
		position = fmt.Sprintf("%*d of %d ", len(fmt.Sprint(total)), index, total)
	}
	left := position + word + " " + what + " "
	dots := max(reach(h.width)-len([]rune(left)), 3)
	return left + strings.Repeat(".", dots) + " [" + end + "]"
}

// trouble tells what was wrong with a node, with the place in the user's file.
func (h *Human) trouble(r event.Result) string {
	switch r.Status {
	case event.Fail, event.WarnStatus:
		tint, word := h.colors.Red, "Failure"
		if r.Status == event.WarnStatus {
			tint, word = h.colors.Yellow, "Warning"
		}
		text := tint(word+" in test "+r.Node.Name) + " (" + r.Node.OriginalPath + ")\n  " + r.Message
		if r.CompiledPath != "" {
			text += "\n  see the rows: run the query in " + r.CompiledPath
		}
		return text
	case event.RuntimeError:
		text := h.colors.Red("Error in "+r.Node.ResourceType+" "+r.Node.Name) + " (" + r.Node.OriginalPath + ")"
		return text + h.why(r.Err, r.Message)
	case event.PartialSuccess:
		return h.failedBatches(r)
	}
	return ""
}

// why tells an error, with the places that it is about.
func (h *Human) why(err error, message string) string {
	text := ""
	for _, d := range Diagnostics(err) {
		text += "\n" + strings.TrimRight(Diagnostic(d, h.colors), "\n")
	}
	if text == "" {
		text = "\n  " + strings.ReplaceAll(message, "\n", "\n  ")
	}
	return text
}

// mostBatches bounds the batches of a node whose errors are shown.
const mostBatches = 5

// failedBatches tells what was wrong with batches, while others were built.
func (h *Human) failedBatches(r event.Result) string {
	text := h.colors.Red("Partial success in "+r.Node.ResourceType+" "+r.Node.Name) + " (" + r.Node.OriginalPath + ")"
	shown, failed := 0, 0
	for _, b := range r.Batches {
		if !b.Failed {
			continue
		}
		if failed++; b.Err == nil || shown == mostBatches {
			continue
		}
		shown++
		text += "\n  batch from " + b.Start.Format(time.DateTime) + ":" + h.why(b.Err, b.Err.Error())
	}
	if failed > shown {
		text += fmt.Sprintf("\n  of the others, %d failed, too, or were not begun", failed-shown)
	}
	return text + "\n  chmod retry builds those that are missing"
}

// Diagnostics are those that an error carries; none for errors of the world.
func Diagnostics(err error) []diag.Diagnostic {
	var failure *diag.Failure
	var one diag.Diagnostic
	var placed interface{ Explained() diag.Diagnostic }
	switch {
	case errors.As(err, &placed):
		return []diag.Diagnostic{placed.Explained()}
	case errors.As(err, &failure):
		return failure.Diagnostics
	case errors.As(err, &one):
		return []diag.Diagnostic{one}
	}
	return nil
}
