package context

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pydecimal"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// table makes a result a Table.
func table(found *Result) *Table {
	names := make([]string, len(found.Columns))
	types := make([]serverType, len(found.Columns))
	for i, c := range found.Columns {
		names[i], types[i] = c.Name, parseServerType(c.Type)
	}
	rows := make([][]value.Value, len(found.Rows))
	for i, row := range found.Rows {
		rows[i] = make([]value.Value, len(row))
		for j, v := range row {
			t := serverType{}
			if j < len(types) {
				t = types[j]
			}
			rows[i][j] = cell(v, t)
		}
	}
	return NewTable(names, rows)
}

// cell is what a template finds in a cell of a result: numbers, dates and
// text, and everything that holds other values as JSON.
func cell(v any, t serverType) value.Value {
	made := fromServer(v, t)
	switch made.(type) {
	case *value.List, *value.Dict:
		if text, err := value.MarshalJSON(made, value.JSONStyle{}); err == nil {
			return text
		}
	}
	return made
}

// fromServer makes a value of what a driver scanned from a column of a type.
// What templates have no type for comes as text.
func fromServer(v any, t serverType) value.Value {
	switch v := v.(type) {
	case nil, bool, int64, float64:
		return v
	case string:
		return textFrom(v, t)
	case time.Time:
		return timeFrom(v, t)
	case *big.Int:
		if v == nil {
			return nil
		}
		return value.Int(v)
	case big.Int:
		return value.Int(&v)
	case []byte:
		if t.name != "Array" {
			return textFrom(string(v), t)
		}
	}
	at := reflect.ValueOf(v)
	if at.Kind() == reflect.Pointer {
		if at.IsNil() {
			return nil
		}
		if _, prints := v.(fmt.Stringer); !prints {
			return fromServer(at.Elem().Interface(), t)
		}
	}
	if s, ok := v.(fmt.Stringer); ok {
		if at.Kind() == reflect.Pointer {
			if inner, ok := at.Elem().Interface().(time.Time); ok {
				return timeFrom(inner, t)
			}
		}
		if strings.HasPrefix(t.name, "Decimal") {
			if d, ok := pydecimal.Parse(s.String()); ok {
				return d
			}
		}
		return s.String()
	}
	switch at.Kind() {
	case reflect.Bool:
		return at.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return at.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return value.Int(new(big.Int).SetUint64(at.Uint()))
	case reflect.Float32, reflect.Float64:
		return at.Float()
	case reflect.String:
		return textFrom(at.String(), t)
	case reflect.Slice, reflect.Array:
		list := value.NewList()
		for i := range at.Len() {
			list.Elems = append(list.Elems, nested(at.Index(i).Interface(), t.element(i)))
		}
		return list
	case reflect.Map:
		return dictFrom(at, t)
	}
	return fmt.Sprint(v)
}

// textFrom is text; what fills a FixedString up is not part of it.
func textFrom(s string, t serverType) value.Value {
	if t.name == "FixedString" {
		return strings.TrimRight(s, "\x00")
	}
	return s
}

// timeFrom is a date, or a datetime: in the zone that its type names, else
// without any, as the server shows it.
func timeFrom(v time.Time, t serverType) value.Value {
	if strings.HasPrefix(t.name, "Date") && !strings.HasPrefix(t.name, "DateTime") {
		if d, err := pytime.NewDate(int64(v.Year()), int64(v.Month()), int64(v.Day())); err == nil {
			return d
		}
	}
	if zone := t.zone(); zone != "" {
		if d, err := pytime.In(v, zone); err == nil {
			return d
		}
	}
	wall := time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)
	return pytime.Written(wall, nil)
}

// dictFrom is a Map, or a Tuple with names.
func dictFrom(at reflect.Value, t serverType) value.Value {
	held := serverType{}
	if t.name == "Map" && len(t.args) == 2 {
		held = parseServerType(t.args[1])
	}
	var names []string
	values := map[string]value.Value{}
	for _, key := range at.MapKeys() {
		name := fmt.Sprint(key.Interface())
		names, values[name] = append(names, name), nested(at.MapIndex(key).Interface(), held)
	}
	slices.Sort(names)
	d := value.NewDict()
	for _, name := range names {
		d.Put(name, values[name])
	}
	return d
}

// nested is what JSON shows of a value in another one.
func nested(v any, t serverType) value.Value {
	switch made := fromServer(v, t).(type) {
	case *pydecimal.Decimal:
		return made.Float()
	case *pytime.Date:
		return value.Str(made)
	case *pytime.DateTime:
		return made.ISO()
	default:
		return made
	}
}
