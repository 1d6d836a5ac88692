package materialize

import (
	"github.com/chmod-sql/chmod/adapters"
)

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
