package context

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/value"
)

// named is a sequence whose items also have names: a table's rows or columns.
type named struct {
	typeName string
	names    []string
	items    []value.Value
}

// Rows is the table's .rows.
func (t *Table) Rows() value.Value { return &named{typeName: "MappedSequence", items: t.rows} }

// Columns is the table's .columns.
func (t *Table) Columns() value.Value {
	all := &named{typeName: "MappedSequence", names: t.names}
	for i, n := range t.names {
		all.items = append(all.items, &tableColumn{name: n, index: i, table: t})
	}
	return all
}

func (s *named) TypeName() string     { return s.typeName }
func (s *named) Items() []value.Value { return s.items }
func (s *named) Len() int             { return len(s.items) }
func (s *named) Str() string          { return "<agate.MappedSequence>" }

func (s *named) Item(key value.Value) (value.Value, bool) {
	if name, ok := key.(string); ok {
		i := slices.Index(s.names, name)
		if i < 0 {
			return nil, false
		}
		return s.items[i], true
	}
	return value.Item(value.NewTuple(s.items...), key)
}

func (s *named) Attr(name string) (value.Value, bool) {
	switch name {
	case "values":
		return method(name, func(*value.Call) (value.Value, error) { return value.NewTuple(s.items...), nil }), true
	case "keys":
		return method(name, func(*value.Call) (value.Value, error) {
			out := value.NewTuple()
			for _, n := range s.names {
				out.Elems = append(out.Elems, n)
			}
			return out, nil
		}), true
	case "items":
		return method(name, func(*value.Call) (value.Value, error) {
			out := value.NewList()
			for i, n := range s.names {
				out.Elems = append(out.Elems, value.NewTuple(n, s.items[i]))
			}
			return out, nil
		}), true
	case "get":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("get", value.Required("key"), value.Optional("default", nil))
			if err != nil {
				return nil, err
			}
			if v, ok := s.Item(args[0]); ok {
				return v, nil
			}
			return args[1], nil
		}), true
	}
	return nil, false
}

// tableColumn is one column of a result.
type tableColumn struct {
	name  string
	index int
	table *Table
}

func (c *tableColumn) TypeName() string { return "Column" }
func (c *tableColumn) Str() string      { return "<agate.Column: " + c.name + ">" }
func (c *tableColumn) Len() int         { return len(c.table.rows) }

func (c *tableColumn) Items() []value.Value {
	out := make([]value.Value, 0, len(c.table.rows))
	for _, r := range c.table.rows {
		out = append(out, r.(*Row).values[c.index])
	}
	return out
}

func (c *tableColumn) Item(key value.Value) (value.Value, bool) {
	return value.Item(value.NewTuple(c.Items()...), key)
}

func (c *tableColumn) Attr(name string) (value.Value, bool) {
	list := func(keep func(value.Value, []value.Value) bool) (value.Value, bool) {
		return method(name, func(*value.Call) (value.Value, error) {
			out := value.NewTuple()
			for _, v := range c.Items() {
				if keep(v, out.Elems) {
					out.Elems = append(out.Elems, v)
				}
			}
			return out, nil
		}), true
	}
	switch name {
	case "name":
		return c.name, true
	case "index":
		return int64(c.index), true
	case "values":
		return list(func(value.Value, []value.Value) bool { return true })
	case "values_without_nulls":
		return list(func(v value.Value, _ []value.Value) bool { return v != nil })
	case "values_distinct":
		return list(func(v value.Value, seen []value.Value) bool {
			return !slices.ContainsFunc(seen, func(o value.Value) bool { return value.Equal(v, o) })
		})
	}
	return nil, false
}
