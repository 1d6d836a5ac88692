package materialize

import (
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// ddl writes all DDL there is, for the oldest of the servers it goes to and one
// kind of place. Where a statement has to take effect is its scope; no other
// code writes statements that depend on it.
type ddl struct {
	server  adapters.Server
	scope   Scope
	cluster string // for ScopeCluster
}

// perHost writes what each host of the cluster is sent by itself.
func (d ddl) perHost() ddl {
	d.scope = ScopeHosts
	return d
}

// placeholder stands where the columns of the SQL go, as long as nobody knows
// them. It is a comment, and such a statement is never run.
const placeholder = "/* the columns of the SQL */"

// table is what a CREATE TABLE says.
type table struct {
	relation adapters.Relation
	// uuid is the table's when its hosts have to agree on one by themselves.
	uuid string
	// told says that the uuid is one that others are to know it by.
	told bool
	// like is a table whose columns it gets; then there are no elements.
	like *adapters.Relation
	// replace puts it in the place of one that is there; absent leaves one that
	// is there alone.
	replace, absent bool
	// temporary is one of the session's own.
	temporary bool
	// columns, indexes, projections and constraints, each as it goes into the
	// list; empty while the columns are unknown.
	elements []string
	engine   string
	clauses  []string // ORDER BY ..., in order
	comment  string
}

func (d ddl) createTable(t table) string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if t.replace {
		b.WriteString("OR REPLACE ")
	}
	if t.temporary {
		b.WriteString("TEMPORARY ")
	}
	b.WriteString("TABLE ")
	if t.absent {
		b.WriteString("IF NOT EXISTS ")
	}
	b.WriteString(t.relation.String())
	if t.uuid != "" && (d.scope == ScopeHosts || t.told) {
		b.WriteString(" UUID " + adapters.Literal(t.uuid))
	}
	b.WriteString(d.on(d.scope))
	if t.like != nil {
		b.WriteString(" AS " + t.like.String() + "\nENGINE = " + t.engine)
	} else {
		b.WriteString("\n(\n    " + strings.Join(t.elements, ",\n    ") + "\n)\nENGINE = " + t.engine)
	}
	for _, c := range t.clauses {
		b.WriteString("\n" + c)
	}
	if t.comment != "" {
		b.WriteString("\nCOMMENT " + adapters.Literal(t.comment))
	}
	return b.String()
}

// view is what a CREATE VIEW says.
type view struct {
	relation adapters.Relation
	replace  bool
	columns  []string // may be empty: those of the query
	security string
	query    string
	comment  string
}

// createView returns the statement and where the query starts in it.
func (d ddl) createView(v view) (string, int) {
	var b strings.Builder
	b.WriteString("CREATE ")
	if v.replace {
		b.WriteString("OR REPLACE ")
	}
	b.WriteString("VIEW " + v.relation.String() + d.on(d.scope))
	if len(v.columns) > 0 {
		b.WriteString("\n(\n    " + strings.Join(v.columns, ",\n    ") + "\n)")
	}
	if v.security != "" {
		b.WriteString("\n" + v.security)
	}
	if v.comment == "" {
		b.WriteString("\nAS\n")
		at := b.Len()
		b.WriteString(v.query)
		return b.String(), at
	}
	// In parentheses, since COMMENT would be read as an alias at the end of
	// some queries.
	b.WriteString("\nAS (\n")
	at := b.Len()
	b.WriteString(v.query + "\n)\nCOMMENT " + adapters.Literal(v.comment))
	return b.String(), at
}

// drop works on tables and views alike. With wait it returns once the data is
// gone, on servers that would otherwise do that later.
func (d ddl) drop(r adapters.Relation, wait bool) string {
	s := "DROP TABLE IF EXISTS " + r.String() + d.on(d.scope)
	if wait && d.server.Version.Has(adapters.SyncDrop) {
		s += " SYNC"
	}
	return s
}

// dropTemporary drops a table of the session's own.
func (d ddl) dropTemporary(r adapters.Relation) string {
	return "DROP TEMPORARY TABLE IF EXISTS " + r.String()
}

