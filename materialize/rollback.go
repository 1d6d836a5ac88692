package materialize

import (
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Kept is what a node's table was before it was replaced.
type Kept struct {
	adapters.Relation
	// Since is when the run began that replaced it.
	Since time.Time
	Bytes uint64
	// Hosts are those that have it; none on one server.
	Hosts []string
}

// KeptOf is what is kept of the node's table; false when nothing is.
func KeptOf(in Input) (Kept, bool) {
	p := newPlanner(in)
	p.takeBack(p.data)
	k, ok := p.adoptable(p.in.State.leftoversOf(p.data))
	if all := p.in.State.keptOf(p.data); !ok && len(all) > 0 {
		k, ok = all[len(all)-1], true
	}
	if !ok {
		return Kept{}, false
	}
	if k.now.Name != "" {
		k.Relation = k.now
	}
	return Kept{Relation: k.Relation, Since: k.stamp.StartedAt, Bytes: k.Bytes, Hosts: k.hosts}, true
}

// Rollback plans to exchange a node's table for what is kept of it, which then
// is what the table was: doing so twice changes nothing. in.Target is what is
// kept, as ReadTarget reads it. Hosts that differ, after a rollback that was
// broken off, are made like the one that prefer names. An error says why there
// is nothing to go back to.
func Rollback(in Input, prefer string) (*Plan, error) {
	p := newPlanner(in)
	p.plan.Materialized = "rollback"
	if err := p.rollback(prefer); err != nil {
		return nil, fmt.Errorf("%s: %w", in.Node.Name, err)
	}
	if err := p.diags.Err(); err != nil {
		return nil, err
	}
	p.plan.Warnings = p.diags.All()
	p.plan.server, p.plan.oldest, p.plan.invocation = in.Server, p.ddl.server.Version, in.Invocation
	return p.plan, nil
}

func (p *planner) rollback(prefer string) error {
	p.takeBack(p.data)
	p.adopt(p.in.State.leftoversOf(p.data))
	all := slices.Concat(p.in.State.keptOf(p.data), p.adopted)
	if len(all) == 0 {
		return fmt.Errorf("there is no earlier generation of %s: one is kept when an incremental model is built with --full-refresh, "+
			"and of other tables with keep_previous_generation: true", p.data)
	}
	k := all[len(all)-1]
	switch {
	case p.existing != nil && p.existing.IsView():
		return fmt.Errorf("%s is a view now, and %s was a table", p.data, k.Relation)
	case len(p.in.State.unfinishedOf(p.data)) > 0:
		return fmt.Errorf("an interrupted run has new rows of %s ready, which are to be put in place first: run the model, then roll it back", p.data)
	case len(p.missing) > 0:
		return fmt.Errorf("%s is not on %s: see chmod cluster diff", p.data, list(p.missing))
	}
	if lack := slices.DeleteFunc(p.active(), func(h string) bool { return slices.Contains(k.hosts, h) }); p.onCluster() && len(lack) > 0 {
		return fmt.Errorf("the earlier generation of %s is not on %s, and would be older there than elsewhere", p.data, list(lack))
	}
	turn, err := p.turning(k.Relation, prefer)
	if err != nil || turn != nil && len(turn) == 0 {
		return err
	}
	p.note("%s becomes what a run of %s has kept of it, and what it is now is kept instead", p.target, k.stamp.began())
	if turn != nil {
		p.narrow(p.hosts, turn)
		p.direct = true
	}
	p.settleOf(k.Relation, "wait until every active replica has all of the earlier generation")
	p.turnBack(k)
	p.front()
	if p.viewed() && p.in.Target != nil {
		p.viewOf(p.insertableNames())
	}
	return nil
}

// turnBack exchanges the node's table for what is kept of it.
func (p *planner) turnBack(k leftover) {
	r := replacement{target: p.data, staging: k.Relation, aside: p.named(RoleOld), existing: p.existing, held: p.replicated()}
	if p.existing == nil {
		p.swapOf(r) // which fails where there is something again
		return
	}
	way := p.setOff(k.Relation)
	step := Step{Purpose: "exchange it for the earlier generation, in one step for all readers", Swap: true}
	if p.exchanges() {
		if p.onCluster() {
			step.Purpose = "exchange it for the earlier generation, on each host in one step for all its readers"
			step.Effect = &Effect{New: p.data}
		}
		p.changeOn(nil, step, func(d ddl) string { return d.exchange(way, p.data) }, nil)
		p.verify(r, adapters.Relation{})
		p.arrive(way, k.Relation)
		return
	}
	p.note("without EXCHANGE, these are renames in one statement; between them a reader can find no %s", p.data)
	step.Purpose, step.Durable = "put the earlier generation in its place, and keep it", true
	// The first of them fails where the run was taken for dead, before anything is
	// moved; after each, names tell what to do as they do after any swap.
	keep := p.named(RoleKept)
	step.Effect = &Effect{There: []adapters.Relation{p.data, keep}, Gone: []adapters.Relation{way}}
	p.changeOn(nil, step, func(d ddl) string {
		return d.rename([2]adapters.Relation{way, k.Relation}, [2]adapters.Relation{p.data, r.aside},
			[2]adapters.Relation{k.Relation, p.data}, [2]adapters.Relation{r.aside, keep})
	}, func(d ddl) string { return d.rename([2]adapters.Relation{r.aside, p.data}) })
	p.verify(r, way)
}

// turning are the hosts on which the generations are exchanged; nil for all of
// them.
func (p *planner) turning(kept adapters.Relation, prefer string) ([]string, error) {
	at := map[string][]string{}
	behind := map[string]bool{} // generations that some host keeps
	for _, h := range p.active() {
		if t, ok := p.in.State.on(h, p.data); ok && t.UUID != "" {
			at[t.UUID] = append(at[t.UUID], h)
		}
		if t, ok := p.in.State.on(h, kept); ok && t.UUID != "" {
			behind[t.UUID] = true
		}
	}
	mixed := slices.ContainsFunc(slices.Collect(keys(at)), func(id string) bool { return behind[id] })
	switch {
	case !mixed && prefer != "":
		return []string{}, nil
	case !mixed:
		return nil, nil
	case prefer == "":
		return nil, fmt.Errorf("hosts have different generations of %s, maybe since a rollback was broken off: %s; --prefer names a host whose generation all are to have", p.data, sides(at))
	}
	right, ok := p.in.State.on(prefer, p.data)
	if !ok {
		return nil, fmt.Errorf("%s, which --prefer names, has no %s", prefer, p.data)
	}
	turn := []string{}
	for _, h := range p.active() {
		has, _ := p.in.State.on(h, p.data)
		if has.UUID == right.UUID {
			continue
		}
		if other, ok := p.in.State.on(h, kept); !ok || other.UUID != right.UUID {
			return nil, fmt.Errorf("%s has the generation of %s under neither name: see chmod cluster diff", h, prefer)
		}
		turn = append(turn, h)
	}
	return turn, nil
}
