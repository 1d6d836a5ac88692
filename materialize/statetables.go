package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Tables of the state schema. They only ever gain columns: an older chmod names
// those that it knows, and a newer one adds those that are missing.
const (
	InvocationsTable = "invocations"
	JournalTable     = "journal"
	LocksTable       = "locks"
	PiecesTable      = "pieces"
)

// stateTable is one of the tables that invocations leave their traces in.
type stateTable struct {
	name    string
	family  string // the engine, without what says that it is replicated
	columns []stateColumn
	order   string
	born    string // the column that tells a row's age
}

type stateColumn struct{ name, kind string }

// stateTables are all there are, with the columns of this version. Types are
// those that 18.16 has.
func stateTables() []stateTable {
	return []stateTable{
		{
			// A row for each heartbeat, of which the last one stays.
			name: InvocationsTable, family: "ReplacingMergeTree(revision)", order: "(started_at, id)", born: "started_at",
			columns: []stateColumn{
				{"id", "String"}, {"stamp", "String"}, {"project", "String"}, {"target", "String"}, {"command", "String"},
				{"version", "String"}, {"host", "String"}, {"pid", "UInt32"}, {"user", "String"},
				{"started_at", "DateTime"}, {"heartbeat_at", "DateTime"}, {"finished_at", "Nullable(DateTime)"}, {"result", "String"},
				{"revision", "UInt64"},
			},
		},
		{
			name: JournalTable, family: "MergeTree", order: "(time, invocation, number)", born: "time",
			columns: []stateColumn{
				{"invocation", "String"}, {"number", "UInt64"}, {"time", "DateTime"}, {"node", "String"}, {"relation", "String"},
				{"step", "UInt32"}, {"purpose", "String"}, {"effect", "String"}, {"state", "String"}, {"message", "String"},
			},
		},
		{
			name: LocksTable, family: "MergeTree", order: "(relation, stamp, number)", born: "time",
			columns: []stateColumn{
				{"relation", "String"}, {"invocation", "String"}, {"stamp", "String"}, {"number", "UInt64"}, {"time", "DateTime"}, {"state", "String"},
			},
		},
		{
			name: PiecesTable, family: "MergeTree", order: "(relation, kind, time)", born: "time",
			columns: []stateColumn{
				{"invocation", "String"}, {"time", "DateTime"}, {"node", "String"}, {"relation", "String"}, {"kind", "String"}, {"work", "String"},
				{"staging", "String"}, {"number", "UInt32"}, {"piece", "String"}, {"last", "UInt8"}, {"rows", "UInt64"}, {"bytes", "UInt64"}, {"seconds", "Float64"},
			},
		},
	}
}

// StateColumns are the columns that a state table has, by the table's name, as
// far as they are known; see StatePlan.
type StateColumns map[string][]string

// StateColumnsStatement reads the columns of the state tables.
func StateColumnsStatement(schema string) adapters.Statement {
	return adapters.Statement{SQL: "SELECT table, name FROM system.columns WHERE database = " + adapters.Literal(schema)}
}

// ReadStateColumns reads the answer to StateColumnsStatement.
func ReadStateColumns(t *adapters.Table) (StateColumns, error) {
	found := StateColumns{}
	for _, row := range t.Rows {
		if len(row) != 2 {
			return nil, fmt.Errorf("the columns of the state tables came as %d cells", len(row))
		}
		table, name := fmt.Sprint(row[0]), fmt.Sprint(row[1])
		found[table] = append(found[table], name)
	}
	return found, nil
}

