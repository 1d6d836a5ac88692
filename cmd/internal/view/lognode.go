package view

import (
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// nodeInfos remembers how far each node is: every line about a node says so.
type nodeInfos struct {
	known   map[string]*manifest.Node
	started map[string]time.Time
	status  map[string]string
}

func newNodeInfos() *nodeInfos {
	return &nodeInfos{known: map[string]*manifest.Node{}, started: map[string]time.Time{}, status: map[string]string{}}
}

// set notes a node's status and returns its data.
func (i *nodeInfos) set(n *manifest.Node, status string, at time.Time) map[string]any {
	if status == "started" {
		i.started[n.UniqueID], i.known[n.UniqueID] = at, n
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

func (l *Log) started(t event.Timed, e event.NodeStarted) []entry {
	info := l.nodes.set(e.Node, "started", t.At)
	if e.Node.Hook != nil {
		data := l.nodes.with(e.Node, map[string]any{"statement": hookName(e.Node), "index": e.Index, "total": e.Total})
		return []entry{{"LogHookStartLine", "Q032", event.Info, l.words.dotted(e.Index, e.Total, "START", title(e.Node), "RUN"), data}}
	}
	line := map[string]any{"description": describe(e.Node), "index": e.Index, "total": e.Total}
	return []entry{
		{"NodeStart", "Q024", event.Debug, "Began running node " + e.Node.UniqueID, info},
		{"LogStartLine", "Q011", event.Info, l.words.dotted(e.Index, e.Total, "START", title(e.Node), "RUN"), l.nodes.with(e.Node, line)},
		{"NodeCompiling", "Q030", event.Debug, "Began compiling node " + e.Node.UniqueID, l.nodes.set(e.Node, "compiling", t.At)},
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

func (l *Log) finished(t event.Timed, e event.NodeFinished) []entry {
	r := e.Result
	if r.Status == event.Skipped {
		return l.skipped(t, e)
	}
	l.nodes.status[r.Node.UniqueID] = string(r.Status)
	level, text := l.words.finished(e)
	info := l.nodes.info(r.Node, r.Finished)
	data := map[string]any{"node_info": info, "index": e.Index, "execution_time": r.Elapsed().Seconds(), "status": string(r.Status)}
	out := entry{"LogModelResult", "Q012", level, text, data}
	switch {
	case r.Node.Hook != nil:
		data["statement"], data["total"] = hookName(r.Node), e.Total
		return []entry{{"LogHookEndLine", "Q033", level, text, data}}
	case r.Node.ResourceType == manifest.Test:
		out.name, out.code = "LogTestResult", "Q007"
		data["name"], data["num_models"], data["num_failures"] = r.Node.Name, e.Total, failures(r)
		data["attached_node"] = r.Node.Test.Attached
	case r.Node.ResourceType == manifest.Seed:
		out.name, out.code = "LogSeedResult", "Q016"
		data["schema"], data["relation"], data["result_message"], data["total"] = r.Node.Schema, r.Node.Alias, r.Message, e.Total
	default:
		data["description"], data["total"] = describe(r.Node), e.Total
		if r.Status == event.Success {
			data["status"] = r.Message
		}
	}
	done := nodeFinished(r, info)
	if r.Err == nil {
		return []entry{out, done}
	}
	caught := map[string]any{"exc": r.Err.Error(), "exc_info": "", "node_info": info}
	return []entry{{"CatchableExceptionOnRun", "W002", event.Debug, r.Err.Error(), caught}, out, done}
}

// skipped are the lines of a node that is not worked on. It has begun, for
// readers, and never ends.
func (l *Log) skipped(t event.Timed, e event.NodeFinished) []entry {
	n := e.Result.Node
	_, text := l.words.finished(e)
	var out []entry
	if l.nodes.started[n.UniqueID].IsZero() {
		out = append(out, entry{"NodeStart", "Q024", event.Debug, "Began running node " + n.UniqueID, l.nodes.set(n, "started", t.At)})
	}
	l.nodes.status[n.UniqueID] = string(event.Skipped)
	info := l.nodes.info(n, time.Time{})
	data := map[string]any{
		"resource_type": n.ResourceType, "schema": n.Schema, "node_name": n.Name, "index": e.Index, "total": e.Total, "node_info": info,
	}
	return append(out, entry{"SkippingDetails", "Q034", event.Info, text, data}, nodeFinished(e.Result, info))
}

func nodeFinished(r event.Result, info map[string]any) entry {
	return entry{"NodeFinished", "Q025", event.Debug, "Finished running node " + r.Node.UniqueID, map[string]any{
		"node_info": info, "run_result": runResultData(r),
	}}
}

// hookName is what dbt calls a hook of the project: shop.on-run-start.0.
func hookName(n *manifest.Node) string {
	return fmt.Sprintf("%s.%s.%d", n.Package, n.Hook.When, n.Hook.Index-1)
}

func runResultData(r event.Result) map[string]any {
	timing := []map[string]any{}
	if !r.CompiledAt.IsZero() {
		timing = []map[string]any{
			{"name": "compile", "started_at": utc(r.CompileBegan), "completed_at": utc(r.CompiledAt)},
			{"name": "execute", "started_at": utc(r.CompiledAt), "completed_at": utc(r.Finished)},
		}
	}
	return map[string]any{
		"status": r.Status, "message": r.Message, "thread": r.Thread, "execution_time": r.Elapsed().Seconds(),
		"adapter_response": artifact.AdapterResponse(r), "num_failures": failures(r), "timing_info": timing,
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
