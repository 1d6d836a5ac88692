package invocation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/dag/selection"
	"github.com/chmod-sql/chmod/materialize"
)

// BackfillRequest is what to compute again.
type BackfillRequest struct {
	Model string
	Asked materialize.BackfillAsked
	// Parallel is how many pieces are worked on at once.
	Parallel int
	// IfLocked is one of the words of that name; wait when empty.
	IfLocked string
	// Changes says that it may be carried out, and is not only shown.
	Changes bool
}

// Backfill is one that has been planned.
type Backfill struct {
	*materialize.Backfill
	Node *manifest.Node
	// Done are the pieces that an earlier call has finished, by their index, and
	// DoneAt is when it last did.
	Done   map[int]bool
	DoneAt time.Time
	// There is what the table holds of each piece; nil when that is not known.
	There []Holding
	// BytesPerRow is how much of the disk a row of the table takes, ReadRows how
	// many rows are read for what is left, as the server estimates; 0 when that
	// is not known.
	BytesPerRow float64
	ReadRows    uint64
	// PieceTime is how long pieces of the model have taken, and Timed how many
	// that is known of.
	PieceTime time.Duration
	Timed     int

	request BackfillRequest
	worker  *worker
	work    string
}

// Holding is what a table has of a piece.
type Holding struct {
	Rows       uint64
	Partitions []string
}

// Left are the pieces that are still to do, by their index.
func (b *Backfill) Left() []int {
	var left []int
	for at := range b.Pieces {
		if !b.Done[at] {
			left = append(left, at)
		}
	}
	return left
}

// historyTime is how far back pieces count.
const historyTime = 60 * 24 * time.Hour

// PlanBackfill finds out what a backfill would do. Nothing is changed.
func (i *Invocation) PlanBackfill(ctx context.Context, r BackfillRequest) (*Backfill, error) {
	n, err := i.backfilled(r.Model)
	if err != nil {
		return nil, err
	}
	w, err := i.prepare(ctx, dag.NewSet(n.UniqueID), r.Changes)
	if err != nil {
		return nil, err
	}
	b := &Backfill{Node: n, request: r, worker: w}
	in := w.input(n, probe)
	in.Within = &materialize.Within{}
	if err := w.readTarget(ctx, &in); err != nil {
		return nil, err
	}
	if b.Backfill, err = materialize.NewBackfill(in, r.Asked); err != nil {
		return nil, err
	}
	if len(b.Pieces) == 0 {
		return b, nil
	}
	all := materialize.Within{Column: b.Column, From: b.Pieces[0].From, To: b.Pieces[len(b.Pieces)-1].To}
	compiled, _, err := b.compile(ctx, all)
	if err != nil {
		return nil, explainQuery(err)
	}
	b.work = b.Work(compiled.SQL)
	if err := b.readDone(ctx); err != nil {
		return nil, err
	}
	in.SQL = compiled.SQL
	return b, b.estimate(ctx, in)
}

// backfilled is the one model that is named.
func (i *Invocation) backfilled(name string) (*manifest.Node, error) {
	ids, err := i.Select(selection.Request{Select: []string{name}, ResourceTypes: []string{manifest.Model}})
	if err != nil {
		return nil, err
	}
	sorted := ids.Sorted()
	if len(sorted) != 1 {
		return nil, fmt.Errorf("a backfill is of one model, and %q means %d", name, len(sorted))
	}
	return i.Manifest().Nodes[sorted[0]], nil
}

// unbuilt is a warehouse that has no table of the node: its template is that of
// a build from nothing then, which has the rows of all times.
type unbuilt struct {
	*warehouse
	node *manifest.Node
}

// Relations implements compiler.Warehouse.
func (u unbuilt) Relations(ctx context.Context, schema string) ([]compiler.Relation, error) {
	all, err := u.warehouse.Relations(ctx, schema)
	return slices.DeleteFunc(slices.Clone(all), func(r compiler.Relation) bool {
		return r.Schema == u.node.Schema && r.Name == u.node.Alias
	}), err
}

