package clickhouse

import (
	"reflect"

	"github.com/ClickHouse/clickhouse-go/v2/lib/chcol"
	chdriver "github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/chmod-sql/chmod/adapters"
)

// read takes all rows and closes them. With an error come the rows before it.
func read(rows chdriver.Rows) (table *adapters.Table, err error) {
	defer func() {
		if closeErr := rows.Close(); err == nil {
			err = closeErr
		}
	}()
	types := rows.ColumnTypes()
	table = &adapters.Table{Columns: make([]adapters.Column, len(types))}
	cells := make([]reflect.Value, len(types))
	into := make([]any, len(types))
	for i, t := range types {
		table.Columns[i] = adapters.Column{Name: t.Name(), Type: t.DatabaseTypeName()}
		scan := t.ScanType()
		if scan == nil { // Nothing
			scan = reflect.TypeFor[*any]()
		}
		cells[i] = reflect.New(scan)
		into[i] = cells[i].Interface()
	}
	for rows.Next() {
		for _, c := range cells {
			c.Elem().SetZero()
		}
		if err := rows.Scan(into...); err != nil {
			return table, err
		}
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = plain(c.Elem())
		}
		table.Rows = append(table.Rows, row)
	}
	return table, rows.Err()
}

// plain takes the driver's pointers away: nil or the value, in lists too.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if _, ok := v.Interface().(interface{ Sign() int }); ok {
			return v.Interface() // *big.Int is a value
		}
		return plain(v.Elem())
	case reflect.Interface:
		return plain(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 || !wrapped(v.Type().Elem()) {
			return v.Interface()
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i))
		}
		return list
	case reflect.Map:
		if !wrapped(v.Type().Elem()) {
			return v.Interface()
		}
		m := reflect.MakeMapWithSize(reflect.MapOf(v.Type().Key(), reflect.TypeFor[any]()), v.Len())
		for it := v.MapRange(); it.Next(); {
			value := reflect.New(reflect.TypeFor[any]()).Elem()
			if p := plain(it.Value()); p != nil {
				value.Set(reflect.ValueOf(p))
			}
			m.SetMapIndex(it.Key(), value)
		}
		return m.Interface()
	}
	switch x := v.Interface().(type) {
	case chcol.Variant: // Dynamic too
		return plain(reflect.ValueOf(x.Any()))
	case chcol.JSON:
		return (&x).NestedMap()
	}
	return v.Interface()
}

// wrapped reports whether values of the type hold pointers somewhere.
func wrapped(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		return true
	case reflect.Slice, reflect.Map:
		return wrapped(t.Elem())
	}
	return t == reflect.TypeFor[chcol.Variant]() || t == reflect.TypeFor[chcol.JSON]()
}
