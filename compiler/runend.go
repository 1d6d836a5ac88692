package compiler

import (
	stdcontext "context"
	"time"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// RunEnd is what on-run-end hooks are told of the run.
type RunEnd struct {
	Results []RunResult
	// Schemas are those that nodes were built in.
	Schemas []string
}

// RunResult is how one node went.
type RunResult struct {
	Node            *manifest.Node
	Status          string // success, error, skipped, pass, fail, warn
	Message         string
	ThreadID        string
	Failures        *int64
	ExecutionTime   float64 // seconds
	AdapterResponse map[string]any
	Timing          []Timing
	CompiledCode    string
}

// Timing is one phase of a node: compile or execute.
type Timing struct {
	Name      string
	Started   time.Time
	Completed time.Time
}

// CompileHook renders an on-run-start or on-run-end hook. End is what the
// latter are told and may be the zero value for the former.
func (p *Project) CompileHook(ctx stdcontext.Context, id string, w Warehouse, end RunEnd) (*Compiled, error) {
	n := p.Manifest.Node(id)
	if n == nil || n.Hook == nil {
		return nil, diag.Diagnostic{Code: "unknown-node", What: "there is no hook " + id}
	}
	var extra map[string]value.Value
	if n.Hook.When == "on-run-end" {
		extra = end.names()
	}
	body, err := p.resolved.Body(id)
	if err != nil {
		return nil, err
	}
	return p.compileNode(ctx, n, body, w, extra)
}

// names are what on-run-end hooks know besides.
func (e RunEnd) names() map[string]value.Value {
	results, schemas, both := value.NewList(), value.NewList(), value.NewList()
	for _, r := range e.Results {
		results.Elems = append(results.Elems, &runResult{r})
	}
	for _, s := range e.Schemas {
		schemas.Elems = append(schemas.Elems, s)
		both.Elems = append(both.Elems, value.NewTuple("", s))
	}
	return map[string]value.Value{"results": results, "schemas": schemas, "database_schemas": both}
}

// runResult is a RunResult as templates see it.
type runResult struct{ RunResult }

func (r *runResult) TypeName() string { return "RunResult" }
func (r *runResult) Str() string      { return "RunResult(" + r.id() + ", " + r.Status + ")" }

func (r *runResult) id() string {
	if r.Node == nil {
		return ""
	}
	return r.Node.UniqueID
}

func (r *runResult) Attr(name string) (value.Value, bool) {
	if name == "to_dict" {
		return &value.Func{Name: name, Fn: func(*value.Call) (value.Value, error) { return r.plain(), nil }}, true
	}
	return r.dict().Get(name)
}

func (r *runResult) Item(key value.Value) (value.Value, bool) { return r.dict().Get(key) }

func (r *runResult) dict() *value.Dict {
	d := value.DictOf("status", r.Status, "message", nil, "failures", nil, "thread_id", r.ThreadID,
		"execution_time", r.ExecutionTime, "adapter_response", value.FromGo(r.AdapterResponse), "unique_id", r.id(),
		"compiled_code", r.CompiledCode, "compiled", r.CompiledCode != "", "relation_name", nil)
	if r.AdapterResponse == nil {
		d.Put("adapter_response", value.NewDict())
	}
	if r.Message != "" {
		d.Put("message", r.Message)
	}
	if r.Failures != nil {
		d.Put("failures", *r.Failures)
	}
	if r.Node != nil {
		d.Put("node", &context.Record{Class: "Node", Values: context.NodeDict(r.Node)})
		if r.Node.RelationName != "" {
			d.Put("relation_name", r.Node.RelationName)
		}
	}
	timing := value.NewList()
	for _, t := range r.Timing {
		timing.Elems = append(timing.Elems, &context.Record{Class: "TimingInfo",
			Values: value.DictOf("name", t.Name, "started_at", instant(t.Started), "completed_at", instant(t.Completed))})
	}
	d.Put("timing", timing)
	return d
}

// plain is dict with dicts in it, as to_dict() gives it.
func (r *runResult) plain() *value.Dict {
	d := r.dict()
	if node, ok := d.Get("node"); ok {
		if node, ok := node.(*context.Record); ok {
			d.Put("node", node.Values)
		}
	}
	timing := value.NewList()
	for _, t := range r.Timing {
		timing.Elems = append(timing.Elems, value.DictOf("name", t.Name, "started_at", instant(t.Started), "completed_at", instant(t.Completed)))
	}
	d.Put("timing", timing)
	return d
}

func instant(t time.Time) value.Value {
	if t.IsZero() {
		return nil
	}
	return pytime.At(t)
}
