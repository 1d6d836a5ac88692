package adapters

import (
	"context"
	"fmt"
)

// ColumnInfo is a column as a table declares it.
type ColumnInfo struct {
	Column
	DefaultKind string // DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL or empty
	Default     string // the default's expression
	Comment     string
	Codec       string // CODEC(...)
}

// Columns are the columns of a table or view, in order. A relation that is not
// there is an error of ClassMissing.
func Columns(ctx context.Context, s Session, r Relation) ([]ColumnInfo, error) {
	table, _, err := s.Query(ctx, Statement{SQL: "DESCRIBE TABLE " + r.String()})
	if err != nil {
		return nil, err
	}
	infos := make([]ColumnInfo, len(table.Rows))
	for i, row := range table.Rows {
		// name, type, default_type, default_expression, comment, codec, ttl:
		// servers before 20 stop earlier.
		cells := make([]string, 6)
		for j := range min(len(row), len(cells)) {
			if err := assign(row[j:j+1], &cells[j]); err != nil {
				return nil, fmt.Errorf("describe %s: %w", r, err)
			}
		}
		infos[i] = ColumnInfo{
			Column:      Column{Name: cells[0], Type: cells[1]},
			DefaultKind: cells[2], Default: cells[3], Comment: cells[4], Codec: cells[5],
		}
	}
	return infos, nil
}

// DescribeQuery is the columns that a SELECT would return. The server analyzes
// it and reads nothing.
func DescribeQuery(ctx context.Context, s Session, sql string, settings map[string]any) ([]Column, error) {
	// The line break ends a comment at the query's end, and errors keep their
	// lines: the parenthesis is on the first, where only columns move.
	table, _, err := s.Query(ctx, Statement{SQL: describePrefix + sql + "\n)", Settings: settings})
	if err != nil {
		return nil, shiftFirstLine(err, len(describePrefix))
	}
	columns := make([]Column, len(table.Rows))
	for i, row := range table.Rows {
		if err := assign(row[:min(2, len(row))], &columns[i].Name, &columns[i].Type); err != nil {
			return nil, fmt.Errorf("describe a query: %w", err)
		}
	}
	return columns, nil
}

const describePrefix = "DESCRIBE TABLE ("