// rename is one statement for all pairs; servers carry them out in order.
func (d ddl) rename(pairs ...[2]adapters.Relation) string {
	list := make([]string, len(pairs))
	for i, p := range pairs {
		list[i] = p[0].String() + " TO " + p[1].String()
	}
	return "RENAME TABLE " + strings.Join(list, ", ") + d.on(d.scope)
}

func (d ddl) exchange(a, b adapters.Relation) string {
	return "EXCHANGE TABLES " + a.String() + " AND " + b.String() + d.on(d.scope)
}

func (d ddl) addColumn(r adapters.Relation, column string) string {
	return "ALTER TABLE " + r.String() + d.on(d.scope) + " ADD COLUMN " + column
}

func (d ddl) createDatabase(name, engine string) string {
	s := "CREATE DATABASE IF NOT EXISTS " + adapters.QuoteIdent(name) + d.on(d.scope)
	if engine != "" {
		s += " ENGINE = " + engine
	}
	return s
}

func (d ddl) grant(privilege string, r adapters.Relation, grantee string) string {
	return "GRANT" + d.on(d.scope) + " " + privilege + " ON " + r.String() + " TO " + adapters.QuoteIdent(grantee)
}

func (d ddl) revoke(privilege string, r adapters.Relation, grantee string) string {
	return "REVOKE" + d.on(d.scope) + " " + privilege + " ON " + r.String() + " FROM " + adapters.QuoteIdent(grantee)
}

// onShards is a table as a query on any host reads it on all shards.
func (d ddl) onShards(r adapters.Relation) string {
	return "cluster(" + adapters.Literal(d.cluster) + ", " + r.String() + ")"
}

// on is the clause that makes a statement take effect in its scope. The
// connected server needs none, a single host neither, and a Replicated database
// carries statements to its hosts by itself.
func (d ddl) on(scope Scope) string {
	if scope != ScopeCluster {
		return ""
	}
	return " ON CLUSTER " + adapters.QuoteIdent(d.cluster)
}

// identity reads what tells a relation from another that had or will have its
// name: its UUID, or its path in Keeper, and its kind.
func (d ddl) identity(relations ...adapters.Relation) string {
	where := func(name string) string {
		pairs := make([]string, len(relations))
		for i, r := range relations {
			pairs[i] = "database = " + adapters.Literal(r.Database) + " AND " + name + " = " + adapters.Literal(r.Name)
		}
		return strings.Join(pairs, " OR ")
	}
	uuid := "''"
	if d.server.Version.AtLeast(20, 5) {
		uuid = "toString(uuid)"
	}
	return "SELECT database, name, engine, " + uuid + " AS id, '' AS path FROM system.tables WHERE " + where("name") +
		"\nUNION ALL SELECT database, table, '', '', zookeeper_path FROM system.replicas WHERE " + where("table")
}

// definition reads how a relation was made.
func (d ddl) definition(r adapters.Relation) string {
	return "SELECT create_table_query FROM system.tables WHERE database = " + adapters.Literal(r.Database) + " AND name = " + adapters.Literal(r.Name)
}

// columns reads the columns of a relation.
func (d ddl) columns(r adapters.Relation) string {
	return "SELECT name, type FROM system.columns WHERE database = " + adapters.Literal(r.Database) + " AND table = " + adapters.Literal(r.Name)
}

// parts reads the parts of a table on the host that is asked. It does not make
// the host fetch them: SYSTEM SYNC REPLICA goes on for ever on old servers when
// a part cannot be had, and no KILL ends it.
func (d ddl) parts(r adapters.Relation) string {
	return "SELECT name, rows FROM system.parts WHERE active AND database = " + adapters.Literal(r.Database) +
		" AND table = " + adapters.Literal(r.Name)
}

// alter changes a table that is there. Replicas tell each other of most that
// it can change, and it is sent to one of each shard then.
func (d ddl) alter(r adapters.Relation, action string) string {
	return "ALTER TABLE " + r.String() + d.on(d.scope) + " " + action
}
