package materialize

import (
	"github.com/chmod-sql/chmod/adapters"
)

// settleReplicas waits until the replicas have all of the new table.
func (p *planner) settleReplicas() {
	p.settleOf(p.staging, "wait until every active replica has all its parts")
}

// settleOf waits until the replicas have all of a table.
func (p *planner) settleOf(r adapters.Relation, purpose string) {
	hosts := up(p.hosts)
	switch {
	case p.ddl.scope == ScopeNode, sharedEngine(p.engineOfDatabase), !p.replicated() && !p.onCluster():
		return
	case len(hosts) == 0:
		p.note("the hosts of this database are not known: only the connected one is known to have the new table before it is put in place")
		return
	}
	step := Step{
		Purpose: purpose, Kind: KindReplicas, Scope: ScopeHosts, Hosts: hostNames(hosts),
		Statement: adapters.Statement{SQL: p.ddl.parts(r)},
		Replicas: &Replicas{
			Table: r, Hosts: hosts, Parts: true, Require: p.in.Topology.require(), Wait: p.in.Topology.replicaWait(),
		},
	}
	if !p.replicated() {
		step.Purpose = "see that every host has it"
		step.Statement.SQL = p.ddl.identity(r)
		step.Replicas.Parts = false
	}
	p.add(step)
}

func (t Topology) require() Require {
	if t.Require == "" {
		return RequireAll
	}
	return t.Require
}

// verify looks at every host: the name must stand for the new relation, and
// gone, when named, must not be there.
func (p *planner) verify(r replacement, gone adapters.Relation) {
	hosts := up(p.hosts)
	if len(hosts) == 0 || sharedEngine(p.engineOfDatabase) {
		return
	}
	names := []adapters.Relation{r.target}
	if gone.Name != "" {
		names = append(names, gone)
	}
	p.add(Step{
		Purpose: "see on every host that the name stands for the new " + p.word(), Kind: KindVerify, Scope: ScopeHosts, Hosts: hostNames(hosts),
		Statement: adapters.Statement{SQL: p.ddl.identity(names...)},
		Replicas:  &Replicas{Table: r.target, Hosts: hosts, Parts: r.held, Gone: gone, Wait: p.in.Topology.ddlWait()},
	})
}

// verifyThere looks at every host for a relation.
func (p *planner) verifyThere(r adapters.Relation) {
	hosts := up(p.hosts)
	if len(hosts) == 0 || sharedEngine(p.engineOfDatabase) {
		return
	}
	p.add(Step{
		Purpose: "see that every host has it", Kind: KindVerify, Scope: ScopeHosts, Hosts: hostNames(hosts),
		Statement: adapters.Statement{SQL: p.ddl.identity(r)},
		Replicas:  &Replicas{Table: r, Hosts: hosts, Wait: p.in.Topology.ddlWait()},
	})
}

func (p *planner) word() string {
	if p.in.Node.Materialized() == "view" {
		return "view"
	}
	return "table"
}
