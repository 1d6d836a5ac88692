package context

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

func (r *Rendering) getColumns(c *value.Call) (value.Value, error) {
	schema, name := "", ""
	switch {
	case len(c.Args) == 2:
		schema, name = textOf(c.Args[0]), textOf(c.Args[1])
	default:
		args, err := c.Bind("get_columns_in_relation", value.Required("relation"))
		if err != nil {
			return nil, err
		}
		rel, ok := args[0].(*Relation)
		if !ok {
			return nil, mistake(c, "bad-relation", "get_columns_in_relation takes a relation, not "+value.TypeName(args[0]), "",
				"pass ref(...), source(...) or api.Relation.create(...)")
		}
		schema, name = rel.Schema, rel.Identifier
	}
	cols, err := r.columnsOf(c, schema, name)
	if err != nil {
		return nil, err
	}
	return columnList(cols), nil
}

func (r *Rendering) columnsOf(c *value.Call, schema, name string) ([]*Column, error) {
	found, err := r.query(c, "select name, type from system.columns where database = "+quoteText(schema)+" and table = "+quoteText(name)+" order by position")
	if err != nil {
		return nil, err
	}
	var cols []*Column
	for _, row := range found.Rows {
		cols = append(cols, &Column{Name: textOf(fromServer(row[0], serverType{})), Type: textOf(fromServer(row[1], serverType{}))})
	}
	return cols, nil
}

func columnList(cols []*Column) *value.List {
	out := value.NewList()
	for _, col := range cols {
		out.Elems = append(out.Elems, col)
	}
	return out
}

// missingColumns are those of the first relation that the second lacks.
func (r *Rendering) missingColumns(c *value.Call) (value.Value, error) {
	args, err := c.Bind("get_missing_columns", value.Required("from_relation"), value.Required("to_relation"))
	if err != nil {
		return nil, err
	}
	from, ok := args[0].(*Relation)
	to, ok2 := args[1].(*Relation)
	if !ok || !ok2 {
		return nil, mistake(c, "bad-relation", "get_missing_columns takes two relations", "", "")
	}
	have, err := r.columnsOf(c, from.Schema, from.Identifier)
	if err != nil {
		return nil, err
	}
	want, err := r.columnsOf(c, to.Schema, to.Identifier)
	if err != nil {
		return nil, err
	}
	return columnList(slices.DeleteFunc(have, func(col *Column) bool {
		return slices.ContainsFunc(want, func(o *Column) bool { return o.Name == col.Name })
	})), nil
}

// queryColumns are the columns that a query would give.
func (r *Rendering) queryColumns(c *value.Call) (value.Value, error) {
	if len(c.Args) == 0 {
		return nil, value.Errorf("TypeError", "get_column_schema_from_query() missing 1 required positional argument(s): 'sql'")
	}
	found, err := r.query(c, "describe table ("+textOf(c.Args[0])+"\n)")
	if err != nil {
		return nil, err
	}
	var cols []*Column
	for _, row := range found.Rows {
		cols = append(cols, &Column{Name: textOf(fromServer(row[0], serverType{})), Type: textOf(fromServer(row[1], serverType{}))})
	}
	return columnList(cols), nil
}

// strategyMacro is the macro that implements an incremental strategy.
func (r *Rendering) strategyMacro(c *value.Call) (value.Value, error) {
	args, err := c.Bind("get_incremental_strategy_macro", value.Required("model_context"), value.Required("strategy"))
	if err != nil {
		return nil, err
	}
	name := "get_incremental_" + textOf(args[1]) + "_sql"
	if m := r.Macros.visible(r.Package, name); m != nil {
		return r.bind(m), nil
	}
	if m := r.Macros.builtin(name); m != nil {
		return r.bind(m), nil
	}
	return nil, mistake(c, "undefined-macro", "no macro "+name+" implements the incremental strategy "+textOf(args[1]), "",
		diag.DidYouMean(name, r.Macros.Visible(r.Package)))
}

func (r *Rendering) incrementalStrategy(c *value.Call) (value.Value, error) {
	args, err := c.Bind("calculate_incremental_strategy", value.Optional("strategy", nil))
	if err != nil {
		return nil, err
	}
	switch s := textOf(args[0]); {
	case s != "" && s != "default":
		return replaceAll(s, "+", "_"), nil
	case r.Server.LightweightDeletes:
		return "delete_insert", nil
	}
	return "legacy", nil
}
