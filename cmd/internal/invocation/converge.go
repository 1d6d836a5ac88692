package invocation

import (
	"context"
	"fmt"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// converge gives hosts that were away when a table was built the right one,
// where rows are added to it: no later build brings it to them. What fails is
// said again with the node.
func (w *worker) converge(ctx context.Context) error {
	plans, err := w.convergence(ctx)
	if err != nil {
		w.warn("", "hosts that lack tables, or have some of another build, could not be brought in line: %v", err)
		return ctx.Err()
	}
	for _, p := range plans {
		w.events.Send(event.Message{Level: event.Info, Node: p.NodeID, Text: fmt.Sprintf(
			"%s: not all hosts have the same build of it; they get the right one first", w.Manifest().Nodes[p.NodeID].Name)})
		if _, err := w.apply(ctx, p, w.observer(w.Manifest().Nodes[p.NodeID], event.MainThread)); err != nil {
			w.warn(p.NodeID, "%s: hosts could not be brought in line: %v", w.Manifest().Nodes[p.NodeID].Name, err)
		}
	}
	if len(plans) == 0 {
		return nil
	}
	return w.observe(ctx)
}

// convergence plans that.
func (w *worker) convergence(ctx context.Context) ([]*materialize.Plan, error) {
	cluster, ok := w.adapter.(*materialize.Cluster)
	if !ok {
		return nil, nil
	}
	var nodes []materialize.Input
	for _, n := range w.inOrder() {
		if n.ResourceType == manifest.Model || n.ResourceType == manifest.Snapshot {
			nodes = append(nodes, w.input(n, ""))
		}
	}
	var expected []*materialize.Expected
	for _, in := range cluster.Uneven(nodes) {
		e, err := materialize.Expect(in)
		if err != nil {
			continue // what is wrong with it is said with the node
		}
		e.Grants = nil
		expected = append(expected, e)
	}
	if len(expected) == 0 {
		return nil, nil
	}
	hosts, err := w.reached(ctx, expected)
	if err != nil {
		return nil, err
	}
	survey, err := materialize.ReadSurvey(ctx, hosts, expected, w.state.Beside(expected))
	if err != nil {
		return nil, fmt.Errorf("look at what the hosts hold: %w", err)
	}
	compared := materialize.Compare(materialize.Question{Expected: expected, Survey: survey, State: w.state, Databases: w.databases()})
	return compared.Convergence(w.repair()), nil
}

// toPutBack are plans to put back what interrupted swaps have set aside of
// models that rows are added to, by their node.
func (w *worker) toPutBack(n *manifest.Node) (*materialize.Plan, bool) {
	if n.ResourceType != manifest.Model {
		return nil, false
	}
	return materialize.PutBack(w.input(n, ""))
}
