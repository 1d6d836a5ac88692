package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// nodeInfos remembers how far each node is: every line about a node says so.
type nodeInfos struct {
	started map[string]time.Time
	status  map[string]string
}

func newNodeInfos() *nodeInfos {
	return &nodeInfos{started: map[string]time.Time{}, status: map[string]string{}}
}

// set notes a node's status and returns its data.
func (i *nodeInfos) set(n *manifest.Node, status string, at time.Time) map[string]any {
	if status == "started" {
		i.started[n.UniqueID] = at
	}
	i.status[n.UniqueID] = status
	return map[string]any{"node_info": i.info(n, time.Time{})}
}

// with adds a node's data to others; nil is no node.
func (i *nodeInfos) with(n *manifest.Node, data map[string]any) map[string]any {
	if n != nil {
		data["node_info"] = i.info(n, time.Time{})
	}
	return data
}

func (i *nodeInfos) info(n *manifest.Node, finished time.Time) map[string]any {
	status := i.status[n.UniqueID]
	if status == "" {
		status = "None"
	}
	var meta any = map[string]any{}
	if n.Meta != nil {
		meta = value.ToGo(n.Meta)
	}
	return map[string]any{
		"node_path": n.Path, "node_name": n.Name, "unique_id": n.UniqueID, "resource_type": n.ResourceType,
		"materialized": n.Materialized(), "node_status": status, "node_started_at": naive(i.started[n.UniqueID]),
		"node_finished_at": naive(finished), "meta": meta, "node_checksum": n.Checksum.Sum,
		"node_relation": map[string]any{"database": "", "schema": n.Schema, "alias": n.Alias, "relation_name": n.RelationName},
	}
}

func naive(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000")
}

func (j *JSON) started(t event.Timed, e event.NodeStarted) []entry {
	info := j.nodes.set(e.Node, "started", t.At)
	if e.Node.Hook != nil {
		data := j.nodes.with(e.Node, map[string]any{"statement": e.Node.Name, "index": e.Index, "total": e.Total})
		return []entry{{"LogHookStartLine", "Q032", event.Info, dotted(e.Index, e.Total, "START", title(e.Node), "RUN"), data}}
	}
	line := map[string]any{"description": describe(e.Node), "index": e.Index, "total": e.Total}
	return []entry{
		{"NodeStart", "Q024", event.Debug, "Began running node " + e.Node.UniqueID, info},
		{"LogStartLine", "Q011", event.Info, dotted(e.Index, e.Total, "START", title(e.Node), "RUN"), j.nodes.with(e.Node, line)},
		{"NodeCompiling", "Q030", event.Debug, "Began compiling node " + e.Node.UniqueID, j.nodes.set(e.Node, "compiling", t.At)},
	}
}

// describe is dbt's description of a node.
func describe(n *manifest.Node) string {
	switch n.ResourceType {
	case manifest.Test:
		return "test " + n.Name
	case manifest.Seed:
		return "seed file " + n.RelationName
	}
	return "sql " + n.Materialized() + " " + n.ResourceType + " " + n.RelationName
}

func (j *JSON) finished(t event.Timed, e event.NodeFinished) []entry {
	r := e.Result
	j.nodes.status[r.Node.UniqueID] = string(r.Status)
	level, text := j.words.finished(e)
	if r.Status == event.Skipped {
		data := map[string]any{
			"resource_type": r.Node.ResourceType, "schema": r.Node.Schema, "node_name": r.Node.Name,
			"index": e.Index, "total": e.Total, "node_info": j.nodes.info(r.Node, time.Time{}),
		}
		return []entry{{"SkippingDetails", "Q034", event.Info, text, data}}
	}
	info := j.nodes.info(r.Node, r.Finished)
	common := map[string]any{
		"node_info": info, "index": e.Index, "total": e.Total, "execution_time": r.Elapsed().Seconds(),
		"status": strings.ToLower(string(r.Status)), "description": describe(r.Node),
	}
	out := entry{"LogModelResult", "Q012", level, text, common}
	switch {
	case r.Node.Hook != nil:
		common["statement"] = r.Node.Name
		return []entry{{"LogHookEndLine", "Q033", level, text, common}}
	case r.Node.ResourceType == manifest.Test:
		out.name, out.code = "LogTestResult", "Q007"
		common["name"], common["num_models"] = r.Node.Name, e.Total
		common["num_failures"] = failures(r)
		if r.Node.Test.Attached != "" {
			common["attached_node"] = r.Node.Test.Attached
		}
	case r.Node.ResourceType == manifest.Seed:
		out.name, out.code = "LogSeedResult", "Q016"
		common["schema"], common["relation"], common["result_message"] = r.Node.Schema, r.Node.Alias, r.Message
	}
	return []entry{out, {"NodeFinished", "Q025", event.Debug, "Finished running node " + r.Node.UniqueID, map[string]any{
		"node_info": info, "run_result": runResultData(r),
	}}}
}

func runResultData(r event.Result) map[string]any {
	return map[string]any{
		"status": r.Status, "message": r.Message, "thread": r.Thread, "execution_time": r.Elapsed().Seconds(),
		"adapter_response": artifact.AdapterResponse(r), "num_failures": failures(r),
		"timing_info": []map[string]any{
			{"name": "compile", "started_at": utc(r.CompileBegan), "completed_at": utc(r.CompiledAt)},
			{"name": "execute", "started_at": utc(r.CompiledAt), "completed_at": utc(r.Finished)},
		},
	}
}

func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

func failures(r event.Result) int64 {
	if r.Failures == nil {
		return 0
	}
	return *r.Failures
}

// ended are the summary lines, and one for each node that went wrong.
func (j *JSON) ended(e event.RunEnded) []entry {
	c := Tally(e.Results)
	out := []entry{
		{"FinishedRunningStats", "E040", event.Info, "Finished running " + worked(e.Results) + " in " + seconds(e.Elapsed), map[string]any{"execution_time": e.Elapsed.Seconds()}},
		{"EndOfRunSummary", "Z030", event.Info, fmt.Sprintf("Completed with %s and %s", plural(c.Error, "error"), plural(c.Warn, "warning")), map[string]any{
			"num_errors": c.Error, "num_warnings": c.Warn, "keyboard_interrupt": e.Interrupted,
		}},
	}
	for _, r := range e.Results {
		text := j.words.trouble(r)
		if text == "" {
			continue
		}
		data := map[string]any{"resource_type": r.Node.ResourceType, "node_name": r.Node.Name, "path": r.Node.OriginalPath, "node_info": j.nodes.info(r.Node, r.Finished)}
		switch r.Status {
		case event.WarnStatus:
			out = append(out, entry{"RunResultWarning", "Z021", event.Warn, text, data})
		case event.Fail:
			out = append(out, entry{"RunResultFailure", "Z022", event.Error, text, data})
		default:
			data["msg"] = r.Message
			out = append(out, entry{"RunResultError", "Z024", event.Error, text, data})
		}
	}
	stats := map[string]any{"pass": c.Pass, "warn": c.Warn, "error": c.Error, "skip": c.Skip, "noop": c.NoOp, "total": c.Total}
	return append(out, entry{"StatsLine", "Z023", event.Info, c.String(), map[string]any{"stats": stats}})
}
