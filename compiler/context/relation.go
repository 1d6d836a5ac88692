package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Relation is a table or view as templates hold it: printed, it is its quoted
// name. It is immutable; methods that change something return another one.
type Relation struct {
	Schema     string
	Identifier string
	// Kind is table, view, materialized_view, dictionary, cte, or empty when
	// nobody knows.
	Kind string
	// OnCluster says that statements about it carry ON CLUSTER.
	OnCluster bool
	// Exchangeable says that its database can swap two tables at once.
	Exchangeable bool
	// Empty renders a query without rows in its place.
	Empty bool
	// Filter is a condition that rows must meet, for refs that are limited to
	// a stretch of time.
	Filter string

	hideSchema     bool
	hideIdentifier bool
}

// TypeName is the class name that dbt's users see.
func (r *Relation) TypeName() string { return "ClickHouseRelation" }

// IsMapping says that relations pass for mappings, as dbt's do.
func (r *Relation) IsMapping() bool { return true }

// Str is the relation as SQL.
func (r *Relation) Str() string {
	switch {
	case r.Empty:
		return "(select * from " + r.Path() + " where false limit 0)"
	case r.Filter != "":
		return "(select * from " + r.Path() + " where " + r.Filter + ")"
	}
	return r.Path()
}

// Path is the quoted name, whatever filters apply.
func (r *Relation) Path() string {
	var parts []string
	if r.Schema != "" && !r.hideSchema {
		parts = append(parts, quoteIdent(r.Schema))
	}
	if r.Identifier != "" && !r.hideIdentifier {
		parts = append(parts, quoteIdent(r.Identifier))
	}
	return strings.Join(parts, ".")
}

// Repr is what debugging output shows.
func (r *Relation) Repr() string { return "<ClickHouseRelation " + r.Str() + ">" }

// Truth is always true: a relation stands for something even when empty.
func (r *Relation) Truth() bool { return true }

// Equal compares what the two name.
func (r *Relation) Equal(o value.Value) bool {
	other, ok := o.(*Relation)
	return ok && r.Str() == other.Str() && r.Kind == other.Kind
}

// HashKey makes equal relations one key of a dict.
func (r *Relation) HashKey() any { return [2]string{r.Str(), r.Kind} }

// Items are the parts of the name, for templates that unpack a relation.
func (r *Relation) Items() []value.Value {
	return []value.Value{"", r.Schema, r.Identifier}
}

// CTE is the name under which an ephemeral model stands in a query.
func CTE(alias string) *Relation {
	return &Relation{Identifier: CTEName(alias), Kind: "cte"}
}

// CTEName is the name of the common table expression of an ephemeral model.
func CTEName(alias string) string { return "__dbt__cte__" + alias }
