package invocation

import (
	"context"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag/selection"
	"github.com/chmod-sql/chmod/materialize"
)

// Question is what to compare between the project and the hosts of its target.
type Question struct {
	Selection selection.Request
	// Prefer is a host that is right where hosts differ and it cannot be told;
	// Foreign asks for tables that chmod has not made.
	Prefer  string
	Foreign bool
	// Changes says that what is found will be repaired.
	Changes bool
}

// Compared is what comparing found.
type Compared struct {
	*materialize.Comparison
	// Hosts are those of the target's cluster; none without one.
	Hosts []materialize.Host

	worker *worker
}

// Compare holds what the hosts have against what the project asks for, and
// changes nothing.
func (i *Invocation) Compare(ctx context.Context, q Question) (*Compared, error) {
	ids, err := i.runnable(Run{Selection: q.Selection, Types: []string{manifest.Model, manifest.Seed, manifest.Snapshot}})
	if err != nil {
		return nil, err
	}
	w, err := i.look(ctx, ids, q.Changes)
	if err != nil {
		return nil, err
	}
	return w.compare(ctx, q)
}

func (w *worker) compare(ctx context.Context, q Question) (*Compared, error) {
	c := &Compared{Hosts: w.topology.Clusters[w.topology.Cluster], worker: w}
	if q.Prefer != "" && !slices.ContainsFunc(c.Hosts, func(h materialize.Host) bool { return h.Name == q.Prefer && h.Down == "" }) {
		return nil, fmt.Errorf("--prefer names %s, which is no host of the cluster that can be asked; see \"chmod cluster status\"", q.Prefer)
	}
	expected, others, err := w.expectations(ctx)
	if err != nil {
		return nil, err
	}
	hosts, err := w.reached(ctx, expected)
	if err != nil {
		return nil, err
	}
	survey, err := materialize.ReadSurvey(ctx, hosts, expected, w.state.Further(w.databases(), expected, others))
	if err != nil {
		return nil, fmt.Errorf("look at what the hosts hold: %w", err)
	}
	c.Comparison = materialize.Compare(materialize.Question{
		Expected: expected, Others: others, Survey: survey, State: w.state, Databases: w.databases(), Prefer: q.Prefer, Foreign: q.Foreign,
	})
	return c, nil
}

// reached are the connections to the hosts that are up, by name, and to the
// server itself where something is on it alone.
func (w *worker) reached(ctx context.Context, expected []*materialize.Expected) (map[string]adapters.Adapter, error) {
	hosts := map[string]adapters.Adapter{}
	cluster, ok := w.adapter.(*materialize.Cluster)
	if ok {
		for _, all := range cluster.Hosts() {
			for _, h := range all {
				if h.Down != "" {
					continue
				}
				a, err := cluster.On(ctx, h.Name)
				if err != nil {
					return nil, fmt.Errorf("connect to %s: %w", h.Name, err)
				}
				hosts[h.Name] = a
			}
		}
	}
	if !ok || slices.ContainsFunc(expected, func(e *materialize.Expected) bool { return e.Hosts == nil }) {
		hosts[""] = w.adapter
	}
	return hosts, nil
}

// expectations are those of the selected nodes, parents first, and what is
// known without their SQL of all others.
func (w *worker) expectations(ctx context.Context) (expected, others []*materialize.Expected, err error) {
	nodes := w.inOrder()
	expected = make([]*materialize.Expected, len(nodes))
	// All seeds first: what the nodes read at once is not written to any more.
	for _, n := range nodes {
		if n.ResourceType == manifest.Seed {
			seed, _, err := readSeed(n, w.adapter.Server())
			if err != nil {
				return nil, nil, err
			}
			w.seeds[n.UniqueID] = seed
		}
	}
	err = w.each(nodes, func(at int, n *manifest.Node) (err error) {
		expected[at], err = w.expected(ctx, n)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for id, n := range w.Manifest().Nodes {
		if w.ids.Has(id) || n.Ephemeral() || !slices.Contains([]string{manifest.Model, manifest.Seed, manifest.Snapshot}, n.ResourceType) {
			continue
		}
		in := w.input(n, "")
		if err := w.readPieces(ctx, &in); err != nil {
			return nil, nil, err
		}
		if e, err := materialize.Expect(in); err == nil {
			others = append(others, e)
		}
	}
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("open a session: %w", err)
	}
	err = materialize.Read(ctx, session, w.adapter.Server(), expected)
	if closeErr := session.Close(); err == nil {
		err = closeErr
	}
	return expected, others, err
}

// expected is what a node should be. What its SQL or its columns are may not be
// known now; then less is compared.
func (w *worker) expected(ctx context.Context, n *manifest.Node) (*materialize.Expected, error) {
	in := w.input(n, "")
	if err := w.readPieces(ctx, &in); err != nil {
		return nil, err
	}
	compiled, _, unknown := w.compile(ctx, n)
	if unknown == nil {
		in.SQL = compiled.SQL
		// Columns of what hooks change are those of now.
		if plan, err := materialize.New(in); err == nil {
			if described := w.columnsNow(ctx, plan); described != nil {
				in.Columns, unknown = materialize.Described(described)
			} else if _, reads := plan.Reads(); reads {
				unknown = fmt.Errorf("its SQL cannot be run now: what it reads may not be there")
			}
		}
	} else {
		unknown = explainQuery(unknown)
	}
	e, err := materialize.Expect(in)
	if e != nil {
		e.Unknown = unknown
	}
	return e, err
}

// Plans bring the hosts in line, as far as that is possible without building.
func (c *Compared) Plans() []*materialize.Plan { return c.Comparison.Plans(c.worker.repair()) }

// repair is what plans of repairs depend on.
func (w *worker) repair() materialize.Repair {
	return materialize.Repair{
		Server: w.adapter.Server(), Topology: w.topology, Invocation: w.self(), Databases: w.databases(), Comment: w.comment(""),
	}
}

// Repair applies plans, in order, up to the first that fails.
func (c *Compared) Repair(ctx context.Context, plans []*materialize.Plan) (err error) {
	w := c.worker
	if err := w.openState(ctx); err != nil {
		return err
	}
	defer func() { w.closeState(context.WithoutCancel(ctx), Outcome{Interrupted: ctx.Err() != nil}, err) }()
	return w.carryOut(ctx, plans, "repair")
}
