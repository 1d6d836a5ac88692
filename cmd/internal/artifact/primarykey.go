package artifact

import (
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// primaryKey is what dbt takes for a model's key: the columns of its
// primary_key constraint, else those that are tested to be unique and not
// null, else those that are tested to be unique, by enabled tests first.
func primaryKey(n *manifest.Node, tests []*manifest.Node) []string {
	if key := constrained(n); key != nil {
		return key
	}
	notNull, unique, disabled := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, t := range tests {
		into := notNull
		switch t.Test.Name {
		case "unique", "unique_combination_of_columns":
			if into = unique; !t.Config.Bool("enabled", true) {
				into = disabled
			}
		case "not_null":
		default:
			continue
		}
		for _, column := range tested(t) {
			into[column] = true
		}
	}
	both := map[string]bool{}
	for column := range notNull {
		if unique[column] || disabled[column] {
			both[column] = true
		}
	}
	for _, found := range []map[string]bool{both, unique, disabled} {
		if len(found) > 0 {
			return slices.Sorted(maps.Keys(found))
		}
	}
	return nil
}

// constrained are the columns of the primary_key constraint; nil without one.
func constrained(n *manifest.Node) []string {
	for _, c := range n.Constraints {
		if c.Type == "primary_key" {
			return c.Columns
		}
	}
	for _, col := range n.Columns {
		for _, c := range col.Constraints {
			if c.Type == "primary_key" {
				return []string{col.Name}
			}
		}
	}
	return nil
}

// tested are the columns that a generic test is about.
func tested(t *manifest.Node) []string {
	if t.Test.Kwargs == nil {
		return nil
	}
	if column, ok := t.Test.Kwargs.Get("column_name"); ok {
		return []string{value.Str(column)}
	}
	columns, _ := t.Test.Kwargs.Get("combination_of_columns")
	list, ok := columns.(*value.List)
	if !ok {
		return nil
	}
	var out []string
	for _, c := range list.Elems {
		out = append(out, value.Str(c))
	}
	return out
}

// testsByNode are the generic tests, disabled ones included, by the id of what
// they are attached to.
func testsByNode(m *manifest.Manifest) map[string][]*manifest.Node {
	tests := map[string][]*manifest.Node{}
	add := func(n *manifest.Node) {
		if n.Test != nil && !n.Test.Singular() && n.Test.Attached != "" {
			tests[n.Test.Attached] = append(tests[n.Test.Attached], n)
		}
	}
	for _, n := range m.Nodes {
		add(n)
	}
	for _, nodes := range m.Disabled {
		for _, n := range nodes {
			add(n)
		}
	}
	return tests
}
