package materialize

import (
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// ddl writes all DDL there is, for one server and one kind of place. Where a
// statement has to take effect is its scope; no other code writes statements
// that depend on it.
type ddl struct {
	server adapters.Server
}

// placeholder stands where the columns of the SQL go, as long as nobody knows
// them. It is a comment, and such a statement is never run.
const placeholder = "/* the columns of the SQL */"

// table is what a CREATE TABLE says.
type table struct {
	relation adapters.Relation
	// columns, indexes, projections and constraints, each as it goes into the
	// list; empty while the columns are unknown.
	elements []string
	engine   string
	clauses  []string // ORDER BY ..., in order
	comment  string
}

func (d ddl) createTable(t table) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE " + t.relation.String() + d.on(ScopeNode) + "\n(\n    ")
	b.WriteString(strings.Join(t.elements, ",\n    "))
	b.WriteString("\n)\nENGINE = " + t.engine)
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
	b.WriteString("VIEW " + v.relation.String() + d.on(ScopeNode))
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
	s := "DROP TABLE IF EXISTS " + r.String() + d.on(ScopeNode)
	if wait && d.server.Version.Has(adapters.SyncDrop) {
		s += " SYNC"
	}
	return s
}

// rename is one statement for all pairs; servers carry them out in order.
func (d ddl) rename(pairs ...[2]adapters.Relation) string {
	list := make([]string, len(pairs))
	for i, p := range pairs {
		list[i] = p[0].String() + " TO " + p[1].String()
	}
	return "RENAME TABLE " + strings.Join(list, ", ") + d.on(ScopeNode)
}

func (d ddl) exchange(a, b adapters.Relation) string {
	return "EXCHANGE TABLES " + a.String() + " AND " + b.String() + d.on(ScopeNode)
}

func (d ddl) createDatabase(name, engine string) string {
	s := "CREATE DATABASE IF NOT EXISTS " + adapters.QuoteIdent(name) + d.on(ScopeNode)
	if engine != "" {
		s += " ENGINE = " + engine
	}
	return s
}

func (d ddl) grant(privilege string, r adapters.Relation, grantee string) string {
	return "GRANT" + d.on(ScopeNode) + " " + privilege + " ON " + r.String() + " TO " + adapters.QuoteIdent(grantee)
}

func (d ddl) revoke(privilege string, r adapters.Relation, grantee string) string {
	return "REVOKE" + d.on(ScopeNode) + " " + privilege + " ON " + r.String() + " FROM " + adapters.QuoteIdent(grantee)
}

// on is the clause that makes a statement take effect in its scope. The
// connected server needs none.
func (d ddl) on(Scope) string { return "" }
