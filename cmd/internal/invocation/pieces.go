package invocation

import (
	"context"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// readPieces reads which chunks of a node's table an earlier run has finished.
// They are too old after a while: the rows they were made of have changed.
func (w *worker) readPieces(ctx context.Context, in *materialize.Input) error {
	if !materialize.InChunks(*in) || !w.Project.Target.State || w.journal == nil && !w.state.HasPieces(w.Project.Target.StateSchema) {
		return nil
	}
	r := materialize.DataOf(*in)
	pieces, err := w.book().Pieces(ctx, materialize.PieceChunk, r, materialize.DefaultMaxAge)
	if adapters.ClassOf(err) == adapters.ClassMissing {
		return nil
	}
	in.Pieces = pieces
	return err
}
