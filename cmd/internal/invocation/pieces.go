package invocation

import (
	"context"
	"errors"
	"fmt"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
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

// tellKept tells that a build which failed has chunks that are not built again.
func (w *worker) tellKept(n *manifest.Node, thread string, err error) {
	var step *materialize.StepError
	if errors.As(err, &step) && step.Kept > 0 {
		w.events.SendFrom(thread, event.Message{
			Level: event.Info, Node: n.UniqueID,
			Text: fmt.Sprintf("%s: %d chunks are done and kept: the next run goes on after them", n.Name, step.Kept),
		})
	}
}
