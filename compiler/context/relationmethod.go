package context

import "github.com/chmod-sql/chmod/compiler/value"

// include shows and hides parts of the name.
func (r *Relation) include(c *value.Call) (value.Value, error) {
	args, err := c.Bind("include", value.Optional("database", nil), value.Optional("schema", nil), value.Optional("identifier", nil))
	if err != nil {
		return nil, err
	}
	shown := *r
	if args[1] != nil {
		shown.hideSchema = !value.Truth(args[1])
	}
	if args[2] != nil {
		shown.hideIdentifier = !value.Truth(args[2])
	}
	return &shown, nil
}

// incorporate replaces what is named: path is a dict, type a kind.
func (r *Relation) incorporate(c *value.Call) (value.Value, error) {
	changed := *r
	for _, kw := range c.Kwargs {
		switch kw.Name {
		case "path":
			if d, ok := kw.Value.(*value.Dict); ok {
				changed.setPath(d)
			}
		case "type":
			changed.Kind = textOf(kw.Value)
		case "schema", "identifier":
			changed.setPath(value.DictOf(kw.Name, kw.Value))
		}
	}
	return &changed, nil
}

func (r *Relation) withPath(c *value.Call) *Relation {
	changed := *r
	for _, kw := range c.Kwargs {
		changed.setPath(value.DictOf(kw.Name, kw.Value))
	}
	return &changed
}

func (r *Relation) setPath(d *value.Dict) {
	if v, ok := d.Get("schema"); ok && v != nil {
		r.Schema = value.Str(v)
	}
	if v, ok := d.Get("identifier"); ok && v != nil {
		r.Identifier = value.Str(v)
	}
}

// informationSchema is the system's view of that name; ClickHouse keeps the
// standard's views in a database of their own.
func (r *Relation) informationSchema(c *value.Call) (value.Value, error) {
	args, err := c.Bind("information_schema", value.Optional("view_name", nil))
	if err != nil {
		return nil, err
	}
	return &Relation{Schema: "INFORMATION_SCHEMA", Identifier: textOf(args[0])}, nil
}

func (r *Relation) matches(c *value.Call) (value.Value, error) {
	args, err := c.Bind("matches", value.Optional("database", nil), value.Optional("schema", nil), value.Optional("identifier", nil))
	if err != nil {
		return nil, err
	}
	same := func(v value.Value, part string) bool { return v == nil || value.Str(v) == part }
	return same(args[1], r.Schema) && same(args[2], r.Identifier), nil
}

// derivative is a relation beside this one, named after it.
func (r *Relation) derivative(c *value.Call) (value.Value, error) {
	args, err := c.Bind("derivative", value.Required("suffix"), value.Optional("relation_type", nil),
		value.Optional("interpret_suffix_as_full_identifier", false))
	if err != nil {
		return nil, err
	}
	changed := *r
	changed.Identifier += value.Str(args[0])
	if value.Truth(args[2]) {
		changed.Identifier = value.Str(args[0])
	}
	if args[1] != nil {
		changed.Kind = value.Str(args[1])
	}
	return &changed, nil
}

func (r *Relation) get(c *value.Call) (value.Value, error) {
	args, err := c.Bind("get", value.Required("key"), value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	if args[0] == "metadata" { // dbt-utils tells relations from other values by it
		return value.DictOf("type", r.TypeName()), nil
	}
	if v, ok := r.Attr(value.Str(args[0])); ok {
		return v, nil
	}
	return args[1], nil
}

func (r *Relation) dict() *value.Dict {
	kind, _ := r.Attr("type")
	path, _ := r.Attr("path")
	return value.DictOf("path", path, "type", kind)
}

// createRelation is api.Relation.create.
func createRelation(c *value.Call) (value.Value, error) {
	made := &Relation{}
	names := []string{"database", "schema", "identifier", "type"}
	set := func(name string, v value.Value) {
		switch {
		case v == nil:
		case name == "schema":
			made.Schema = value.Str(v)
		case name == "identifier":
			made.Identifier = value.Str(v)
		case name == "type":
			made.Kind = value.Str(v)
		case name == "can_exchange":
			made.Exchangeable = value.Truth(v)
		case name == "can_on_cluster":
			made.OnCluster = value.Truth(v)
		}
	}
	for i, a := range c.Args {
		if i < len(names) {
			set(names[i], a)
		}
	}
	for _, kw := range c.Kwargs {
		set(kw.Name, kw.Value)
	}
	return made, nil
}

// textOf is a value's text, and nothing for None.
func textOf(v value.Value) string {
	if v == nil || value.IsUndefined(v) {
		return ""
	}
	return value.Str(v)
}
