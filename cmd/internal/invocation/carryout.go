package invocation

import (
	"context"
	"fmt"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/materialize"
)

// carryOut applies plans one after the other, up to the first that fails. doing
// is what is done to their nodes.
func (w *worker) carryOut(ctx context.Context, plans []*materialize.Plan, doing string) error {
	ctx, stop := w.killing(ctx)
	defer stop()
	for _, p := range plans {
		result, err := w.apply(ctx, p, w.observer(w.Manifest().Nodes[p.NodeID], event.MainThread))
		if result != nil {
			if tellErr := w.tell(event.MainThread, result.Warnings); err == nil {
				err = tellErr
			}
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", doing, p.NodeID, err)
		}
	}
	w.late.run(ctx, w)
	return nil
}
