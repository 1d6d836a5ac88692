package context

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Row is one row of a Table: a tuple whose values also have names.
type Row struct {
	table  *Table
	values []value.Value
}

// TypeName is the class name that dbt's users see.
func (r *Row) TypeName() string { return "Row" }

// Str is what printing a row gives.
func (r *Row) Str() string { return "<agate.Row: " + value.Repr(value.NewTuple(r.values...)) + ">" }

// Items are the values.
func (r *Row) Items() []value.Value { return r.values }

// Len is the number of values.
func (r *Row) Len() int { return len(r.values) }

// Item is a value by its position or its column.
func (r *Row) Item(key value.Value) (value.Value, bool) {
	if name, ok := key.(string); ok {
		return r.named(name)
	}
	return value.Item(value.NewTuple(r.values...), key)
}

func (r *Row) named(name string) (value.Value, bool) {
	i := slices.Index(r.table.names, name)
	if i < 0 {
		return nil, false
	}
	return r.values[i], true
}

// Attr answers the methods of a mapping; row.name is found as an item.
func (r *Row) Attr(name string) (value.Value, bool) {
	switch name {
	case "values":
		return method(name, func(*value.Call) (value.Value, error) { return value.NewTuple(r.values...), nil }), true
	case "keys":
		return method(name, func(*value.Call) (value.Value, error) { return value.NewTuple(r.table.texts()...), nil }), true
	case "items":
		return method(name, func(*value.Call) (value.Value, error) { return r.pairs(), nil }), true
	case "dict":
		return method(name, func(*value.Call) (value.Value, error) { return r.dict(), nil }), true
	case "get":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("get", value.Required("key"), value.Optional("default", nil))
			if err != nil {
				return nil, err
			}
			if v, ok := r.Item(args[0]); ok {
				return v, nil
			}
			return args[1], nil
		}), true
	}
	return nil, false
}

func (r *Row) pairs() *value.List {
	out := value.NewList()
	for i, v := range r.values {
		out.Elems = append(out.Elems, value.NewTuple(r.table.names[i], v))
	}
	return out
}

func (r *Row) dict() *value.Dict {
	d := value.NewDict()
	for i, v := range r.values {
		d.Put(r.table.names[i], v)
	}
	return d
}
