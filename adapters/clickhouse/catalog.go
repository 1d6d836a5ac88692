package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// Catalog implements adapters.Adapter. It is one query.
func (a *Adapter) Catalog(ctx context.Context, databases []string) (*adapters.Catalog, error) {
	catalog := &adapters.Catalog{Databases: map[string]adapters.Database{}}
	if len(databases) == 0 {
		return catalog, nil
	}
	s, err := a.session(ctx)
	if err != nil {
		return nil, err
	}
	table, _, err := s.Query(ctx, adapters.Statement{SQL: catalogSQL(a.server.Version, databases)})
	if err = errors.Join(err, s.Close()); err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	for _, row := range table.Rows {
		if err := addRow(catalog, row); err != nil {
			return nil, fmt.Errorf("read the catalog: %w", err)
		}
	}
	return catalog, nil
}

// catalogSQL asks for the databases, as rows without a table, and for their
// tables. What a server does not have is asked for as nothing.
func catalogSQL(v adapters.Version, databases []string) string {
	uuid, rows, bytes, comment := "''", "toUInt64(0)", "toUInt64(0)", "''"
	if v.AtLeast(20, 5) {
		uuid = "toString(uuid)"
		rows, bytes = "ifNull(total_rows, 0)", "ifNull(total_bytes, 0)"
	}
	if v.Has(adapters.TableComment) {
		comment = "comment"
	}
	names := make([]string, len(databases))
	for i, d := range databases {
		names[i] = adapters.Literal(d)
	}
	in := "(" + strings.Join(names, ", ") + ")"
	return "SELECT name AS d, '' AS t, engine AS e, '' AS u, '' AS c, toUInt64(0) AS r, toUInt64(0) AS b" +
		" FROM system.databases WHERE name IN " + in +
		" UNION ALL SELECT database, name, engine, " + uuid + ", " + comment + ", " + rows + ", " + bytes +
		" FROM system.tables WHERE database IN " + in
}

func addRow(catalog *adapters.Catalog, row []any) error {
	var text [5]string
	for i := range text {
		s, ok := row[i].(string)
		if !ok {
			return fmt.Errorf("column %d is a %T", i, row[i])
		}
		text[i] = s
	}
	database, known := catalog.Databases[text[0]]
	if !known {
		database = adapters.Database{Name: text[0], Tables: map[string]adapters.TableInfo{}}
	}
	if name := text[1]; name == "" {
		database.Engine = text[2]
	} else {
		info := adapters.TableInfo{
			Relation: adapters.Relation{Database: text[0], Name: name},
			Engine:   text[2], Comment: text[4],
		}
		if text[3] != zeroUUID {
			info.UUID = text[3]
		}
		info.Rows, _ = row[5].(uint64)
		info.Bytes, _ = row[6].(uint64)
		database.Tables[name] = info
	}
	catalog.Databases[text[0]] = database
	return nil
}

const zeroUUID = "00000000-0000-0000-0000-000000000000"
