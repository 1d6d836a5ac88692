package materialize

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// keeps reports whether what the node's table was before is kept when it is
// replaced as a whole: a full refresh of an incremental model may be a mistake
// of days, and other tables are made anew by the next run anyway.
func (p *planner) keeps() bool {
	return p.existing != nil && strings.HasSuffix(p.existing.Engine, "MergeTree") &&
		p.in.Node.Config.Bool("keep_previous_generation", incrementally(p.in.Node.Materialized()))
}

// keepOld gives what was replaced the name under which it is kept; the run's own
// when none is given.
func (p *planner) keepOld(from, keep adapters.Relation, on []string) {
	if keep.Name == "" {
		keep = p.named(RoleKept)
	}
	rename := func(d ddl) string { return d.rename([2]adapters.Relation{from, keep}) }
	step := Step{
		Purpose: "keep the old one until the next time, for chmod rollback",
		Effect:  &Effect{There: []adapters.Relation{keep}, Gone: []adapters.Relation{from}},
	}
	if !p.onCluster() {
		// There may have been nothing to replace any more.
		step.Gone = &adapters.Statement{SQL: p.ddl.drop(from, false)}
	}
	// Undone by being done: what failed once may be tried again then.
	p.changeOn(on, step, rename, rename)
}

// dropKept drops what was kept when the table was replaced before.
func (p *planner) dropKept() {
	if p.existing == nil {
		return // nothing was replaced, and it is all that there is of earlier ones
	}
	kept := slices.Concat(p.in.State.keptOf(p.data), p.adopted)
	if !p.replaces() {
		kept = slices.Concat(p.in.State.keptOf(p.formerTable()), kept)
	}
	p.dropEach(kept)
}

func (p *planner) dropEach(kept []leftover) {
	for _, k := range kept {
		hosts, reached := p.whereIs(k)
		if !reached {
			continue
		}
		p.changeOn(hosts, Step{
			Purpose:   "drop the one before it, which was kept at " + k.stamp.began(),
			Statement: adapters.Statement{Settings: p.dropSettings(k.Bytes)},
			Effect:    &Effect{Gone: []adapters.Relation{k.Relation}}, Late: true,
		}, func(d ddl) string { return d.drop(k.Relation, false) }, nil)
	}
}

func (s *State) keptOf(r adapters.Relation) []leftover {
	return slices.Clone(s.kept[adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}])
}
