package materialize

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// SchemaPlan creates the databases that are not there yet, on every host of the
// target's cluster. It is run once, before all nodes. The engine is the
// topology's.
func SchemaPlan(state *State, server adapters.Server, topology Topology, databases []string, comment string) *Plan {
	hosts := topology.Clusters[topology.Cluster]
	p := &planner{
		in:  Input{Server: server, State: state, Topology: topology, Comment: comment},
		ddl: ddl{server: server, scope: ScopeNode}, hosts: hosts,
		plan: &Plan{NodeID: "schemas", Materialized: "schema", DDLWait: topology.ddlWait(), server: server, oldest: server.Version},
	}
	if topology.Cluster != "" {
		p.ddl.scope, p.ddl.cluster = ScopeCluster, topology.Cluster
		p.direct = topology.PerHost || len(up(hosts)) < len(hosts)
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(databases))) {
		if name == "" || state.hasDatabase(name, p.active()) {
			continue
		}
		engine := topology.DatabaseEngine
		if base, ok := strings.CutPrefix(name, topology.LocalPrefix); ok && base != name && slices.Contains(databases, base) {
			engine = topology.beside().DatabaseEngine
		}
		p.change(Step{Purpose: "create the database " + name, Effect: &Effect{Database: name}},
			func(d ddl) string { return d.createDatabase(name, engine) }, nil)
	}
	return p.plan
}

// hasDatabase reports whether a database is there, on every host.
func (s *State) hasDatabase(name string, hosts []string) bool {
	if _, ok := s.catalog.Databases[name]; !ok {
		return false
	}
	for _, h := range hosts {
		if c, known := s.hosts[h]; known {
			if _, ok := c.Databases[name]; !ok {
				return false
			}
		}
	}
	return true
}
