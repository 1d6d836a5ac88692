package template_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// origins lists where each of some words of the output came from.
func origins(o *template.Output, words ...string) []string {
	var list []string
	for _, w := range words {
		var at []string
		for _, s := range o.OriginStack(strings.Index(o.Text, w)) {
			at = append(at, s.String()+" "+s.Text())
		}
		list = append(list, strings.Join(at, " < "))
	}
	return list
}

func TestOriginOfTextAndExpressions(t *testing.T) {
	tmpl := parse(t, "select\r\n  one,\r\n  {{ 'two' }}\r\n{%- if true %} three{% endif %}")
	out, err := template.NewRenderer(context.Background(), nil, template.Options{}).Render(tmpl)
	require.NoError(t, err)
	require.Equal(t, "select\n  one,\n  two three", out.Text)
	require.Equal(t, []string{"t.sql:1:1 s", "t.sql:2:3 o", "t.sql:3:6 'two'", "t.sql:4:16 t"}, origins(out, "select", "one", "two", "three"))
	require.Equal(t, "t.sql:2:4", out.Origin(strings.Index(out.Text, "ne,")).String())
	require.Equal(t, "t.sql:1:1", out.Origin(-1).String())
	require.True(t, out.Origin(1000).Known())
}

func TestOriginInMacros(t *testing.T) {
	out, err := project(t, template.Options{}, "a\n{{ m('X') }}\n{% call w() %}body{% endcall %}",
		"{% macro m(x) %}lost{{ return(dispatch('m')(x)) }}{% endmacro %}\n{% macro default__m(x) %}\nin {{ x }}\n{% endmacro %}{% macro w() %}({{ caller() }}){% endmacro %}")
	require.NoError(t, err)
	require.Equal(t, "a\n\nin X\n\n(body)", out.Text)
	require.Equal(t, []string{
		"t.sql:3:1 i < t.sql:1:31 dispatch('m')(x) < t.sql:2:4 m('X')",
		"t.sql:3:7 x < t.sql:1:31 dispatch('m')(x) < t.sql:2:4 m('X')",
		"t.sql:4:30 ( < t.sql:3:9 w()",
		"t.sql:3:15 b < t.sql:4:34 caller() < t.sql:3:9 w()",
	}, origins(out, "in", "X", "(", "body"))
}

func TestOriginOfTextThatWasAValue(t *testing.T) {
	out, err := project(t, template.Options{}, "{% set x %}kept{% endset %}-- {{ x }} {{ m()|upper }}", "{% macro m() %}m{% endmacro %}")
	require.NoError(t, err)
	require.Equal(t, []string{"t.sql:1:34 x", "t.sql:1:42 m()|upper"}, origins(out, "kept", "M"))
}

func TestParseTextPlacesErrorsInTheFile(t *testing.T) {
	for name, c := range map[string]struct{ file, text, scalar, want string }{
		"plain":   {"a: {{ x + }}\n", "{{ x + }}", "{{ x + }}", "f.yml:1:11"},
		"quoted":  {"a: \"{{ x + }}\"\n", "{{ x + }}", "\"{{ x + }}\"", "f.yml:1:12"},
		"escaped": {"a: \"\\\"q\\\" {{ x + }}\"\n", "\"q\" {{ x + }}", "\"\\\"q\\\" {{ x + }}\"", "f.yml:1:18"},
		"block":   {"a: |\n  one\n  {{ x + }}\nb: 1", "one\n{{ x + }}\n", "|\n  one\n  {{ x + }}\n", "f.yml:3:10"},
		"folded":  {"a: >\n  one\n  two {{ x + }}\nb: 1", "one two {{ x + }}\n", ">\n  one\n  two {{ x + }}\n", "f.yml:3:14"},
		"other":   {"a: ???\n", "{{ x + }}", "???", "f.yml:1:4"},
	} {
		t.Run(name, func(t *testing.T) {
			f := source.New("f.yml", "", c.file)
			start := strings.Index(c.file, c.scalar)
			_, err := template.ParseText(c.text, source.Span{File: f, Start: start, End: start + len(c.scalar)})
			require.Error(t, err)
			require.Equal(t, c.want, strings.SplitN(err.Error(), ": ", 2)[0])
		})
	}
}
