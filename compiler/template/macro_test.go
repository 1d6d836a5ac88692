package template_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

func parse(t testing.TB, text string) *template.Template {
	t.Helper()
	tmpl, err := template.Parse(source.New("t.sql", "", text))
	require.NoError(t, err)
	return tmpl
}

// project renders a template with the macros of some files bound as globals.
func project(t testing.TB, opts template.Options, text string, files ...string) (*template.Output, error) {
	t.Helper()
	g := globals{"return": template.Return{}}
	r := template.NewRenderer(context.Background(), g, opts)
	for _, f := range files {
		for _, m := range parse(t, f).Macros() {
			g[m.Name] = r.Bind(m)
		}
	}
	g["dispatch"] = &value.Func{Name: "dispatch", Fn: func(c *value.Call) (value.Value, error) {
		return g["default__"+c.Args[0].(string)], nil
	}}
	return r.Render(parse(t, text))
}

func TestBoundMacros(t *testing.T) {
	for name, c := range map[string]struct{ text, macros, want string }{
		"text":                    {"[{{ m(1) }}]", "{% macro m(a) %}<{{ a }}>{% endmacro %}", "[<1>]"},
		"return":                  {"{{ m()[1] }}", "{% macro m() %}lost{{ return([1, 2]) }}lost{% endmacro %}", "2"},
		"return none":             {"{{ m() is none }}", "{% macro m() %}{% do return(none) %}{% endmacro %}", "True"},
		"return in a loop":        {"{{ m() }}", "{% macro m() %}{% for i in range(9) %}{{ i }}{% if i == 3 %}{{ return('at ' ~ i) }}{% endif %}{% endfor %}{% endmacro %}", "at 3"},
		"return in a set block":   {"{{ m() }}!", "{% macro m() %}{% set x %}{{ return('r') }}{% endset %}{% endmacro %}", "r!"},
		"return of a macro":       {"a{{ m(1) }}b", "{% macro m(x) %}lost{{ return(dispatch('m')(x)) }}{% endmacro %}{% macro default__m(x) %}<{{ x }}>{% endmacro %}", "a<1>b"},
		"do return of a macro":    {"a{{ m(1) }}b", "{% macro m(x) %}lost{% do return(dispatch('m')(x)) %}{% endmacro %}{% macro default__m(x) %}<{{ x }}>{% endmacro %}", "a<1>b"},
		"return of a value twice": {"{{ m(1) }}", "{% macro m(x) %}{{ return(dispatch('m')(x)) }}{% endmacro %}{% macro default__m(x) %}lost{{ return({'x': x}) }}{% endmacro %}", "{'x': 1}"},
		"returned value used":     {"{{ m(2) + 1 }}", "{% macro m(x) %}{{ return(dispatch('m')(x)) }}{% endmacro %}{% macro default__m(x) %}{{ return(x * 2) }}{% endmacro %}", "5"},
		"return through caller":   {"{% call m() %}lost{{ return('early') }}{% endcall %}", "{% macro m() %}lost{{ caller() }}lost{% endmacro %}", "early"},
		"return in a caller's own macro": {"{{ o() }}", "{% macro o() %}a{% call i() %}b{{ return(dispatch('x')()) }}{% endcall %}c{% endmacro %}" +
			"{% macro i() %}d{{ caller() }}e{% endmacro %}{% macro default__x() %}X{% endmacro %}", "aXc"},
		"no template around":     {"{{ m() }}", "{% set x = 1 %}{% macro m() %}[{{ x }}]{% endmacro %}", "[]"},
		"macros know each other": {"{{ a() }}", "{% macro a() %}a{{ b() }}{% endmacro %}{% macro b() %}b{% endmacro %}", "ab"},
		"recursion":              {"{{ f(3) }}", "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}", "3210"},
		"call block":             {"{% call(x) m() %}{{ x }}!{% endcall %}", "{% macro m() %}{{ caller(1) }}{{ caller(2) }}{% endmacro %}", "1!2!"},
		"macro inside of one":    {"{{ m() }}", "{% macro m() %}{% macro i() %}I{% endmacro %}{{ i() }}{{ i() }}{% endmacro %}", "II"},
		"mapped":                 {"{{ [1, 2] | map('string') | join(',') }}{{ m }}", "{% macro m() %}{% endmacro %}", "1,2<Macro 'm'>"},
		"typed parameters":       {"{{ m(1) }}", "{% macro m(a: int, b: list[str] = ['x']) %}{{ a }}{{ b }}{% endmacro %}", "1['x']"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := project(t, template.Options{}, c.text, c.macros)
			require.NoError(t, err)
			require.Equal(t, c.want, out.Text)
		})
	}
}

