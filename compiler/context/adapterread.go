package context

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/value"
)

func none() value.Value  { return nil }
func no() value.Value    { return false }
func blank() value.Value { return "" }
func items() value.Value { return value.NewList() }

// readOperations look into the warehouse.
func readOperations() map[string]operation {
	return map[string]operation{
		"get_relation":                     {none, (*Rendering).getRelation},
		"already_exists":                   {no, (*Rendering).alreadyExists},
		"list_relations":                   {items, (*Rendering).listRelations},
		"list_relations_without_caching":   {items, (*Rendering).listRelations},
		"check_schema_exists":              {no, (*Rendering).checkSchema},
		"list_schemas":                     {items, (*Rendering).listSchemas},
		"get_columns_in_relation":          {items, (*Rendering).getColumns},
		"get_columns_in_table":             {items, (*Rendering).getColumns},
		"get_missing_columns":              {items, (*Rendering).missingColumns},
		"get_column_schema_from_query":     {items, (*Rendering).queryColumns},
		"expand_target_column_types":       {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
		"get_partitions_metadata":          {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
		"format_columns":                   {none, (*Rendering).formatColumns},
		"standardize_grants_dict":          {func() value.Value { return value.NewDict() }, func(*Rendering, *value.Call) (value.Value, error) { return value.NewDict(), nil }},
		"get_hard_deletes_behavior":        {none, func(*Rendering, *value.Call) (value.Value, error) { return "ignore", nil }},
		"valid_snapshot_target":            {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
		"cache_added":                      {blank, func(*Rendering, *value.Call) (value.Value, error) { return "", nil }},
		"cache_dropped":                    {blank, func(*Rendering, *value.Call) (value.Value, error) { return "", nil }},
		"cache_renamed":                    {blank, func(*Rendering, *value.Call) (value.Value, error) { return "", nil }},
		"render_raw_columns_constraints":   {items, func(*Rendering, *value.Call) (value.Value, error) { return value.NewList(), nil }},
		"render_raw_model_constraints":     {items, func(*Rendering, *value.Call) (value.Value, error) { return value.NewList(), nil }},
		"build_catalog_relation":           {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
		"get_catalog_integration":          {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
		"get_incremental_strategy_macro":   {none, (*Rendering).strategyMacro},
		"calculate_incremental_strategy":   {none, (*Rendering).incrementalStrategy},
		"validate_incremental_strategy":    {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
		"check_incremental_schema_changes": {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
	}
}

// need is the warehouse, or a diagnostic where there is none.
func (r *Rendering) need(c *value.Call) (Warehouse, error) {
	if r.Warehouse == nil {
		return nil, mistake(c, "no-introspection", "this asks the warehouse, and there is no connection to it here",
			"the command runs without one, or was told to", "run a command that connects, and leave out --no-introspect")
	}
	return r.Warehouse, nil
}

// relations lists a schema.
func (r *Rendering) relations(c *value.Call, schema string) ([]Listed, error) {
	w, err := r.need(c)
	if err != nil {
		return nil, err
	}
	return w.Relations(r.Context, schema)
}

func (r *Rendering) find1(c *value.Call, schema, name string) (*Relation, error) {
	all, err := r.relations(c, schema)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(l Listed) bool { return l.Name == name })
	if i < 0 {
		return nil, nil
	}
	return r.listed(all[i]), nil
}

func (r *Rendering) listed(l Listed) *Relation {
	return &Relation{Schema: l.Schema, Identifier: l.Name, Kind: l.Kind, OnCluster: r.Server.OnCluster(), Exchangeable: l.Kind == "table"}
}

func (r *Rendering) getRelation(c *value.Call) (value.Value, error) {
	args, err := c.Bind("get_relation", value.Required("database"), value.Required("schema"), value.Required("identifier"))
	if err != nil {
		return nil, err
	}
	found, err := r.find1(c, textOf(args[1]), textOf(args[2]))
	if err != nil || found == nil {
		return nil, err
	}
	return found, nil
}

func (r *Rendering) alreadyExists(c *value.Call) (value.Value, error) {
	args, err := c.Bind("already_exists", value.Required("schema"), value.Required("name"))
	if err != nil {
		return nil, err
	}
	found, err := r.find1(c, textOf(args[0]), textOf(args[1]))
	return found != nil, err
}

func (r *Rendering) listRelations(c *value.Call) (value.Value, error) {
	schema := ""
	for _, a := range c.Args {
		schema = textOf(a)
		if rel, ok := a.(*Relation); ok {
			schema = rel.Schema
		}
	}
	for _, kw := range c.Kwargs {
		switch kw.Name {
		case "schema":
			schema = textOf(kw.Value)
		case "schema_relation":
			if rel, ok := kw.Value.(*Relation); ok {
				schema = rel.Schema
			}
		}
	}
	all, err := r.relations(c, schema)
	if err != nil {
		return nil, err
	}
	out := value.NewList()
	for _, l := range all {
		out.Elems = append(out.Elems, r.listed(l))
	}
	return out, nil
}

func (r *Rendering) checkSchema(c *value.Call) (value.Value, error) {
	args, err := c.Bind("check_schema_exists", value.Required("database"), value.Required("schema"))
	if err != nil {
		return nil, err
	}
	found, err := r.query(c, "select name from system.databases where name = "+quoteText(textOf(args[1])))
	if err != nil {
		return nil, err
	}
	return len(found.Rows) > 0, nil
}

func (r *Rendering) listSchemas(c *value.Call) (value.Value, error) {
	found, err := r.query(c, "select name from system.databases order by name")
	if err != nil {
		return nil, err
	}
	out := value.NewList()
	for _, row := range found.Rows {
		out.Elems = append(out.Elems, fromServer(row[0], serverType{}))
	}
	return out, nil
}

func (r *Rendering) formatColumns(c *value.Call) (value.Value, error) {
	args, err := c.Bind("format_columns", value.Required("columns"))
	if err != nil {
		return nil, err
	}
	all, err := value.Iterate(args[0])
	if err != nil {
		return nil, err
	}
	out := value.NewList()
	for _, v := range all {
		if col, ok := v.(*Column); ok {
			out.Elems = append(out.Elems, value.DictOf("name", col.Name, "data_type", col.Type))
		}
	}
	return out, nil
}
