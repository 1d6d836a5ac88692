package artifact

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

func TestPrimaryKey(t *testing.T) {
	test := func(name string, enabled bool, columns ...string) *manifest.Node {
		kwargs := value.DictOf("column_name", columns[0])
		if len(columns) > 1 {
			list := value.NewList()
			for _, c := range columns {
				list.Elems = append(list.Elems, c)
			}
			kwargs = value.DictOf("combination_of_columns", list)
		}
		return &manifest.Node{
			ResourceType: manifest.Test, Test: &manifest.TestInfo{Name: name, Kwargs: kwargs, Attached: "model.shop.a"},
			Config: manifest.NewConfig(value.DictOf("enabled", enabled), nil),
		}
	}
	key := manifest.Constraint{Type: "primary_key", Columns: []string{"x", "y"}}
	for name, c := range map[string]struct {
		node  manifest.Node
		tests []*manifest.Node
		want  []string
	}{
		"nothing said": {},
		"a constraint beats tests": {
			manifest.Node{Constraints: []manifest.Constraint{{Type: "check"}, key}}, []*manifest.Node{test("unique", true, "z")}, []string{"x", "y"},
		},
		"a constraint of a column": {
			manifest.Node{Columns: []manifest.Column{{Name: "a"}, {Name: "b", Constraints: []manifest.Constraint{{Type: "primary_key"}}}}}, nil, []string{"b"},
		},
		"unique and not null": {
			tests: []*manifest.Node{test("unique", true, "b"), test("not_null", true, "b"), test("unique", true, "a"), test("not_null", true, "c")}, want: []string{"b"},
		},
		"unique and not null, disabled": {
			tests: []*manifest.Node{test("unique", false, "b"), test("not_null", true, "b"), test("unique", true, "a")}, want: []string{"b"},
		},
		"unique alone":           {tests: []*manifest.Node{test("unique", true, "b"), test("unique", true, "a"), test("unique", false, "c")}, want: []string{"a", "b"}},
		"unique alone, disabled": {tests: []*manifest.Node{test("unique", false, "c")}, want: []string{"c"}},
		"several columns":        {tests: []*manifest.Node{test("unique_combination_of_columns", true, "b", "a")}, want: []string{"a", "b"}},
		"other tests":            {tests: []*manifest.Node{test("not_null", true, "a"), test("accepted_values", true, "a")}},
	} {
		require.Equal(t, c.want, primaryKey(&c.node, c.tests), name)
	}
}

// Disabled tests count, singular ones and those of nothing do not.
func TestTestsByNode(t *testing.T) {
	attached := func(id, to string) *manifest.Node {
		return &manifest.Node{UniqueID: id, Test: &manifest.TestInfo{Name: "unique", Attached: to}}
	}
	singular := &manifest.Node{Test: &manifest.TestInfo{Attached: "a"}}
	m := &manifest.Manifest{
		Nodes:    map[string]*manifest.Node{"1": attached("1", "a"), "2": attached("2", ""), "3": singular, "4": {}},
		Disabled: map[string][]*manifest.Node{"5": {attached("5", "a")}},
	}
	tests := testsByNode(m)
	require.Len(t, tests, 1)
	require.Len(t, tests["a"], 2)
}
