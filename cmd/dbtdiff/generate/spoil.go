package generate

import "strings"

// mistake is something wrong that can be put into a project.
type mistake struct {
	what string
	file string
	text string
}

// mistakes are all of them.
func mistakes() []mistake {
	return []mistake{
		{"ref of nothing", "models/bad.sql", "select * from {{ ref('no_such_model') }}"},
		{"source of nothing", "models/bad.sql", "select * from {{ source('no', 'such') }}"},
		{"ref of no package", "models/bad.sql", "select * from {{ ref('nowhere', 'm') }}"},
		{"var of nothing", "models/bad.sql", "select {{ var('no_such_var') }}"},
		{"var of nothing when run", "models/bad.sql", "select {% if execute %}{{ var('no_such_var') }}{% endif %} 1"},
		{"env_var of nothing", "models/bad.sql", "select {{ env_var('NO_SUCH_ENV') }}"},
		{"macro of nothing", "models/bad.sql", "select {{ no_such_macro() }}"},
		{"macro of nothing in package", "models/bad.sql", "select {{ dbt.no_such_macro() }}"},
		{"name of nothing called on", "models/bad.sql", "select {{ nothing.at.all }}"},
		{"open block", "models/bad.sql", "select {% if true %} 1"},
		{"open expression", "models/bad.sql", "select {{ 1 "},
		{"unknown tag", "models/bad.sql", "{% nonsense %}"},
		{"raise", "models/bad.sql", "{{ exceptions.raise_compiler_error('no') }}"},
		{"raise when run", "models/bad.sql", "{% if execute %}{{ exceptions.raise_compiler_error('no') }}{% endif %}select 1"},
		{"wrong config type", "models/bad.sql", "{{ config(enabled=[1]) }}select 1"},
		{"wrong enabled", "models/bad.sql", "{{ config(enabled='maybe') }}select 1"},
		{"wrong tags", "models/bad.sql", "{{ config(tags={'a': 1}) }}select 1"},
		{"wrong meta", "models/bad.sql", "{{ config(meta='x') }}select 1"},
		{"wrong materialized", "models/bad.sql", "{{ config(materialized=['a']) }}select 1"},
		{"materialized nothing", "models/bad.sql", "{{ config(materialized='nonsense') }}select 1"},
		{"wrong on_schema_change", "models/bad.sql", "{{ config(on_schema_change='nonsense') }}select 1"},
		{"wrong access", "models/bad.sql", "{{ config(access='nonsense') }}select 1"},
		{"both hooks", "models/bad.sql", "{{ config(pre_hook='a') }}{{ config({'pre-hook': 'b', 'pre_hook': 'c'}) }}select 1"},
		{"group of nothing", "models/bad.sql", "{{ config(group='no_such_group') }}select 1"},
		{"config.require of nothing", "models/bad.sql", "select {{ config.require('no_such_config') }}"},
		{"a wrong argument of ref", "models/bad.sql", "select * from {{ ref(1, 2, 3) }}"},
		{"ref of no string", "models/bad.sql", "select * from {{ ref(5) }}"},
		{"self ref", "models/bad.sql", "select * from {{ ref('bad') }}"},
		{"cycle", "models/bad.sql", "select * from {{ ref('worse') }}{# #}"},
		{"duplicate alias", "models/bad.sql", "{{ config(alias='same') }}select 1"},
		{"ref of disabled", "models/bad.sql", "select * from {{ ref('worse') }}"},
		{"two of one name", "models/bad.sql", "select 1"},
		{"bad yaml", "models/bad.yml", "models:\n  - name: a\n   b: c\n"},
		{"tabs in yaml", "models/bad.yml", "models:\n\t- name: a\n"},
		{"no name", "models/bad.yml", "models:\n  - description: x\n"},
		{"models is no list", "models/bad.yml", "models: {name: a}\n"},
		{"yaml is a list", "models/bad.yml", "- a\n- b\n"},
		{"description is a list", "models/bad.yml", "models:\n  - name: bad\n    description: [1]\n"},
		{"columns is a mapping", "models/bad.yml", "models:\n  - name: bad\n    columns: {a: 1}\n"},
		{"column without name", "models/bad.yml", "models:\n  - name: bad\n    columns: [{description: x}]\n"},
		{"test of nothing", "models/bad.yml", "models:\n  - name: bad\n    data_tests: [no_such_test]\n"},
		{"test with wrong arguments", "models/bad.yml", "models:\n  - name: bad\n    columns: [{name: id, data_tests: [{not_null: {nonsense: 1}}]}]\n"},
		{"tests and data_tests", "models/bad.yml", "models:\n  - name: bad\n    tests: [unique]\n    data_tests: [unique]\n"},
		{"test is a number", "models/bad.yml", "models:\n  - name: bad\n    data_tests: [5]\n"},
		{"test with two keys", "models/bad.yml", "models:\n  - name: bad\n    data_tests: [{unique: {}, not_null: {}}]\n"},
		{"doc of nothing", "models/bad.yml", "models:\n  - name: bad\n    description: \"{{ doc('no_such_block') }}\"\n"},
		{"config is a list", "models/bad.yml", "models:\n  - name: bad\n    config: [a]\n"},
		{"described nothing", "models/bad.yml", "models:\n  - name: no_such_model\n    description: x\n"},
		{"described twice", "models/bad.yml", "models:\n  - name: bad\n    description: x\n  - name: bad\n    description: y\n"},
		{"source twice", "models/bad.yml", "sources:\n  - {name: s, tables: [{name: t}]}\n  - {name: s, tables: [{name: t}]}\n"},
		{"version without file", "models/bad.yml", "models:\n  - name: bad\n    versions: [{v: 1}, {v: 2}]\n"},
		{"latest_version of nothing", "models/bad.yml", "models:\n  - name: bad\n    latest_version: 3\n    versions: [{v: 1, defined_in: bad}]\n"},
		{"exposure without owner", "models/bad.yml", "exposures:\n  - {name: e, type: dashboard}\n"},
		{"exposure of wrong type", "models/bad.yml", "exposures:\n  - {name: e, type: nonsense, owner: {name: a}}\n"},
		{"exposure of nothing", "models/bad.yml", "exposures:\n  - {name: e, type: dashboard, owner: {name: a}, depends_on: [ref('no_such')]}\n"},
		{"freshness of wrong period", "models/bad.yml", "sources:\n  - {name: s, freshness: {warn_after: {count: 1, period: fortnight}}, tables: [{name: t}]}\n"},
		{"group without owner", "models/bad.yml", "groups:\n  - name: g\n"},
		{"unknown key", "models/bad.yml", "models:\n  - name: bad\n    nonsense: 1\n"},
		{"unknown section", "models/bad.yml", "nonsense:\n  - name: bad\n"},
		{"wrong config in yaml", "models/bad.yml", "models:\n  - name: bad\n    config: {enabled: maybe}\n"},
		{"unit test of nothing", "models/bad.yml", "unit_tests:\n  - {name: u, model: no_such, given: [], expect: {rows: []}}\n"},
		{"two macros", "macros/bad.sql", "{% macro twice(n) %}{% endmacro %}"},
		{"open macro", "macros/bad.sql", "{% macro open(n) %}"},
		{"text between macros", "macros/bad.sql", "text {{ ref('x') }} {% macro fine(n) %}{% endmacro %}"},
		{"two docs", "models/bad.md", "{% docs one %}{% enddocs %}{% docs one %}{% enddocs %}"},
		{"open docs", "models/bad.md", "{% docs one %}"},
		{"snapshot without strategy", "snapshots/bad.sql", "{% snapshot bad %}{{ config(unique_key='id') }}select 1{% endsnapshot %}"},
		{"snapshot without key", "snapshots/bad.sql", "{% snapshot bad %}{{ config(strategy='check', check_cols='all') }}select 1{% endsnapshot %}"},
		{"snapshot left open", "snapshots/bad.sql", "{% snapshot bad %}select 1"},
		{"test file with config error", "tests/bad.sql", "{{ config(severity='nonsense') }}select 1"},
		{"hook of a missing macro", "models/bad.sql", "{{ config(pre_hook='{{ no_such_macro() }}') }}select 1"},
		{"hook with open template", "models/bad.sql", "{{ config(post_hook='{{ 1 ') }}select 1"},
		{"dispatch of nothing", "models/bad.sql", "select {{ adapter.dispatch('no_such')() }}"},
		{"validator", "models/bad.sql", "select {{ config.get('materialized', validator=5) }}"},
		{"empty model", "models/bad.sql", ""},
		{"project key", "dbt_project.yml", "nonsense-key: 1\n"},
		{"project tree", "dbt_project.yml", "analyses:\n  shop:\n    nowhere:\n      +enabled: true\n"},
		{"project undefined", "dbt_project.yml", "clean-targets: [\"{{ no_such_name }}\"]\n"},
		{"project var", "dbt_project.yml", "clean-targets: [\"{{ var('no_such_var') }}\"]\n"},
		{"project syntax", "dbt_project.yml", "clean-targets: [\"{{ 1 \"]\n"},
	}
}

