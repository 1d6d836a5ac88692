package template_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// globals are the names a test gives a template.
type globals map[string]value.Value

func (g globals) Lookup(name string) (value.Value, bool) { v, ok := g[name]; return v, ok }

func render(t *testing.T, text string, g globals) string {
	t.Helper()
	tmpl, err := template.Parse(source.New("t.sql", "", text))
	require.NoError(t, err)
	out, err := template.NewRenderer(context.Background(), g, template.Options{}).Render(tmpl)
	require.NoError(t, err)
	return out.Text
}

func TestRender(t *testing.T) {
	for text, want := range map[string]string{
		"a\n":             "a",
		"{{ 1 + 2 * 3 }}": "7",
		"{{ x.y['z'] }}":  "deep",
		"{% for i in [1, 2, 3] if i != 2 %}{{ i }}{{ ',' if not loop.last }}{% endfor %}":                                   "1,3",
		"{% set x %}a{{ 1 }}{% endset %}{{ x }}{{ x|upper }}":                                                               "a1A1",
		"{% macro m(a, b=2) %}{{ a }}-{{ b }}{{ varargs }}{{ caller() }}{% endmacro %}{% call m(1, 2, 3) %}in{% endcall %}": "1-2(3,)in",
		"{%- if x %} yes {%- else %} no {%- endif %} ":                                                                      " yes ",
		"{{ {'a': {'b': 1}}}}": "{'a': {'b': 1}}",
		"{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}": "6",
	} {
		require.Equal(t, want, render(t, text, globals{"x": value.DictOf("y", value.DictOf("z", "deep"))}), text)
	}
}
