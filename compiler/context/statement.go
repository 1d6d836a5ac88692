package context

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// stored is the result of a named statement.
type stored struct {
	response value.Value
	data     value.Value
	table    value.Value
}

// statementNames are the names by which templates keep what they asked.
func statementNames() map[string]constructor {
	return map[string]constructor{
		"load_result":      function("load_result", (*Rendering).loadResult),
		"store_result":     function("store_result", (*Rendering).storeResult),
		"store_raw_result": function("store_raw_result", (*Rendering).storeRaw),
		"write":            function("write", func(*Rendering, *value.Call) (value.Value, error) { return "", nil }),
	}
}

func (r *Rendering) loadResult(c *value.Call) (value.Value, error) {
	args, err := c.Bind("load_result", value.Required("name"))
	if err != nil {
		return nil, err
	}
	s, ok := r.results[textOf(args[0])]
	if !ok {
		return nil, nil
	}
	return value.DictOf("response", s.response, "data", s.data, "table", s.table), nil
}

func (r *Rendering) storeResult(c *value.Call) (value.Value, error) {
	args, err := c.Bind("store_result", value.Required("name"), value.Optional("response", nil), value.Optional("agate_table", nil))
	if err != nil {
		return nil, err
	}
	r.store(textOf(args[0]), args[1], args[2])
	return "", nil
}

func (r *Rendering) storeRaw(c *value.Call) (value.Value, error) {
	args, err := c.Bind("store_raw_result", value.Required("name"), value.Optional("message", nil), value.Optional("code", nil),
		value.Optional("rows_affected", nil), value.Optional("agate_table", nil))
	if err != nil {
		return nil, err
	}
	r.store(textOf(args[0]), &response{message: textOf(args[1])}, args[4])
	return "", nil
}

func (r *Rendering) store(name string, response, found value.Value) {
	s := &stored{response: response, data: value.NewList(), table: found}
	if t, ok := found.(*Table); ok {
		data := value.NewList()
		for _, row := range t.rows {
			data.Elems = append(data.Elems, value.NewTuple(row.(*Row).values...))
		}
		s.data = data
	}
	if r.results == nil {
		r.results = map[string]*stored{}
	}
	r.results[name] = s
}
