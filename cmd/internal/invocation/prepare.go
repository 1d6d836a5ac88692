package invocation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/materialize"
)

// prepare connects, reads what the server holds in one go, and checks every
// selected node as far as that is possible before anything is changed. changes
// says whether anything will be.
func (i *Invocation) prepare(ctx context.Context, ids dag.Set, changes bool) (*worker, error) {
	if _, err := i.batchSpan(); err != nil {
		return nil, err
	}
	w, err := i.connected(ctx, ids, changes)
	if err != nil {
		return nil, err
	}
	seeds := w.readSeeds()
	err = w.lookAround(ctx)
	files := seeds()
	if err != nil {
		return nil, err
	}
	for n := range i.Threads() {
		w.threads <- fmt.Sprintf("Thread-%d (worker)", n+1)
	}
	return w, w.check(ctx, files)
}

// look connects and reads what the server holds.
func (i *Invocation) look(ctx context.Context, ids dag.Set, changes bool) (*worker, error) {
	w, err := i.connected(ctx, ids, changes)
	if err != nil {
		return nil, err
	}
	return w, w.lookAround(ctx)
}

// connected connects, once the files of the selected nodes are in order.
func (i *Invocation) connected(ctx context.Context, ids dag.Set, changes bool) (*worker, error) {
	if err := i.Project.Check(ids.Sorted()); err != nil {
		return nil, err
	}
	adapter, err := i.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &worker{
		Invocation: i, adapter: adapter, warehouse: i.warehouse(adapter), seeds: map[string]*materialize.Seed{},
		threads: make(chan string, i.Threads()), ids: ids, total: len(ids), queries: newRunning(), changes: changes,
	}, nil
}

// lookAround reads what the server holds, and its cluster.
func (w *worker) lookAround(ctx context.Context) error {
	if err := w.observe(ctx); err != nil {
		return err
	}
	w.warehouse = w.Invocation.warehouse(w.adapter)
	w.warehouse.reads = !w.changes
	return nil
}

// databases are the ClickHouse databases of the selected nodes.
func (w *worker) databases() []string {
	var names []string
	for id := range w.ids {
		if n := w.Manifest().Nodes[id]; n.ResourceType != manifest.Test && n.Schema != "" {
			names = append(names, n.Schema)
			if prefix := w.Project.Target.LocalPrefix; prefix != "" && w.Project.Target.Cluster != "" && sharded(n) {
				names = append(names, prefix+n.Schema)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sharded reports whether a node may have tables in the databases of shards.
func sharded(n *manifest.Node) bool {
	return n.Config.String("sharding_key") != "" || strings.HasPrefix(n.Materialized(), "distributed_")
}

// check plans every selected node with what is known now, so that a config
// that cannot be built stops the run before it begins. A seed's file that is
// wrong does, too.
func (w *worker) check(ctx context.Context, files map[string]*seedFile) error {
	ids := w.ids.Sorted()
	found := make([]diag.List, len(ids))
	g, _ := errgroup.WithContext(ctx)
	g.SetLimit(w.Threads())
	for at, id := range ids {
		g.Go(func() error {
			n := w.Manifest().Nodes[id]
			switch n.ResourceType {
			case manifest.Seed:
				found[at].Add(files[id].warnings...)
				if err := files[id].err; err != nil {
					return found[at].AddError(err)
				}
			case manifest.Test:
				test, err := materialize.NewTest(n, probe, "")
				if err != nil {
					return found[at].AddError(err)
				}
				found[at].Add(test.Warnings...)
			case manifest.Model, manifest.Snapshot:
				plan, err := materialize.New(w.input(n, probe))
				if err != nil {
					return found[at].AddError(err)
				}
				found[at].Add(plan.Warnings...)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	var all diag.List
	for at, id := range ids {
		all.Join(found[at])
		if f := files[id]; f != nil && f.seed != nil {
			w.seeds[id] = f.seed
		}
	}
	w.told = all
	return w.diagnose(all)
}

// tell shows the warnings that came up only when a node was worked on.
func (w *worker) tell(thread string, warnings []diag.Diagnostic) error {
	var late diag.List
	for _, d := range warnings {
		if !slices.ContainsFunc(w.told.All(), func(t diag.Diagnostic) bool { return t.Code == d.Code && t.Span == d.Span && t.What == d.What }) {
			late.Add(d)
		}
	}
	late = w.request.Warnings.weigh(late)
	for _, d := range late.All() {
		if d.Severity == diag.Warning {
			w.events.SendFrom(thread, event.Diagnosed{Diagnostic: d})
		}
	}
	return late.Err()
}

// probe stands for a model's SQL where only its config is looked at.
const probe = "SELECT 1"

// createSchemas makes the databases that are missing.
func (w *worker) createSchemas(ctx context.Context) error {
	plan := w.schemaPlan()
	if len(plan.Steps) == 0 {
		return nil
	}
	if _, err := materialize.Apply(ctx, w.adapter, plan, w.observer(nil, event.MainThread)); err != nil {
		return fmt.Errorf("create the databases: %w", err)
	}
	return nil
}

func (w *worker) schemaPlan() *materialize.Plan {
	return materialize.SchemaPlan(w.state, w.adapter.Server(), w.topology, w.databases(), w.comment(""))
}

// warn tells something that is not about the user's files.
func (i *Invocation) warn(node, format string, args ...any) {
	i.events.Send(event.Message{Level: event.Warn, Node: node, Text: fmt.Sprintf(format, args...)})
}
