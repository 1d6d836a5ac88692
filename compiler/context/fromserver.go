package context

import (
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// table makes a result a Table.
func table(found *Result) *Table {
	names := make([]string, len(found.Columns))
	for i, c := range found.Columns {
		names[i] = c.Name
	}
	rows := make([][]value.Value, len(found.Rows))
	for i, row := range found.Rows {
		rows[i] = make([]value.Value, len(row))
		for j, v := range row {
			rows[i][j] = fromServer(v)
		}
	}
	return NewTable(names, rows)
}

// fromServer makes a value of what a driver scanned. What templates have no
// type for comes as text.
func fromServer(v any) value.Value {
	switch v := v.(type) {
	case nil, bool, string, int64, float64:
		return v
	case time.Time:
		return datetimeOf(v)
	case *time.Time:
		if v == nil {
			return nil
		}
		return datetimeOf(*v)
	case []byte:
		return string(v)
	}
	made := value.FromGo(v)
	switch made.(type) {
	case nil, bool, int64, float64, string, *value.List, *value.Dict, *value.Tuple, value.Object:
		return made
	}
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprint(v)
}
