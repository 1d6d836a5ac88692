package invocation

import (
	"golang.org/x/sync/errgroup"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// each does something for all nodes, on as many threads as a run has. The user's
// mistakes in them come together, in the order of the nodes; any other error
// comes alone.
func (i *Invocation) each(nodes []*manifest.Node, do func(at int, n *manifest.Node) error) error {
	errs := make([]error, len(nodes))
	var group errgroup.Group
	group.SetLimit(i.Threads())
	for at, n := range nodes {
		group.Go(func() error {
			errs[at] = do(at, n)
			return nil
		})
	}
	_ = group.Wait() // it has none: they are kept by node
	var wrong diag.List
	for _, err := range errs {
		if err := wrong.AddError(err); err != nil {
			return err
		}
	}
	return wrong.Err()
}
