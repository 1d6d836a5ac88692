package context_test

import (
	stdcontext "context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// world is one with two packages: the root project and tools.
func world(t *testing.T, said *[]context.Message) *context.World {
	t.Helper()
	macros := context.NewMacros("shop", map[string][]string{"ordered": {"tools", "shop"}})
	for pkg, text := range map[string]string{
		"shop": `
			{% macro own(x) %}own {{ x }}{% endmacro %}
			{% macro default__greet(x) %}shop greets {{ x }}{% endmacro %}
			{% macro give() %}{{ return([1, 2]) }}{% endmacro %}`,
		"tools": `
			{% macro own(x) %}tools {{ x }}{% endmacro %}
			{% macro greet(x) %}{{ adapter.dispatch('greet', 'tools')(x) }}{% endmacro %}
			{% macro default__greet(x) %}hello {{ x }}{% endmacro %}
			{% macro wave() %}{{ adapter.dispatch('wave', 'tools')() }}{% endmacro %}
			{% macro default__wave() %}default{% endmacro %}
			{% macro clickhouse__wave() %}clickhouse{% endmacro %}
			{% macro lost() %}{{ adapter.dispatch('lost', 'tools')() }}{% endmacro %}`,
		"dbt": `{% macro builtin() %}from dbt{% endmacro %}{% macro own(x) %}dbt {{ x }}{% endmacro %}`,
	} {
		parsed, err := template.Parse(source.New(pkg+".sql", "", text))
		require.NoError(t, err)
		for _, m := range parsed.Macros() {
			id := "macro." + pkg + "." + m.Name
			require.Nil(t, macros.Add(&context.Macro{Macro: &manifest.Macro{UniqueID: id, Name: m.Name, Package: pkg}, Template: m}))
		}
	}
	w := &context.World{
		Project: "shop", Target: value.DictOf("name", "dev", "schema", "shop", "type", "clickhouse"),
		Server: context.Server{Cluster: "main", LocalSuffix: "local"},
		Var: func(_, name string) (value.Value, bool) {
			v, ok := map[string]value.Value{"days": int64(7), "nested": "{{ target.name }}_x"}[name]
			return v, ok
		},
		Env:          func(name string) (string, bool) { return "set", name == "HERE" },
		Flags:        value.DictOf("FULL_REFRESH", true),
		Args:         value.NewDict(),
		Metadata:     value.NewDict(),
		InvocationID: "abc", StartedAt: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC),
		Macros: macros,
		Log:    func(m context.Message) { *said = append(*said, m) },
	}
	w.Prepare()
	return w
}

func render(t *testing.T, in *context.Rendering, text string) (string, error) {
	t.Helper()
	parsed, err := template.Parse(source.New("a.sql", "", text))
	require.NoError(t, err, text)
	out, err := in.Start(stdcontext.Background()).Render(parsed)
	if err != nil {
		return "", err
	}
	return out.Text, nil
}

// answers is a warehouse of one table with two columns.
type answers struct{ asked []string }

func (a *answers) Query(_ stdcontext.Context, sql string) (*context.Result, error) {
	a.asked = append(a.asked, sql)
	if sql == "boom" {
		return nil, errors.New("Code: 62. DB::Exception: Syntax error")
	}
	return &context.Result{
		Columns: []context.ResultColumn{{Name: "name", Type: "String"}, {Name: "type", Type: "String"}},
		Rows:    [][]any{{"id", "UInt64"}, {"note", "Nullable(String)"}}, Message: "OK",
	}, nil
}

func (a *answers) Relations(stdcontext.Context, string) ([]context.Listed, error) {
	return []context.Listed{{Schema: "s", Name: "t", Kind: "table"}}, nil
}

