package invocation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// inputOf is all that the plan of a compiled node depends on. The server is
// asked for what only this node needs to know.
func (w *worker) inputOf(ctx context.Context, n *manifest.Node, compiled *compiler.Compiled, batches []materialize.Batch) (materialize.Input, error) {
	in := w.input(n, compiled.SQL)
	in.Batches = batches
	in.PreHooks, in.PostHooks = hooksOf(compiled.PreHooks), hooksOf(compiled.PostHooks)
	if materialize.NeedsGrants(n) {
		var err error
		if in.Grants, err = w.readGrants(ctx, n); err != nil {
			return in, err
		}
	}
	return in, errors.Join(w.readTarget(ctx, &in), w.readFormer(ctx, &in), w.readPieces(ctx, &in))
}

// readFormer looks for the table that is left of another strategy. One that is a
// node's own is none.
func (w *worker) readFormer(ctx context.Context, in *materialize.Input) error {
	view, ok := materialize.FormerOf(*in)
	if !ok {
		return nil
	}
	for _, n := range w.Manifest().Nodes {
		if n.Schema == in.Node.Schema && n.Alias == in.Node.Alias+"__versions" {
			return nil
		}
	}
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	in.Former, err = materialize.ReadFormer(ctx, session, *in, view)
	return errors.Join(err, session.Close())
}

// input is what is known of a node without asking for more.
func (w *worker) input(n *manifest.Node, sql string) materialize.Input {
	in := materialize.Input{
		Node: n, SQL: sql, State: w.state, Server: w.adapter.Server(), Topology: w.topology, Invocation: w.self(), Turn: w.turn,
		InLine:      w.inLine[n.UniqueID],
		FullRefresh: w.request.Compiler.Flags.FullRefresh,
		Seed:        w.seeds[n.UniqueID], Comment: w.comment(n.UniqueID), NoExchange: w.noExchange(),
		DefaultNullable: w.defaultNullable(),
	}
	if built, _ := w.batchesBefore(n); len(built) > 0 {
		in.Adds = true // what is there of them stays
	}
	if strings.Contains(n.Materialized(), "incremental") {
		in.Own = &materialize.OwnStrategies{Names: w.Project.Strategies()}
	}
	return in
}

// defaultNullable reads the target's setting of that name.
func (w *worker) defaultNullable() bool {
	custom := w.Project.Target.CustomSettings
	if custom == nil {
		return false
	}
	v, _ := custom.Get("data_type_default_nullable")
	return value.Truth(v) && v != "0" && v != "false"
}

func hooksOf(hooks []compiler.Hook) []materialize.Hook {
	out := make([]materialize.Hook, len(hooks))
	for i, h := range hooks {
		out[i] = materialize.Hook{SQL: h.SQL, Transaction: h.Transaction, Span: h.Span}
	}
	return out
}

// readGrants asks the server who may do what with a relation.
func (w *worker) readGrants(ctx context.Context, n *manifest.Node) ([]materialize.Grant, error) {
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	statement := materialize.GrantsStatement(adapters.Relation{Database: n.Schema, Name: n.Alias})
	table, _, err := w.query(ctx, session, n, event.MainThread, "read the grants", statement)
	if closeErr := session.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("read the grants of %s: %w", n.RelationName, err)
	}
	return materialize.ReadGrants(table)
}
