package materialize

import (
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// makeWay frees a relation's name, and the folder of that name, for what was set
// aside on hosts of a cluster without EXCHANGE. It returns what is left behind
// then.
//
// Old servers rename a replicated table's folder before they find out that they
// have no session with Keeper. The table then keeps its name and has its folder
// under the other one, which nothing else can be renamed to; it cannot be dropped
// either, only renamed. That may have come to what the swap was to put in place.
func (p *planner) makeWay(r adapters.Relation, left []leftover, aside leftover, hosts []string) []leftover {
	var all []leftover
	way := p.namedFor(r, RoleStaging)
	for _, l := range left {
		moved := p.having(hosts, l)
		if l.stamp.Of() != aside.stamp.Of() || l.stamp.Role != RoleStaging || len(moved) == 0 {
			all = append(all, l)
			continue
		}
		p.changeOn(moved, Step{
			Purpose: "give what that swap was to put in place another name, and its folder with it",
			Effect:  &Effect{There: []adapters.Relation{way}, Gone: []adapters.Relation{l.Relation}},
		}, func(d ddl) string { return d.rename([2]adapters.Relation{l.Relation, way}) }, nil)
		elsewhere, here := l, l
		elsewhere.hosts = slices.DeleteFunc(slices.Clone(l.hosts), func(h string) bool { return slices.Contains(moved, h) })
		here.Relation, here.hosts = way, moved
		all = append(all, elsewhere, here)
	}
	return all
}

// restored renames what was set aside, by way of a third name: an earlier attempt
// may have renamed its folder only, see makeWay.
func (p *planner) restored(r adapters.Relation, aside leftover, step *Step) func(ddl) string {
	way := p.namedFor(r, RoleOld)
	step.Effect.Gone = append(step.Effect.Gone, way)
	return func(d ddl) string {
		return d.rename([2]adapters.Relation{aside.Relation, way}, [2]adapters.Relation{way, r})
	}
}
