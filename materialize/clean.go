package materialize

import (
	"cmp"
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// CleanPlan drops everything that dead invocations left behind in the observed
// databases, also for nodes that are no longer in the project. What a swap set
// aside stays as long as nothing is in its place: it is the only copy.
func CleanPlan(state *State, server adapters.Server, topology Topology, comment string) *Plan {
	p := &planner{
		in:  Input{Server: server, State: state, Topology: topology, Comment: comment, Node: &manifest.Node{}},
		ddl: ddl{server: server, scope: ScopeNode}, plan: &Plan{NodeID: "leftovers", Materialized: "clean", DDLWait: topology.ddlWait(), server: server, oldest: server.Version},
	}
	bases := slices.SortedFunc(maps.Keys(state.leftovers), func(a, b adapters.Relation) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Name, b.Name))
	})
	for _, base := range bases {
		for _, l := range state.leftovers[base] {
			p.toCluster(l)
			if l.stamp.Role == RoleOld && (state.table(base) == nil || len(p.having(state.lacking(base, p.active()), l)) > 0) {
				p.note("%s is kept: it may be the only copy of %s", l.Relation, base)
				continue
			}
			p.dropLeftover(l)
		}
	}
	return p.plan
}

// toCluster makes the planner's statements reach where a leftover is.
func (p *planner) toCluster(l leftover) {
	t := p.in.Topology
	engine := t.databaseEngine(p.in.State, p.in.Server, l.Database)
	p.ddl.scope, p.hosts = ScopeNode, nil
	switch {
	case replicatedEngine(engine):
		p.ddl.scope = ScopeDatabase
	case t.Cluster != "" && len(l.hosts) > 0:
		p.hosts = t.Clusters[t.Cluster]
		p.ddl.scope, p.ddl.cluster = ScopeCluster, t.Cluster
		p.direct = t.PerHost || len(up(p.hosts)) < len(p.hosts)
	}
}

func (p *planner) dropLeftover(l leftover) {
	hosts := p.having(p.active(), l)
	if !p.onCluster() || len(hosts) == len(p.active()) {
		hosts = nil
	} else if len(hosts) == 0 {
		return // on a host that is left out
	}
	p.changeOn(hosts, Step{
		Purpose:   "drop what an invocation of " + l.stamp.StartedAt.Format("2006-01-02 15:04:05") + " UTC left behind",
		Statement: adapters.Statement{Settings: p.dropSettings(l.Bytes)},
		Effect:    &Effect{Gone: []adapters.Relation{l.Relation}},
	}, func(d ddl) string { return d.drop(l.Relation, true) }, nil)
}