// StatePlan creates what is missing of the schema that holds chmod's own state,
// and adds the columns that it lacks. On a cluster every host has all of it,
// whichever its shard: the tables are replicas of one path, so that any host can
// answer for the others. have are the columns there are, nil for a schema that
// is not there. The plan has no steps when nothing is missing; its error says
// why there can be no such schema.
func StatePlan(state *State, server adapters.Server, topology Topology, schema string, have StateColumns, comment string) (*Plan, error) {
	hosts := topology.Clusters[topology.Cluster]
	p := &planner{
		in:  Input{Server: server, State: state, Topology: topology, Comment: comment, Node: &manifest.Node{Name: "state"}},
		ddl: ddl{server: server, scope: ScopeNode}, hosts: hosts,
		plan: &Plan{NodeID: "state", Materialized: "state", DDLWait: topology.ddlWait(), server: server, oldest: server.Version},
	}
	p.engineOfDatabase = topology.databaseEngine(state, server, schema)
	switch {
	case replicatedEngine(p.engineOfDatabase):
		p.ddl.scope, p.hosts = ScopeDatabase, nil
	case topology.Cluster != "":
		p.ddl = ddl{server: adapters.Server{Version: lowest(server.Version, up(hosts))}, scope: ScopeCluster, cluster: topology.Cluster}
		p.plan.oldest = p.ddl.server.Version
		p.direct = topology.PerHost || len(up(hosts)) < len(hosts)
		if !p.lonely() {
			if p.needMacros(); p.diags.Err() != nil {
				return nil, p.diags.Err()
			}
		}
	}
	if !state.hasDatabase(schema, p.active()) {
		p.change(Step{Purpose: "create the database of chmod's own state", Effect: &Effect{Database: schema}},
			func(d ddl) string { return d.createDatabase(schema, topology.DatabaseEngine) }, nil)
	}
	for _, t := range stateTables() {
		p.stateTable(schema, t, have)
	}
	return p.plan, nil
}

// stateTable creates a table, or brings it up to this version.
func (p *planner) stateTable(schema string, t stateTable, have StateColumns) {
	r := adapters.Relation{Database: schema, Name: t.name}
	hosts := p.active()
	if p.in.State.anywhere(r, hosts) == nil || len(p.in.State.lacking(r, hosts)) > 0 {
		def := p.stateDefinition(r, t)
		p.change(Step{Purpose: "create a table of chmod's own state", Effect: &Effect{There: []adapters.Relation{r}}},
			func(d ddl) string { return d.createTable(def) }, nil)
	}
	known, ok := have[t.name]
	if !ok {
		return
	}
	for _, c := range t.columns {
		if !slices.Contains(known, c.name) {
			p.change(Step{Purpose: "add what this version of chmod keeps, too"},
				func(d ddl) string { return d.addColumn(r, adapters.QuoteIdent(c.name)+" "+c.kind) }, nil)
		}
	}
}

// stateDays is how long traces are kept, where the server can drop them by
// itself.
const stateDays = 90

func (p *planner) stateDefinition(r adapters.Relation, t stateTable) table {
	def := table{relation: r, absent: true, engine: t.family}
	for _, c := range t.columns {
		def.elements = append(def.elements, adapters.QuoteIdent(c.name)+" "+c.kind)
	}
	name, args, _ := engineCall(t.family)
	switch {
	case p.ddl.scope == ScopeDatabase && !sharedEngine(p.engineOfDatabase):
		def.engine = "Replicated" + t.family
	case p.onCluster() && !p.lonely():
		// One path for all shards, and a replica's name that no two hosts share.
		path := "/clickhouse/chmod/" + pathWord(p.ddl.cluster) + "/" + pathWord(r.Database) + "/" + pathWord(t.name)
		args = append([]string{adapters.Literal(path), "'{shard}-{replica}'"}, args...)
		def.engine = "Replicated" + name + "(" + list(args) + ")"
	}
	def.clauses = []string{"PARTITION BY toYYYYMM(" + adapters.QuoteIdent(t.born) + ")", "ORDER BY " + t.order}
	if p.has(adapters.TableTTL) {
		def.clauses = append(def.clauses, fmt.Sprintf("TTL %s + toIntervalDay(%d)", adapters.QuoteIdent(t.born), stateDays))
	}
	if strings.HasPrefix(def.engine, "Replicated") {
		// A server that was killed as it got one of the few parts of such a small
		// table finds more of its rows unknown to Keeper than it takes for sane, and
		// would not start.
		def.clauses = append(def.clauses, "SETTINGS replicated_max_ratio_of_wrong_parts = 1")
	}
	return def
}

// HasState reports whether the state schema is on the connected server. An older
// chmod may have made it, without all tables.
func (s *State) HasState(schema string) bool {
	for _, name := range []string{InvocationsTable, JournalTable, LocksTable} {
		if s.table(adapters.Relation{Database: schema, Name: name}) == nil {
			return false
		}
	}
	return true
}

// HasPieces reports whether the state schema keeps pieces of work.
func (s *State) HasPieces(schema string) bool {
	return s.table(adapters.Relation{Database: schema, Name: PiecesTable}) != nil
}
