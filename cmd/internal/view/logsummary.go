package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// ended are the summary lines, and those about each node that went wrong.
func (l *Log) ended(t event.Timed, e event.RunEnded) []entry {
	c := Tally(e.Results)
	kinds, took := worked(e.Results), " in "+clockTime(e.Elapsed)
	results := make([]map[string]any, len(e.Results))
	for i, r := range e.Results {
		results[i] = runResultData(r)
	}
	out := []entry{
		{"FinishedRunningStats", "E047", event.Info, fmt.Sprintf("Finished running %s%s (%.2fs).", kinds, took, e.Elapsed.Seconds()), map[string]any{
			"stat_line": kinds, "execution": took, "execution_time": e.Elapsed.Seconds(),
		}},
		{"EndRunResult", "Q037", event.Debug, "Command end result", map[string]any{
			"results": results, "elapsed_time": e.Elapsed.Seconds(), "generated_at": t.At.UTC().Format("2006-01-02T15:04:05Z"),
			"success": c.Error == 0 && c.Skip == 0 && !e.Interrupted,
		}},
		{"EndOfRunSummary", "Z030", event.Info, completed(c, e.Interrupted), map[string]any{
			"num_errors": c.Error, "num_warnings": c.Warn, "num_partial_success": 0, "keyboard_interrupt": e.Interrupted,
		}},
	}
	for _, r := range e.Results {
		out = append(out, l.trouble(r)...)
	}
	stats := map[string]any{"pass": c.Pass, "warn": c.Warn, "error": c.Error, "skip": c.Skip, "noop": c.NoOp, "total": c.Total}
	return append(out, entry{"StatsLine", "Z023", event.Info, c.String(), map[string]any{"stats": stats}})
}

// trouble are the lines about a node that went wrong: that it did, why, and
// where its SQL is.
func (l *Log) trouble(r event.Result) []entry {
	whole := l.words.trouble(r)
	if whole == "" {
		return nil
	}
	head, why, _ := strings.Cut(whole, "\n")
	with := func(data map[string]any) map[string]any { return l.nodes.with(r.Node, data) }
	what := with(map[string]any{"resource_type": r.Node.ResourceType, "node_name": r.Node.Name, "path": r.Node.OriginalPath})
	var out []entry
	if r.Status == event.WarnStatus {
		out = []entry{
			{"RunResultWarning", "Z021", event.Warn, head, what},
			{"RunResultWarningMessage", "Z046", event.Warn, why, with(map[string]any{"msg": r.Message})},
		}
	} else {
		out = []entry{
			{"RunResultFailure", "Z022", event.Error, head, what},
			{"RunResultError", "Z024", event.Error, why, with(map[string]any{"msg": r.Message})},
		}
	}
	if r.CompiledPath != "" {
		out = append(out, entry{"SQLCompiledPath", "Z026", event.Info, "  compiled code at " + r.CompiledPath, with(map[string]any{"path": r.CompiledPath})})
	}
	return out
}

// clockTime is a duration as dbt's log has it.
func clockTime(d time.Duration) string {
	minutes := int(d.Minutes())
	return fmt.Sprintf("%d hours %d minutes and %.2f seconds", minutes/60, minutes%60, d.Seconds()-float64(60*minutes))
}
