package adapters

// Catalog is what some databases of a server held at one moment. It is
// immutable once an adapter has returned it.
type Catalog struct {
	Databases map[string]Database
}

// Database is one ClickHouse database.
type Database struct {
	Name   string
	Engine string // Atomic, Ordinary, Replicated, Shared, Memory ...
	Tables map[string]TableInfo
}

// TableInfo is one table, view or dictionary.
type TableInfo struct {
	Relation
	Engine  string // MergeTree, View, MaterializedView, Dictionary ...
	UUID    string // empty where the database has none
	Comment string
	// EngineFull is the engine with its arguments and clauses. A Catalog does
	// not have it, nor CreateQuery: servers take longer to print them than for
	// all the rest. Definitions reads them.
	EngineFull string
	Rows       uint64
	Bytes      uint64
	// CreateQuery is the statement the server would print for it.
	CreateQuery string
}

// IsView reports whether the table is a plain view.
func (t TableInfo) IsView() bool { return t.Engine == "View" }

// Table finds a table; false when it, or its database, is not there.
func (c *Catalog) Table(r Relation) (TableInfo, bool) {
	t, ok := c.Databases[r.Database].Tables[r.Name]
	return t, ok
}
