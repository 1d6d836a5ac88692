package materialize

import (
	"cmp"
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// CleanPlan drops everything that dead invocations left behind in the observed
// databases, also for nodes that are no longer in the project. What a swap set
// aside stays as long as nothing is in its place: it is the only copy.
func CleanPlan(state *State, server adapters.Server, comment string) *Plan {
	p := &planner{in: Input{Server: server, State: state, Comment: comment}, ddl: ddl{server: server}, plan: &Plan{NodeID: "leftovers", Materialized: "clean"}}
	bases := slices.SortedFunc(maps.Keys(state.leftovers), func(a, b adapters.Relation) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Name, b.Name))
	})
	for _, base := range bases {
		for _, l := range state.leftovers[base] {
			if l.stamp.Role == RoleOld && state.table(base) == nil {
				p.note("%s is kept: it may be the only copy of %s", l.Relation, base)
				continue
			}
			p.dropLeftover(l)
		}
	}
	return p.plan
}

func (p *planner) dropLeftover(l leftover) {
	p.add(Step{
		Purpose:   "drop what an invocation of " + l.stamp.StartedAt.Format("2006-01-02 15:04:05") + " UTC left behind",
		Statement: p.dropOf(l.TableInfo, true),
	})
}