// Spoiled are small projects, one for each kind of mistake.
func Spoiled() []Project {
	var all []Project
	for i, m := range mistakes() {
		b := newBuilder(uint64(i))
		b.packages = []*pack{{name: "shop"}}
		b.file("dbt_project.yml", "name: shop\nprofile: shop\nversion: '1.0'\nconfig-version: 2\n")
		b.file("models/good.sql", "select 1 as id")
		b.file("macros/own.sql", "{% macro twice(n) %}{{ n * 2 }}{% endmacro %}\n")
		b.profile()
		b.env = map[string]string{}
		b.put(m)
		all = append(all, Project{Seed: uint64(i), Files: b.files, Env: b.env, Mistake: m.what})
	}
	return all
}

// spoil puts some mistake into the root project and says which.
func (b *builder) spoil() string {
	all := mistakes()
	m := all[b.rnd.IntN(len(all))]
	b.put(m)
	return m.what
}

// put writes a mistake, and what it needs to be one.
func (b *builder) put(m mistake) {
	text := m.text
	if m.file == "dbt_project.yml" {
		text = b.files[m.file] + text
	}
	b.file(m.file, text)
	switch {
	case strings.HasPrefix(m.what, "cycle"):
		b.file("models/worse.sql", "select * from {{ ref('bad') }}")
	case m.what == "duplicate alias":
		b.file("models/worse.sql", "{{ config(alias='same') }}select 1")
	case m.what == "ref of disabled":
		b.file("models/worse.sql", "{{ config(enabled=false) }}select 1")
	case m.what == "two of one name":
		b.file("models/staging/bad.sql", "select 2")
	case m.file == "models/bad.yml" && m.what != "version without file" && m.what != "described nothing":
		b.file("models/bad.sql", "select 1")
	}
}
