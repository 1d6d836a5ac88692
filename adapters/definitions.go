package adapters

import (
	"context"
	"fmt"
	"strings"
)

// Definition is how a table or view was made, as the server prints it.
type Definition struct {
	EngineFull  string // the engine with its arguments and clauses; empty for views
	CreateQuery string
}

// Definitions reads how these relations were made. It costs servers about a
// quarter of a millisecond each. Relations that are not there are left out.
func Definitions(ctx context.Context, s Session, relations []Relation) (map[Relation]Definition, error) {
	definitions := make(map[Relation]Definition, len(relations))
	if len(relations) == 0 {
		return definitions, nil
	}
	databases, pairs := map[string]bool{}, make([]string, len(relations))
	for i, r := range relations {
		databases[Literal(r.Database)] = true
		pairs[i] = "(" + Literal(r.Database) + ", " + Literal(r.Name) + ")"
	}
	// The first condition is the one that spares servers the other databases.
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT database, name, engine_full, create_table_query FROM system.tables" +
		" WHERE database IN (" + strings.Join(sortedKeys(databases), ", ") + ")" +
		" AND (database, name) IN (" + strings.Join(pairs, ", ") + ")"})
	if err != nil {
		return nil, err
	}
	for _, row := range table.Rows {
		var r Relation
		var d Definition
		if err := assign(row, &r.Database, &r.Name, &d.EngineFull, &d.CreateQuery); err != nil {
			return nil, fmt.Errorf("system.tables: %w", err)
		}
		definitions[r] = d
	}
	return definitions, nil
}
