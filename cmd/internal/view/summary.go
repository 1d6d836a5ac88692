package view

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// summarize writes how a run ended: what went wrong, each with its place, and
// the counts.
func (h *Human) summarize(t event.Timed, e event.RunEnded) {
	c := Tally(e.Results)
	level := event.Info
	if c.Error > 0 || e.Interrupted {
		level = event.Error
	}
	if !h.shows(level) {
		return
	}
	tint := h.colors.Green
	switch {
	case c.Error > 0 || e.Interrupted:
		tint = h.colors.Red
	case c.Skip > 0 || c.Warn > 0:
		tint = h.colors.Yellow
	}
	h.stamped(t, " \nFinished running "+worked(e.Results)+" in "+seconds(e.Elapsed)+".\n"+tint(completed(c, e.Interrupted))+"\n ")
	for _, r := range e.Results {
		// These are to be read and copied: no time before each line.
		if text := h.trouble(r); text != "" {
			h.bare(text + "\n")
		}
	}
	h.stamped(t, c.String())
}

// completed says in a few words how a run ended.
func completed(c Counts, interrupted bool) string {
	switch {
	case interrupted:
		return "Interrupted: not everything was run"
	case c.Error > 0:
		return fmt.Sprintf("Completed with %s and %s:", plural(c.Error, "error"), plural(c.Warn, "warning"))
	case c.Warn > 0:
		return fmt.Sprintf("Completed with %s:", plural(c.Warn, "warning"))
	case c.Skip > 0:
		return "Completed, but not everything was run"
	}
	return "Completed successfully"
}

// stamped writes lines with the time before each.
func (h *Human) stamped(t event.Timed, text string) {
	prefix := h.colors.Faint(t.At.In(h.clock).Format("15:04:05")) + "  "
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		h.besides(strings.TrimRight(prefix+line, " "))
	}
}
