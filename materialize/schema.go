package materialize

import (
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// SchemaPlan creates the databases that are not there yet. It is run once,
// before all nodes. engine is the database engine to use, or empty for the
// server's own default.
func SchemaPlan(state *State, server adapters.Server, databases []string, engine, comment string) *Plan {
	plan := &Plan{NodeID: "schemas", Materialized: "schema"}
	d := ddl{server: server}
	wanted := slices.Compact(slices.Sorted(slices.Values(databases)))
	for _, name := range wanted {
		if _, ok := state.catalog.Databases[name]; ok || name == "" {
			continue
		}
		plan.Steps = append(plan.Steps, Step{
			Number: len(plan.Steps) + 1, Purpose: "create the database " + name, Scope: ScopeNode, Kind: KindExec,
			Statement: adapters.Statement{SQL: d.createDatabase(name, engine), Comment: comment},
		})
	}
	return plan
}
