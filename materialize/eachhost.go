package materialize

import "slices"

// onEachHost plans what a Replicated database does not carry to its hosts, as it
// does tables: users' rights, which each host may keep for itself. Elsewhere it
// changes nothing.
func (p *planner) onEachHost(do func()) {
	if p.ddl.scope != ScopeDatabase || sharedEngine(p.engineOfDatabase) {
		do()
		return
	}
	if len(up(p.hosts)) == 0 {
		p.noteOnce("the hosts of the database %s are not known: grants are given on the connected one, and reach others only where servers share their users", p.target.Database)
		do()
		return
	}
	before, direct := p.ddl, p.direct
	name := p.in.Topology.Cluster
	p.ddl.scope, p.ddl.cluster = ScopeCluster, name
	// ON CLUSTER is for a cluster that is told to the servers and has the same
	// hosts.
	p.direct = direct || p.in.Topology.PerHost || len(up(p.hosts)) < len(p.hosts) || !sameHosts(p.in.Topology.Clusters[name], p.hosts)
	do()
	p.ddl, p.direct = before, direct
}

func sameHosts(a, b []Host) bool {
	x, y := hostNames(a), hostNames(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
