package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// entries are the lines of dbt's log that an event stands for.
func (l *Log) entries(t event.Timed) []entry {
	_, text := l.words.text(t.Event)
	text = strings.TrimSpace(text)
	switch e := t.Event.(type) {
	case event.Began:
		return []entry{
			// The version is that of the dbt whose log this is like: readers
			// decide by it what they expect.
			{"MainReportVersion", "A001", event.Info, text, map[string]any{"version": "=" + artifact.DBTVersion, "log_version": 3}},
			{"MainReportArgs", "A002", event.Debug, "running chmod with arguments " + arguments(e.Args), map[string]any{"args": e.Args}},
		}
	case event.Connected:
		return []entry{{"Note", "Z050", event.Info, text, map[string]any{"msg": text}}}
	case event.Found:
		return []entry{
			{"AdapterRegistered", "E034", event.Info, "Registered adapter: clickhouse=" + artifact.AdapterVersion, map[string]any{"adapter_name": "clickhouse", "adapter_version": "=" + artifact.AdapterVersion}},
			{"FoundStats", "W006", event.Info, text, map[string]any{"stat_line": strings.TrimPrefix(text, "Found ")}},
		}
	case event.Selected:
		return []entry{{"ConcurrencyLine", "Q027", event.Info, text, map[string]any{"num_threads": e.Threads, "target_name": e.Target, "node_count": e.Total}}}
	case event.NothingSelected:
		return l.nothing(e, text)
	case event.NodeStarted:
		return l.started(t, e)
	case event.NodeCompiled:
		return []entry{{"NodeExecuting", "Q031", event.Debug, "Began executing node " + e.Node.UniqueID, l.nodes.set(e.Node, "executing", t.At)}}
	case event.NodeFinished:
		return l.finished(t, e)
	case event.StatementStarted:
		data := map[string]any{"conn_name": connName(e.Node), "sql": e.Statement.SQL}
		return []entry{{"SQLQuery", "E016", event.Debug, "On " + connName(e.Node) + ": " + e.Statement.SQL, l.nodes.with(e.Node, data)}}
	case event.StatementFinished:
		status := "OK"
		if e.Err != nil {
			status = "ERROR: " + e.Err.Error()
		}
		data := map[string]any{"status": status, "elapsed": e.Summary.Elapsed.Seconds(), "query_id": e.Summary.QueryID}
		return []entry{{"SQLQueryStatus", "E017", event.Debug, "SQL status: " + status, l.nodes.with(e.Node, data)}}
	case event.Message:
		name, code := "JinjaLogInfo", "I062"
		switch e.Level {
		case event.Debug:
			name, code = "JinjaLogDebug", "I063"
		case event.Warn:
			name, code = "JinjaLogWarning", "I061"
		}
		return []entry{{name, code, e.Level, e.Text, l.nodes.with(l.nodes.known[e.Node], map[string]any{"msg": e.Text})}}
	case event.Printed:
		// Some commands print tens of thousands of lines.
		line := entry{name: "PrintEvent", code: "Z052", level: event.Info, message: e.Text}
		if l.options.JSON {
			line.data = map[string]any{"msg": e.Text}
		}
		return []entry{line}
	case event.Shown:
		data := map[string]any{"node_name": e.Name, "preview": shownJSONRows(e), "is_inline": e.Inline, "output_format": format(e.JSON)}
		return []entry{{"ShowNode", "Q041", event.Info, shown(e), data}}
	case event.CompiledShown:
		data := map[string]any{"node_name": e.Name, "compiled": e.SQL, "is_inline": e.Inline, "output_format": format(e.JSON), "unique_id": e.UniqueID}
		return []entry{{"CompiledNode", "Q042", event.Info, compiledShown(e), data}}
	case event.Diagnosed:
		return []entry{diagnosed(e.Diagnostic)}
	case event.Failed:
		return []entry{{"MainEncounteredError", "Z002", event.Error, "Encountered an error:\n" + e.Err.Error(), map[string]any{"exc": e.Err.Error()}}}
	case event.ArtifactWritten:
		kind := map[string]string{"manifest": "WritableManifest", "run_results": "RunExecutionResult"}[e.Kind]
		return []entry{{"ArtifactWritten", "P001", event.Debug, text, map[string]any{"artifact_type": kind, "artifact_path": e.Path}}}
	case event.Interrupted:
		return []entry{{"Note", "Z050", event.Warn, text, map[string]any{"msg": text}}}
	case event.RunEnded:
		return l.ended(t, e)
	case event.Ended:
		data := map[string]any{"command": "dbt " + e.Command, "success": e.Success, "elapsed": e.Elapsed.Seconds(), "completed_at": utc(t.At)}
		word := "succeeded"
		if !e.Success {
			word = "failed"
		}
		return []entry{{"CommandCompleted", "Q039", event.Debug, fmt.Sprintf("Command `%s` %s after %s", e.Command, word, seconds(e.Elapsed)), data}}
	}
	return nil
}

// arguments are the flags of a call, sorted.
func arguments(args map[string]string) string {
	parts := make([]string, 0, len(args))
	for _, name := range slices.Sorted(maps.Keys(args)) {
		parts = append(parts, name+"="+args[name])
	}
	return strings.Join(parts, " ")
}

func (l *Log) nothing(e event.NothingSelected, text string) []entry {
	if len(e.Criteria) == 0 {
		return []entry{{"NoNodesSelected", "Q038", event.Warn, text, nil}}
	}
	var out []entry
	for _, c := range e.Criteria {
		_, text := l.words.text(event.NothingSelected{Criteria: []string{c}, Near: e.Near})
		out = append(out, entry{"NoNodesForSelectionCriteria", "M030", event.Warn, text, map[string]any{"spec_raw": c}})
	}
	return out
}

// diagnosed is a diagnostic; one that is an error ends the command, and is
// what its callers look for.
func diagnosed(d diag.Diagnostic) entry {
	data := map[string]any{"exc": d.Error(), "code": d.Code}
	if d.Span.Known() {
		at := d.Span.Begin()
		data["path"], data["line"], data["column"] = d.Span.File.Path, at.Line, at.Column
	}
	text := strings.TrimRight(Diagnostic(d, Colors{}), "\n")
	if d.Severity == diag.Warning {
		data["msg"] = d.Error()
		delete(data, "exc")
		return entry{"Note", "Z050", event.Warn, text, data}
	}
	return entry{"MainEncounteredError", "Z002", event.Error, "Encountered an error:\n" + text, data}
}

func connName(n *manifest.Node) string {
	if n == nil {
		return "master"
	}
	return n.UniqueID
}

func format(asJSON bool) string {
	if asJSON {
		return "json"
	}
	return "text"
}

func shownJSONRows(e event.Shown) string {
	e.JSON, e.Inline = true, true
	return shown(e)
}