func TestReturnOutsideOfAMacro(t *testing.T) {
	_, err := project(t, template.Options{}, "{{ return(1) }}")
	require.EqualError(t, err, "t.sql:1:4: return() outside of a macro")
}

func TestUndefinedDiffersInMacros(t *testing.T) {
	opts := template.Options{Undefined: value.Chainable}
	out, err := project(t, opts, "{{ nope.x().y }}ok")
	require.NoError(t, err)
	require.Equal(t, "ok", out.Text)
	_, err = project(t, opts, "{{ m() }}", "{% macro m() %}{{ nope.x }}{% endmacro %}")
	require.ErrorContains(t, err, "'nope' is undefined")
	opts.MacroUndefined = value.Chainable
	_, err = project(t, opts, "{{ m() }}", "{% macro m() %}{{ nope.x }}{% endmacro %}")
	require.NoError(t, err)
}

func TestDefinitions(t *testing.T) {
	tmpl := parse(t, `{% macro one(a, b=2) %}{{ one() }}{{ ref(a) }}{{ b }}{% endmacro %}
{%- test positive(model, column_name) -%}select{%- endtest -%}
{% data_test other(model) %}{% enddata_test %}
{% materialization table, adapter='clickhouse', supported_languages=['sql', 'python'] %}x{% endmaterialization %}
{% materialization mine, default %}{{ supported_languages }}{% endmaterialization %}
{% if a %}{% macro hidden() %}{% endmacro %}{% endif %}`)
	type def struct {
		name, written string
		kind          template.Kind
	}
	var got []def
	for _, m := range tmpl.Macros() {
		got = append(got, def{m.Name, m.Written, m.Kind})
	}
	require.Equal(t, []def{
		{"one", "one", template.KindMacro},
		{"test_positive", "positive", template.KindTest},
		{"test_other", "other", template.KindTest},
		{"materialization_table_clickhouse", "table", template.KindMaterialization},
		{"materialization_mine_default", "mine", template.KindMaterialization},
	}, got)
	one, table, mine := tmpl.Macros()[0], tmpl.Macros()[3], tmpl.Macros()[4]
	require.Equal(t, "{% macro one(a, b=2) %}{{ one() }}{{ ref(a) }}{{ b }}{% endmacro %}", one.Span.Text())
	require.Equal(t, "one", one.NameSpan.Text())
	require.Equal(t, []string{"one", "ref"}, one.Names())
	require.Equal(t, "{%- test positive(model, column_name) -%}select{%- endtest -%}", tmpl.Macros()[1].Span.Text())
	require.False(t, one.Params[0].HasDefault())
	require.Equal(t, "2", one.Params[1].Default.Text())
	require.Equal(t, []string{"sql", "python"}, table.Languages)
	require.Equal(t, []string{"sql"}, mine.Languages)
	v, err := template.NewRenderer(context.Background(), nil, template.Options{}).Call(mine, &value.Call{})
	require.NoError(t, err)
	require.Equal(t, "['sql']", v)
}

