package materialize

import (
	"slices"

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

// whereIs are the hosts to tell of what is done with a leftover; nil for all. It
// is not reached when it is only on hosts that are left out.
func (p *planner) whereIs(l leftover) (hosts []string, reached bool) {
	return p.those(func(host string) bool { return slices.Contains(l.hosts, host) })
}

// whereFound is whereIs for any relation.
func (p *planner) whereFound(r adapters.Relation) (hosts []string, reached bool) {
	return p.those(func(host string) bool { _, there := p.in.State.on(host, r); return there })
}

func (p *planner) those(have func(host string) bool) (hosts []string, reached bool) {
	hosts = slices.DeleteFunc(p.active(), func(h string) bool { return !have(h) })
	if !p.onCluster() || len(hosts) == len(p.active()) {
		return nil, true
	}
	return hosts, len(hosts) > 0
}

func (p *planner) dropLeftover(l leftover) {
	hosts, reached := p.whereIs(l)
	if !reached {
		return
	}
	p.changeOn(hosts, Step{
		Purpose:   "drop what an invocation of " + l.stamp.began() + " left behind",
		Statement: adapters.Statement{Settings: p.dropSettings(l.Bytes)},
		Effect:    &Effect{Gone: []adapters.Relation{l.Relation}},
	}, func(d ddl) string { return d.drop(l.Relation, true) }, nil)
}
