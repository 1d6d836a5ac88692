package adapters

// Relation names a table or view. ClickHouse's databases are what dbt calls
// schemas.
type Relation struct {
	Database string
	Name     string
}

// String is the relation quoted for SQL.
func (r Relation) String() string {
	if r.Database == "" {
		return QuoteIdent(r.Name)
	}
	return QuoteIdent(r.Database) + "." + QuoteIdent(r.Name)
}
