package generate

import "fmt"

// macros writes a package's macros; the root has those that all templates call.
func (b *builder) macros(p *pack) {
	own := fmt.Sprintf(`{%% macro twice(n) %%}{{ n * 2 }}_%s{%% endmacro %%}

{%% macro who() %%}{{ return(adapter.dispatch('who', '%s')()) }}{%% endmacro %%}
{%% macro default__who() %%}default_%s{%% endmacro %%}
`, p.name, p.name, p.name)
	if b.chance(40) {
		own += fmt.Sprintf("{%% macro clickhouse__who() %%}clickhouse_%s{%% endmacro %%}\n", p.name)
	}
	if p.prefix == "" {
		own += `
{% macro noted(what) %}select 'noted {{ what }}'{% endmacro %}
{% macro pieces() %}{{ return(['p', var('kind', 'q'), target.name]) }}{% endmacro %}
{% macro mapped() %}{% set d = {'a': 1} %}{% do d.update({'a': 2}) %}{% do return(d) %}{% endmacro %}
{% macro resolve_to() %}{{ api.Relation.create(schema='s', identifier='i') }}{% endmacro %}
`
	}
	b.file(p.prefix+"macros/own.sql", own)
	if b.chance(60) {
		b.file(p.prefix+"macros/tests.sql", `{% test positive(model, column_name, above=0) %}
select * from {{ model }} where not ({{ column_name }} > {{ above }})
{% endtest %}

{% test `+b.pick("has_rows(model)", "has_rows(model, least=1, names=none)")+` %}
{{ config(severity='warn', tags=['rows']) }}
select 1 from {{ model }} having count() = 0
{% endtest %}
`)
		p.macros = append(p.macros, "positive", "has_rows")
	}
	if b.chance(25) {
		b.file(p.prefix+"macros/schema.sql", b.pick(
			"{% macro generate_schema_name(custom_schema_name, node) %}{{ generate_schema_name_for_env(custom_schema_name, node) }}{% endmacro %}\n",
			"{% macro generate_schema_name(custom_schema_name, node) -%}\n  {%- if custom_schema_name is none -%}{{ target.schema }}{%- else -%}{{ custom_schema_name | trim }}{%- endif -%}\n{%- endmacro %}\n",
			"{% macro generate_schema_name(custom_schema_name, node) %}\n  {{ node.resource_type }}_{{ node.fqn[1] }}_{{ custom_schema_name or 'none' }}\n{% endmacro %}\n",
			"{% macro generate_schema_name(custom_schema_name=none, node=none) -%}\n{{ return(node.config.get('my_key', 'k') | string | replace(' ', '') | replace('[', '') | lower if node and false else 'fixed_' ~ node.package_name) }}\n{%- endmacro %}\n",
		))
	}
	if b.chance(20) {
		b.file(p.prefix+"macros/alias.sql", b.pick(
			"{% macro generate_alias_name(custom_alias_name=none, node=none) -%}\n{%- if custom_alias_name -%}{{ custom_alias_name }}{%- elif node.version -%}{{ node.name }}__{{ node.version }}{%- else -%}x_{{ node.name }}{%- endif -%}\n{%- endmacro %}\n",
			"{% macro generate_alias_name(custom_alias_name=none, node=none) -%}{{ node.package_name ~ '_' ~ node.name ~ ('_v' ~ node.version if node.version else '') }}{%- endmacro %}\n",
		))
	}
	if p.prefix == "" && b.chance(15) {
		b.file("macros/ref.sql", "{% macro ref() %}{% set r = builtins.ref(*varargs, **kwargs) %}{{ return(r) }}{% endmacro %}\n")
	}
	if b.chance(40) {
		b.file(p.prefix+"macros/properties.yml", `version: 2
macros:
  - name: twice
    description: "Doubles {{ doc('`+p.name+`_block') }}"
    arguments:
      - {name: n, type: integer, description: `+b.pick("what to double", "''", `"{{ doc('`+p.name+`_block') }}"`)+`}
    `+b.pick("meta: {a: 1}", "docs: {show: false}", "config: {meta: {b: 2}}", "config: {docs: {show: false}}")+`
`)
	}
}

// docs writes docs blocks.
func (b *builder) docs(p *pack) {
	b.file(p.prefix+"models/docs.md", fmt.Sprintf(`text around

{%% docs %s_block %%}
The *block* of %s. {{ not_rendered }}
{%% enddocs %%}
{%% docs shared_block %%} shared of %s {%% enddocs %%}
`, p.name, p.name, p.name))
	p.docs = []string{
		"plain words", fmt.Sprintf(`"{{ doc('%s_block') }}"`, p.name), `"{{ doc('shared_block') }}"`, fmt.Sprintf(`"{{ doc('%s', 'shared_block') }}"`, p.name),
		`"before {{ doc('shared_block') }} after"`, "|\n      two\n      lines", "''", `"{{ var('kind', 'v') }}"`, `"{{ env_var('OWNER', 'o') }}"`, `"{{ target.name }} {{ 1 + 1 }}"`, `"  spaced  "`, `"{% raw %}{{ x }}{% endraw %}"`,
	}
}