// compile renders the model for a piece.
func (b *Backfill) compile(ctx context.Context, w materialize.Within) (*compiler.Compiled, []materialize.Batch, error) {
	batch := materialize.Batch{Start: w.From, End: w.To}
	c := compiler.Batch{ID: batch.ID(b.Node), Start: w.From, End: w.To}
	project := b.worker.Project
	if materialize.Microbatch(b.Node) {
		compiled, err := project.CompileBatch(ctx, b.Node.UniqueID, b.worker.warehouse, c)
		if err != nil {
			return nil, nil, err
		}
		batch.SQL = compiled.SQL
		return compiled, []materialize.Batch{batch}, nil
	}
	c.Unfiltered = true
	compiled, err := project.CompileBatch(ctx, b.Node.UniqueID, unbuilt{b.worker.warehouse, b.Node}, c)
	return compiled, nil, err
}

// readDone reads from the book which pieces an earlier call of the same backfill
// has finished, unless it has finished all, and how long pieces take.
func (b *Backfill) readDone(ctx context.Context) error {
	b.Done, b.DoneAt = map[int]bool{}, time.Time{}
	w := b.worker
	if !w.Project.Target.State || w.journal == nil && !w.state.HasPieces(w.Project.Target.StateSchema) {
		return nil
	}
	pieces, err := w.book().Pieces(ctx, materialize.PieceBackfill, b.relation(), historyTime)
	if adapters.ClassOf(err) == adapters.ClassMissing {
		return nil
	}
	if err != nil {
		return err
	}
	b.PieceTime, b.Timed = 0, 0
	for _, p := range pieces {
		if !p.Last {
			b.PieceTime += p.Elapsed
			b.Timed++
		}
		if p.Work != b.work {
			continue
		}
		if p.Last {
			b.Done, b.DoneAt = map[int]bool{}, time.Time{}
			continue
		}
		if at := p.Number - 1; at < len(b.Pieces) {
			b.Done[at], b.DoneAt = true, p.At
		}
	}
	if b.Timed > 0 {
		b.PieceTime /= time.Duration(b.Timed)
	}
	return nil
}

func (b *Backfill) relation() adapters.Relation {
	return adapters.Relation{Database: b.Node.Schema, Name: b.Node.Alias}
}

// estimate asks how much work it is. What a server does not tell stays unknown.
func (b *Backfill) estimate(ctx context.Context, in materialize.Input) error {
	w := b.worker
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	defer func() { _ = session.Close() }() // it has only read
	if st, ok := b.Survey(in); ok {
		table, _, err := session.Query(ctx, st)
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err == nil {
			b.There = make([]Holding, len(b.Pieces))
			for _, row := range table.Rows {
				at, _ := row[0].(uint64)
				if at > 0 && at <= uint64(len(b.There)) {
					rows, _ := row[1].(uint64)
					partitions, _ := row[2].([]string)
					b.There[at-1] = Holding{rows, partitions}
				}
			}
		}
	}
	left := b.Left()
	if len(left) == 0 {
		return nil
	}
	if parts, err := adapters.ReadParts(ctx, session, materialize.DataOf(in)); err == nil {
		var rows, bytes uint64
		for _, p := range parts {
			rows, bytes = rows+p.Rows, bytes+p.Bytes
		}
		b.BytesPerRow = float64(bytes) / float64(max(rows, 1))
	}
	columns, err := materialize.DescribeSQL(ctx, session, in)
	if err != nil {
		return errors.Join(ctx.Err())
	}
	span := materialize.Within{Column: b.Column, From: b.Pieces[left[0]].From, To: b.Pieces[left[len(left)-1]].To}
	if st, ok := b.Estimate(in, columns, span); ok {
		if table, _, err := session.Query(ctx, st); err == nil {
			for _, row := range table.Rows {
				if len(row) > 3 {
					rows, _ := row[3].(uint64)
					b.ReadRows += rows
				}
			}
		}
	}
	return ctx.Err()
}