func TestBlocks(t *testing.T) {
	tmpl := parse(t, "{% snapshot s %}\n{{ config(a=1) }} select {{ x }}{% set y = 1 %}{{ y }}\n{% endsnapshot %}{% docs d %}\n# {{ not jinja %}\n{% enddocs %}")
	require.Len(t, tmpl.Snapshots(), 1)
	s := tmpl.Snapshots()[0]
	require.Equal(t, "s", s.Name)
	require.Equal(t, "\n{{ config(a=1) }} select {{ x }}{% set y = 1 %}{{ y }}\n", s.Body.Text())
	require.Equal(t, "{% snapshot s %}"+s.Body.Text()+"{% endsnapshot %}", s.Span.Text())
	require.Equal(t, []string{"config", "x"}, s.Template().Names())
	require.Len(t, s.Template().Calls(), 1)
	out, err := template.NewRenderer(context.Background(), globals{"x": "X", "config": &value.Func{Fn: func(*value.Call) (value.Value, error) { return "", nil }}}, template.Options{}).Render(s.Template())
	require.NoError(t, err)
	require.Equal(t, "\n select X1\n", out.Text)
	d := tmpl.Docs()
	require.Len(t, d, 1)
	require.Equal(t, "\n# {{ not jinja %}\n", d[0].Text)
	require.Equal(t, d[0].Text, d[0].Body.Text())
	require.Equal(t, "{% docs d %}\n# {{ not jinja %}\n{% enddocs %}", d[0].Span.Text())
}

func TestParseDocs(t *testing.T) {
	blocks, err := template.ParseDocs(source.New("d.md", "", "{{ what? }} {% nope\n{# {% docs no %} #}{% docs a %}A\r\n{%- enddocs %}\n{% raw %}{% docs b %}{% endraw %}{%docs c%}{% endocs %} {% enddocs %}"))
	require.NoError(t, err)
	require.Len(t, blocks, 2)
	require.Equal(t, "a", blocks[0].Name)
	require.Equal(t, "A", blocks[0].Text)
	require.Equal(t, "c", blocks[1].Name)
	require.Equal(t, "{% endocs %} ", blocks[1].Text)
	_, err = template.ParseDocs(source.New("d.md", "", "x\n{% docs a %}A"))
	require.ErrorContains(t, err, "d.md:2:1: this 'docs' block is never closed")
	_, err = template.ParseDocs(source.New("d.md", "", "{% docs %}A{% enddocs %}"))
	require.ErrorContains(t, err, "expected the name of the docs block")
}

func TestOnCallHearsOfBoundMacros(t *testing.T) {
	var heard []string
	_, err := project(t, template.Options{OnCall: func(m *template.Macro) { heard = append(heard, m.Name) }},
		"{% macro own() %}{% endmacro %}{{ own() }}{{ a() }}", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% endmacro %}")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, heard)
}

func TestBindToOtherGlobals(t *testing.T) {
	m := parse(t, "{% macro m() %}{{ x }}{% endmacro %}").Macros()[0]
	r := template.NewRenderer(context.Background(), globals{"x": "mine"}, template.Options{})
	for want, fn := range map[string]value.Value{"mine": r.Bind(m), "theirs": r.Bind(m, globals{"x": "theirs"})} {
		v, err := value.Invoke(fn, &value.Call{})
		require.NoError(t, err)
		require.Equal(t, want, v)
	}
}

func TestStaticFacts(t *testing.T) {
	tmpl := parse(t, "{{ config(materialized='table', tags=['a', -1], meta={'k': none}) }}{{ ref('a') }}{{ ref('p', 'b', v=2) }}"+
		"{% if x %}{{ source('s', t) }}{% endif %}{{ ref(*y) }}{% macro m() %}{{ ref('no') }}{% endmacro %}{% set l = 1 %}{{ l }}")
	require.Equal(t, []string{"config", "ref", "source", "t", "x", "y"}, tmpl.Names())
	calls := tmpl.Calls()
	require.Len(t, calls, 5)
	require.Equal(t, "config", calls[0].Name)
	require.True(t, calls[0].Literal)
	require.Equal(t, "{'k': None}", value.Repr(calls[0].Kwargs[2].Value))
	require.Equal(t, "['a', -1]", value.Repr(calls[0].Kwargs[1].Value))
	require.Equal(t, []value.Value{"p", "b"}, calls[2].Args)
	require.Equal(t, []value.Kwarg{{Name: "v", Value: int64(2)}}, calls[2].Kwargs)
	require.False(t, calls[3].Literal)
	require.True(t, calls[3].Nested)
	require.False(t, calls[4].Literal)
	require.False(t, tmpl.IsStatic())
	require.True(t, parse(t, "select 1 {# c #} from x").IsStatic())
}