func TestNamesWhileRunning(t *testing.T) {
	var said []context.Message
	w := world(t, &said)
	for text, want := range map[string]string{
		`{{ target.name }} {{ project_name }} {{ invocation_id }} {{ execute }}`:                     "dev shop abc True",
		`{{ var('days') + 1 }} {{ var('nested') }} {{ var('no', 'def') }} {{ var.has_var('days') }}`: "8 dev_x def True",
		`{{ env_var('HERE') }} {{ env_var('NOT', 'x') }}`:                                            "set x",
		`{{ flags.FULL_REFRESH }} {{ flags.NO_SUCH }}|`:                                              "True |",
		`{{ own('a') }} {{ tools.own('b') }} {{ dbt.own('c') }} {{ builtin() }}`:                     "own a tools b dbt c from dbt",
		`{{ tools.greet('x') }} {{ tools.wave() }}`:                                                  "shop greets x clickhouse",
		`{% for x in give() %}{{ x }};{% endfor %}`:                                                  "1;2;",
		`{{ context['own']('z') }} {{ context['tools']['own']('y') }} {{ 'own' in context }}`:        "own z tools y True",
		`{{ tojson({'a': [1, none]}) }} {{ fromjson('[1, 2]')[1] }} {{ fromjson('x', 'bad') }}`:      `{"a": [1, null]} 2 bad`,
		`{{ fromyaml('a: [yes, 2]').a }} {{ toyaml({'a': [1, {'b': none}], 'c': 'x: y'}) }}`:         "[True, 2] a:\n- 1\n- b: null\nc: 'x: y'\n",
		`{{ set([1, 1, 2]) | length }} {{ zip([1, 2, 3], 'ab') }} {{ local_md5('x') }}`:              "2 [(1, 'a'), (2, 'b')] 9dd4e461268c8034f5c8564e155c67a6",
		`{{ diff_of_two_dicts({'Select': ['a', 'B']}, {'select': ['b']}) }}`:                         "{'Select': ['a']}",
		`{{ run_started_at.strftime('%Y-%m-%d') }} {{ modules.datetime.timedelta(days=2).days }}`:    "2026-03-31 2",
		`{{ api.Relation.create(schema='s', identifier='i', type='view').is_view }}`:                 "True",
		"{{ api.Relation.create(schema='s`', identifier='i') }}":                                     "`s\\``.`i`",
		`{% set r = api.Relation.create('', 's', 'i') %}{{ r.include(schema=false) }} {{ r.incorporate(path={'identifier': 'j'}, type='table').type }} {{ r.without_identifier() }} {{ r.database ~ '|' }}`: "`i` table `s` |",
		`{% set c = api.Column('a', 'LowCardinality(Nullable(String))') %}{{ c.quoted }} {{ c.dtype }} {{ c.is_string() }} {{ c.is_nullable }} {{ c.data_type }}`:                                           `"a" String True True LowCardinality(Nullable(String))`,
		`{% set c = api.Column('a', 'Decimal(10, 2)') %}{{ c.is_numeric() }} {{ c.numeric_precision }} {{ c.numeric_scale }} {{ c.is_integer() }}`:                                                          "True 10 2 False",
		`{{ api.Column.translate_type('string') }} {{ api.Column.translate_type('Date') }}`:                                                                                                                 "String Date",
		`{{ adapter.type() }} {{ adapter.quote('x') }} {{ adapter.get_clickhouse_cluster_name() }} {{ adapter.get_clickhouse_local_suffix() }}`:                                                             `clickhouse "x" "main" _local`,
		`{{ adapter.get_relation('', 's', 't').type }} {{ adapter.get_relation('', 's', 'u') is none }} {{ adapter.already_exists('s', 't') }}`:                                                             "table True True",
		`{% for c in adapter.get_columns_in_relation(adapter.get_relation('', 's', 't')) %}{{ c.name }}:{{ c.data_type }} {% endfor %}`:                                                                     "id:UInt64 note:Nullable(String) ",
		`{% set r, t = adapter.execute('q', fetch=true) %}{{ r }} {{ t.column_names }} {{ t[0]['name'] }} {{ t.rows[1].type }} {{ t.columns[0].values() }} {{ t | length }}`:                                "OK ('name', 'type') id Nullable(String) ('id', 'note') 2",
		`{% set r, t = adapter.execute('q', fetch=true) %}{{ t.select(['type']).column_names }} {{ t.limit(1) | length }} {{ t.rename({'name': 'n'}).column_names }}`:                                       "('type',) 1 ('n', 'type')",
		`{{ store_result('q', response='OK', agate_table=none) }}{{ load_result('q').response }} {{ load_result('nobody') is none }}`:                                                                       "OK True",
		`{{ log('one', info=true) }}{{ print('two') }}{% do exceptions.warn('three') %}`:                                                                                                                    "",
		`{{ try_or_compiler_error('bad', modules.datetime.datetime.strptime, '2020-01-02', '%Y-%m-%d').year }}`:                                                                                             "2020",
		`{{ render('{{ 1 + 1 }}') }}`: "2",
	} {
		got, err := render(t, &context.Rendering{World: w, Package: "shop", Execute: true, Warehouse: &answers{}}, text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	var heard []string
	for _, m := range said {
		heard = append(heard, m.Text)
	}
	require.Equal(t, []string{"one", "two", "three"}, heard)
}

func TestMistakesWhileRunning(t *testing.T) {
	var said []context.Message
	w := world(t, &said)
	for text, want := range map[string]struct{ code, what, fix string }{
		`{{ var('dayz') }}`:                                {"missing-variable", "the variable dayz has no value", "set it under vars: in dbt_project.yml, or write var('dayz', default)"},
		`{{ env_var('NOT') }}`:                             {"missing-env-var", "the environment variable NOT is not set", "set it, or write env_var('NOT', 'default')"},
		`{{ env_var('DBT_ENV_SECRET_X') }}`:                {"secret-here", "the secret DBT_ENV_SECRET_X cannot be read here", "read it there, or rename the variable"},
		`{{ exceptions.raise_compiler_error('no more') }}`: {"raised", "no more", ""},
		`{{ ownn('a') }}`:                                  {"undefined-macro", "there is no macro ownn", `did you mean "own"?`},
		`{{ greet('a') }}`:                                 {"undefined-macro", "there is no macro greet", "macros of a package are called with its name: tools.greet"},
		`{{ tools.greeet('a') }}`:                          {"undefined-macro", "the package tools has no macro greeet", `did you mean "greet"?`},
		`{{ tools.lost() }}`:                               {"undefined-macro", "no macro implements lost", ""},
		`{{ adapter.dispatch('greet', 'nobody')('a') }}`:   {"unknown-package", "there is no package nobody", "add it to packages.yml"},
		`{{ adapter.dispatch('tools.greet')('a') }}`:       {"bad-dispatch", "adapter.dispatch takes the name of a macro, not 'tools.greet'", "write adapter.dispatch('macro', 'package')"},
		`{{ config.require('nope') }}`:                     {"missing-config", "the setting 'nope' is required here and not set", "set it with config(nope=...)"},
		`{{ ref() }}`:                                      {"bad-ref", "ref() takes one or two names, not 0", "write ref('model') or ref('package', 'model')"},
		`{{ ref('a', ver=1) }}`:                            {"bad-ref", "ref() has no argument ver", "write ref('model') or ref('package', 'model')"},
		`{{ adapter.execute('boom') }}`:                    {"query-failed", "the warehouse refused a query of this template", ""},
		`{{ adapter.get_columns_in_relation('text') }}`:    {"bad-relation", "get_columns_in_relation takes a relation, not str", "pass ref(...), source(...) or api.Relation.create(...)"},
	} {
		_, err := render(t, &context.Rendering{World: w, Package: "shop", Execute: true, Warehouse: &answers{}}, text)
		var d diag.Diagnostic
		require.ErrorAs(t, err, &d, text)
		require.Equal(t, want.code, d.Code, text)
		require.Equal(t, want.what, d.What, text)
		require.Equal(t, want.fix, d.Fix, text)
		require.True(t, d.Span.Known(), text)
	}
	_, err := render(t, &context.Rendering{World: w, Package: "shop", Execute: true}, `{{ adapter.get_relation('', 's', 't') }}`)
	var d diag.Diagnostic
	require.ErrorAs(t, err, &d)
	require.Equal(t, "no-introspection", d.Code, "without a warehouse nothing can be asked")
	_, err = render(t, &context.Rendering{World: w, Execute: true, Warehouse: &answers{}}, `{{ adapter.execute('boom') }}`)
	var refused *context.QueryError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "boom", refused.SQL)
}

func TestParsingCollectsAndTouchesNothing(t *testing.T) {
	var said []context.Message
	w := world(t, &said)
	in := &context.Rendering{World: w, Package: "shop", This: &context.Relation{Schema: "shop", Identifier: "me"}}
	got, err := render(t, in, `{{ config(materialized='table', pre_hook='x') }}{{ config({'tags': ['a']}) }}
{{ ref('a') }} {{ ref('p', 'b', v=2) }} {{ source('s', 't') }} {{ config.get('x') }}|
{{ own('a') }}{{ tools.greet(ref('c')) }}{{ own('b') }}
{{ adapter.get_relation('', 's', 't') }} {{ adapter.get_columns_in_relation(ref('a')) }} {{ nobody.knows(1).this }}|
{{ var('missing') }} {{ tools.nothing() }} {{ adapter.no_such() }}`)
	require.NoError(t, err)
	require.Equal(t, "\n`shop`.`me` `shop`.`me` `shop`.`me` |\nown ashop greets `shop`.`me`own b\nNone [] |\nNone  ", got)
	require.Len(t, in.Seen.Configs, 2)
	require.Equal(t, "{'materialized': 'table', 'pre-hook': 'x'}", value.Repr(in.Seen.Configs[0].Values))
	require.Equal(t, "pre_hook", in.Seen.Configs[0].Places()["pre-hook"].Text())
	var refs []string
	for _, r := range in.Seen.Refs {
		refs = append(refs, r.Package+"."+r.Name+value.Str(r.Version)+" "+r.Span.Text())
	}
	require.Equal(t, []string{".aNone ref('a')", "p.b2 ref('p', 'b', v=2)", ".cNone ref('c')", ".aNone ref('a')"}, refs)
	require.Equal(t, "s", in.Seen.Sources[0].Source)
	require.Equal(t, []string{"macro.shop.own", "macro.tools.greet"}, in.Seen.Macros, "only what the template itself calls, each once")
	require.Len(t, in.Seen.MissingVars, 1)
	require.Equal(t, []string{"nobody", "tools.nothing", "adapter.no_such"}, in.Missed())
}
