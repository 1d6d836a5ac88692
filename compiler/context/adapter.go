package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// operation is a method of the adapter that needs a warehouse. While the
// project is read it gives what stands in for an answer.
type operation struct {
	standIn func() value.Value
	run     func(r *Rendering, c *value.Call) (value.Value, error)
}

// adapterNames are the names that lead to the warehouse.
func adapterNames() map[string]constructor {
	operations := map[string]operation{}
	for _, theme := range []map[string]operation{readOperations(), writeOperations(), clusterOperations()} {
		for name, op := range theme {
			operations[name] = op
		}
	}
	return map[string]constructor{
		"adapter": func(r *Rendering) (value.Value, bool) { return &adapter{in: r, operations: operations}, true },
		"api":     constant(func(*World) value.Value { return value.DictOf("Relation", relationType{}, "Column", columnType{}) }),
		"adapter_macro": function("adapter_macro", func(r *Rendering, c *value.Call) (value.Value, error) {
			return nil, mistake(c, "removed", "adapter_macro is no more", "", "write adapter.dispatch('macro', 'package')(...)")
		}),
	}
}

// adapter is the object behind the name adapter.
type adapter struct {
	in         *Rendering
	operations map[string]operation
}

func (a *adapter) TypeName() string {
	if a.in.Execute {
		return "RuntimeDatabaseWrapper"
	}
	return "ParseDatabaseWrapper"
}

func (a *adapter) Str() string { return "<" + a.TypeName() + ">" }

// Attr answers the methods that need no warehouse, and then the operations.
func (a *adapter) Attr(name string) (value.Value, bool) {
	switch name {
	case "dispatch":
		return method(name, a.in.dispatch), true
	case "type":
		return method(name, func(*value.Call) (value.Value, error) { return "clickhouse", nil }), true
	case "quote", "quote_seed_column", "quote_as_configured":
		return method(name, quoteCall(name)), true
	case "Relation":
		return relationType{}, true
	case "Column":
		return columnType{}, true
	case "behavior":
		return behavior{}, true
	case "convert_type":
		return method(name, func(*value.Call) (value.Value, error) { return "String", nil }), true
	case "config":
		return value.DictOf("project_name", a.in.Project, "target_name", targetName(a.in.Target)), true
	}
	op, ok := a.operations[name]
	if !ok {
		a.in.miss("adapter." + name)
		return nil, false
	}
	return method(name, func(c *value.Call) (value.Value, error) {
		if !a.in.Execute {
			return op.standIn(), nil
		}
		return op.run(a.in, c)
	}), true
}

// adapterMethods are all methods of the adapter, for suggestions.
func adapterMethods(r *Rendering) []string {
	v, _ := r.Lookup("adapter")
	a, ok := v.(*adapter)
	if !ok {
		return nil
	}
	all := []string{"dispatch", "type", "quote", "quote_seed_column", "quote_as_configured", "Relation", "Column", "behavior", "config"}
	for name := range a.operations {
		all = append(all, name)
	}
	return all
}

func targetName(target *value.Dict) value.Value {
	v, _ := target.Get("name")
	return v
}

func quoteCall(name string) func(c *value.Call) (value.Value, error) {
	return func(c *value.Call) (value.Value, error) {
		args, err := c.Bind(name, value.Required("identifier"), value.Optional("quote_config", nil))
		if err != nil {
			return nil, err
		}
		text := textOf(args[0])
		if name == "quote_seed_column" && args[1] != nil && !value.Truth(args[1]) {
			return text, nil
		}
		return quoteStandard(text), nil
	}
}

// dispatch is adapter.dispatch: the closest implementation of a macro.
func (r *Rendering) dispatch(c *value.Call) (value.Value, error) {
	args, err := c.Bind("dispatch", value.Required("macro_name"), value.Optional("macro_namespace", nil), value.Optional("packages", nil))
	if err != nil {
		return nil, err
	}
	name, ok := args[0].(string)
	if !ok || strings.Contains(name, ".") {
		return nil, mistake(c, "bad-dispatch", "adapter.dispatch takes the name of a macro, not "+value.Repr(args[0]), "",
			"write adapter.dispatch('macro', 'package')")
	}
	if r.Macros == nil {
		return nil, mistake(c, "bad-dispatch", "there are no macros here", "", "")
	}
	space := textOf(args[1])
	found, searched, ok := r.Macros.Dispatch(r.Package, name, space)
	if !ok {
		return nil, mistake(c, "unknown-package", "there is no package "+space, "adapter.dispatch searches the packages of the project",
			firstOf(diag.DidYouMean(space, r.Macros.Packages()), "add it to packages.yml"))
	}
	if found == nil {
		return nil, mistake(c, "undefined-macro", "no macro implements "+name, "searched for "+strings.Join(searched, ", "),
			diag.DidYouMean(name, r.Macros.Dispatched()))
	}
	return r.bind(found), nil
}

// relationType is the class itself: api.Relation.
type relationType struct{}

func (relationType) TypeName() string { return "type" }
func (relationType) Str() string      { return "<class 'ClickHouseRelation'>" }

func (relationType) Attr(name string) (value.Value, bool) {
	switch name {
	case "create":
		return method(name, createRelation), true
	case "Table", "View", "CTE", "MaterializedView", "External":
		return map[string]string{"Table": "table", "View": "view", "CTE": "cte", "MaterializedView": "materialized_view", "External": "external"}[name], true
	case "get_relation_type":
		return relationType{}, true
	}
	return nil, false
}

// behavior answers adapter.behavior.<flag>: all are off.
type behavior struct{}

func (behavior) TypeName() string { return "Behavior" }
func (behavior) Str() string      { return "<behavior>" }
func (behavior) Truth() bool      { return false }

func (behavior) Attr(string) (value.Value, bool) { return value.DictOf("no_warn", false), true }
