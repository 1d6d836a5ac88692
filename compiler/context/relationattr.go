package context

import "github.com/chmod-sql/chmod/compiler/value"

// Attr answers the attributes and methods that dbt's relations have.
func (r *Relation) Attr(name string) (value.Value, bool) {
	switch name {
	case "database":
		return "", true
	case "schema":
		return r.Schema, true
	case "identifier", "table", "name":
		return r.Identifier, true
	case "type":
		if r.Kind == "" {
			return nil, true
		}
		return r.Kind, true
	case "is_table":
		return r.Kind == "table", true
	case "is_view":
		return r.Kind == "view", true
	case "is_cte":
		return r.Kind == "cte", true
	case "is_materialized_view":
		return r.Kind == "materialized_view", true
	case "is_dictionary":
		return r.Kind == "dictionary", true
	case "is_pointer", "is_temporary", "is_refreshable", "refreshable_append":
		return false, true
	case "can_be_replaced", "can_be_renamed":
		return r.Kind == "table" || r.Kind == "view", true
	case "can_exchange":
		return r.Exchangeable, true
	case "can_on_cluster":
		return r.OnCluster, true
	case "should_on_cluster":
		return r.OnCluster || r.hideIdentifier, true
	case "mvs_pointing_to_it":
		return value.NewList(), true
	case "quote_character":
		return "`", true
	case "path":
		return value.DictOf("database", "", "schema", r.Schema, "identifier", r.Identifier), true
	case "include_policy":
		return value.DictOf("database", false, "schema", !r.hideSchema, "identifier", !r.hideIdentifier), true
	case "quote_policy":
		return value.DictOf("database", true, "schema", true, "identifier", true), true
	case "render":
		return method(name, func(c *value.Call) (value.Value, error) { return r.Str(), nil }), true
	case "include":
		return method(name, r.include), true
	case "quote":
		return method(name, func(c *value.Call) (value.Value, error) { return r, nil }), true
	case "incorporate":
		return method(name, r.incorporate), true
	case "replace_path":
		return method(name, func(c *value.Call) (value.Value, error) { return r.withPath(c), nil }), true
	case "replace":
		return method(name, r.incorporate), true
	case "without_identifier":
		return method(name, func(c *value.Call) (value.Value, error) {
			schema := *r
			schema.hideIdentifier = true
			return &schema, nil
		}), true
	case "without_schema":
		return method(name, func(c *value.Call) (value.Value, error) {
			bare := *r
			bare.hideSchema = true
			return &bare, nil
		}), true
	case "information_schema", "information_schema_only":
		return method(name, r.informationSchema), true
	case "matches":
		return method(name, r.matches), true
	case "derivative":
		return method(name, r.derivative), true
	case "get":
		return method(name, r.get), true
	case "to_dict":
		return method(name, func(c *value.Call) (value.Value, error) { return r.dict(), nil }), true
	case "create":
		return method(name, createRelation), true
	}
	return nil, false
}

// method is a function bound to a value.
func method(name string, fn func(c *value.Call) (value.Value, error)) *value.Func {
	return &value.Func{Name: name, Fn: fn}
}
