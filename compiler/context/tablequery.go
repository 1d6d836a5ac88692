package context

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/value"
)

// choose keeps or leaves out columns.
func (t *Table) choose(how string, c *value.Call) (value.Value, error) {
	args, err := c.Bind(how, value.Required("key"))
	if err != nil {
		return nil, err
	}
	var keys []string
	if one, ok := args[0].(string); ok {
		keys = []string{one}
	} else {
		items, err := value.Iterate(args[0])
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			keys = append(keys, value.Str(item))
		}
	}
	var picked []int
	for i, n := range t.names {
		if slices.Contains(keys, n) == (how == "select") {
			picked = append(picked, i)
		}
	}
	names := make([]string, 0, len(picked))
	for _, i := range picked {
		names = append(names, t.names[i])
	}
	var rows [][]value.Value
	for _, r := range t.rows {
		var row []value.Value
		for _, i := range picked {
			row = append(row, r.(*Row).values[i])
		}
		rows = append(rows, row)
	}
	return NewTable(names, rows), nil
}

func (t *Table) limit(c *value.Call) (value.Value, error) {
	args, err := c.Bind("limit", value.Required("start_or_stop"), value.Optional("stop", nil))
	if err != nil {
		return nil, err
	}
	start, stop := value.Value(int64(0)), args[0]
	if args[1] != nil {
		start, stop = args[0], args[1]
	}
	kept, err := value.Slice(value.NewList(t.rows...), start, stop, nil)
	if err != nil {
		return nil, err
	}
	return t.with(kept.(*value.List).Elems), nil
}

func (t *Table) with(rows []value.Value) *Table {
	var values [][]value.Value
	for _, r := range rows {
		values = append(values, r.(*Row).values)
	}
	return NewTable(t.names, values)
}

func (t *Table) rename(c *value.Call) (value.Value, error) {
	args, err := c.Bind("rename", value.Optional("column_names", nil))
	if err != nil {
		return nil, err
	}
	names := slices.Clone(t.names)
	switch given := args[0].(type) {
	case *value.Dict:
		for i, n := range names {
			if v, ok := given.Get(n); ok {
				names[i] = value.Str(v)
			}
		}
	case *value.List:
		for i := range min(len(names), len(given.Elems)) {
			names[i] = value.Str(given.Elems[i])
		}
	}
	renamed := t.with(t.rows)
	renamed.names = names
	return renamed, nil
}

func (t *Table) where(c *value.Call) (value.Value, error) {
	args, err := c.Bind("where", value.Required("test"))
	if err != nil {
		return nil, err
	}
	var kept []value.Value
	for _, r := range t.rows {
		v, err := c.With(args[0], r)
		if err != nil {
			return nil, err
		}
		if value.Truth(v) {
			kept = append(kept, r)
		}
	}
	return t.with(kept), nil
}

func (t *Table) distinct() *Table {
	var kept []value.Value
	for _, r := range t.rows {
		same := func(o value.Value) bool {
			return value.Equal(value.NewTuple(r.(*Row).values...), value.NewTuple(o.(*Row).values...))
		}
		if !slices.ContainsFunc(kept, same) {
			kept = append(kept, r)
		}
	}
	return t.with(kept)
}
