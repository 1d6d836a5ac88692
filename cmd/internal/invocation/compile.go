package invocation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag/selection"
)

// Compile renders the selected models, tests, snapshots and analyses to
// target/compiled. The server is connected to when the first template asks it
// something, and not at all without introspect.
func (i *Invocation) Compile(ctx context.Context, r selection.Request, introspect bool) (Outcome, error) {
	began := time.Now()
	ids, err := i.Select(r)
	if err != nil {
		return Outcome{}, err
	}
	var nodes []*manifest.Node
	for _, id := range ids.Sorted() {
		if n := i.Manifest().Nodes[id]; n != nil && n.ResourceType != manifest.Seed && n.Hook == nil && !n.Empty() {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) == 0 {
		return Outcome{}, i.Nothing()
	}
	w := i.asking(introspect)
	results := make([]event.Result, len(nodes))
	errs := make([]error, len(nodes))
	var g errgroup.Group
	g.SetLimit(i.Threads())
	for at, n := range nodes {
		g.Go(func() error {
			results[at], errs[at] = i.compileNode(ctx, n, w)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return Outcome{}, err
	}
	var list diag.List
	for _, err := range errs {
		if err := addPlaced(&list, err); err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{Results: results, Elapsed: time.Since(began)}, list.Err()
}

// addPlaced is AddError for errors that carry a place beside the diagnostics.
func addPlaced(list *diag.List, err error) error {
	var placed *NodeError
	if errors.As(err, &placed) {
		list.Add(placed.Diagnostic)
		return nil
	}
	return list.AddError(err)
}

func (i *Invocation) compileNode(ctx context.Context, n *manifest.Node, w compiler.Warehouse) (event.Result, error) {
	r := event.Result{Node: n, Status: event.Success, Started: time.Now(), CompileBegan: time.Now(), Thread: event.MainThread}
	compiled, err := i.Project.CompileQuery(ctx, n.UniqueID, w)
	if err != nil {
		return r, explainQuery(err)
	}
	r.CompiledAt, r.Compiled, r.CompiledSQL = time.Now(), true, compiled.SQL
	if r.CompiledPath, err = i.writeCompiled(n, compiled.SQL); err != nil {
		return r, err
	}
	i.record(compiled, r.CompiledPath)
	if err := i.recordEphemerals(ctx, compiled, w); err != nil {
		return r, explainQuery(err)
	}
	r.Finished = time.Now()
	return r, nil
}

// CompileInline renders SQL that is in no file.
func (i *Invocation) CompileInline(ctx context.Context, sql string, introspect bool) (*compiler.Compiled, error) {
	compiled, err := i.Project.CompileInline(ctx, "inline_query", sql, i.asking(introspect))
	if err != nil {
		return nil, asFailure(explainQuery(err))
	}
	return compiled, nil
}

// asFailure makes a placed error one that views know.
func asFailure(err error) error {
	var placed *NodeError
	if errors.As(err, &placed) {
		return placed.Diagnostic
	}
	return err
}

// asking is a warehouse that connects when it is first asked; nil when it must
// not be.
func (i *Invocation) asking(allowed bool) compiler.Warehouse {
	if !allowed {
		return nil
	}
	return &lazyWarehouse{invocation: i}
}

type lazyWarehouse struct {
	invocation *Invocation
	mu         sync.Mutex
	inner      *warehouse
}

func (l *lazyWarehouse) connected(ctx context.Context) (*warehouse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inner != nil {
		return l.inner, nil
	}
	adapter, err := l.invocation.Connect(ctx)
	if err != nil {
		return nil, err
	}
	l.inner = l.invocation.warehouse(adapter)
	return l.inner, nil
}

// Query connects if need be and runs a statement.
func (l *lazyWarehouse) Query(ctx context.Context, sql string) (*compiler.QueryResult, error) {
	w, err := l.connected(ctx)
	if err != nil {
		return nil, err
	}
	return w.Query(ctx, sql)
}

// Relations connects if need be and lists what a database holds.
func (l *lazyWarehouse) Relations(ctx context.Context, schema string) ([]compiler.Relation, error) {
	w, err := l.connected(ctx)
	if err != nil {
		return nil, err
	}
	return w.Relations(ctx, schema)
}

// Preview is what to show.
type Preview struct {
	Selection selection.Request
	// Inline is SQL with templates, Direct SQL as it is.
	Inline, Direct string
	// Limit is how many rows; negative for all.
	Limit int
}

// Previewed are the first rows of one query.
type Previewed struct {
	Name   string
	Table  *adapters.Table
	Inline bool
}

// Show runs queries and returns their first rows.
func (i *Invocation) Show(ctx context.Context, p Preview) ([]Previewed, error) {
	if p.Direct != "" {
		table, err := i.preview(ctx, &compiler.Compiled{SQL: p.Direct}, p.Limit)
		return []Previewed{{Name: "inline_query", Table: table, Inline: true}}, err
	}
	if p.Inline != "" {
		compiled, err := i.CompileInline(ctx, p.Inline, true)
		if err != nil {
			return nil, err
		}
		table, err := i.preview(ctx, compiled, p.Limit)
		return []Previewed{{Name: "inline_query", Table: table, Inline: true}}, err
	}
	ids, err := i.Select(p.Selection)
	if err != nil {
		return nil, err
	}
	var out []Previewed
	for _, id := range ids.Sorted() {
		n := i.Manifest().Nodes[id]
		if n == nil || !slices.Contains([]string{manifest.Model, manifest.Seed, manifest.Analysis, manifest.Snapshot}, n.ResourceType) {
			continue
		}
		table, err := i.previewNode(ctx, n, p.Limit)
		if err != nil {
			return out, err
		}
		out = append(out, Previewed{Name: n.Name, Table: table})
	}
	if len(out) == 0 {
		return nil, i.Nothing()
	}
	return out, nil
}

// previewNode shows what a node's SQL gives now; of a seed, what was loaded.
func (i *Invocation) previewNode(ctx context.Context, n *manifest.Node, limit int) (*adapters.Table, error) {
	if n.ResourceType == manifest.Seed {
		relation := adapters.Relation{Database: n.Schema, Name: n.Alias}
		return i.preview(ctx, &compiler.Compiled{SQL: "SELECT * FROM " + relation.String(), Node: n}, limit)
	}
	compile := i.Project.CompileQuery
	if n.Language() == manifest.Python {
		compile = i.Project.Compile // which says that it is no query
	}
	compiled, err := compile(ctx, n.UniqueID, i.asking(true))
	if err != nil {
		return nil, asFailure(explainQuery(err))
	}
	return i.preview(ctx, compiled, limit)
}

func (i *Invocation) preview(ctx context.Context, compiled *compiler.Compiled, limit int) (*adapters.Table, error) {
	adapter, err := i.Connect(ctx)
	if err != nil {
		return nil, err
	}
	w := &worker{Invocation: i, adapter: adapter, queries: newRunning()}
	ctx, stop := w.killing(ctx)
	defer stop()
	session, err := adapter.Session(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	step := previewStep(compiled, limit, adapter.Server(), i.comment(""))
	table, summary, err := w.query(ctx, session, nil, event.MainThread, step.Purpose, step.Statement)
	if closeErr := session.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, asFailure(w.explain(stepError(step, summary.QueryID, err), compiled))
	}
	return table, nil
}
