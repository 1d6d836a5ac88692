package generate

import (
	"fmt"
	"strings"
)

// fill writes all files of a package but the first.
func (b *builder) fill(p *pack) {
	b.macros(p)
	b.docs(p)
	if b.chance(40) {
		p.groups = []string{p.name + "_team"}
	}
	b.sourceFile(p)
	b.seeds(p)
	var inFolder = map[string][]*node{}
	for range 3 + b.rnd.IntN(4) {
		n := &node{pkg: p.name, kind: "model", folder: b.pick(folders()...), name: b.name("m")}
		if b.chance(15) {
			n.versions = []string{"1", "2"}
		}
		b.model(p, n)
		inFolder[n.folder] = append(inFolder[n.folder], n)
		b.made = append(b.made, n)
	}
	if b.chance(30) {
		b.file(p.prefix+"models/dormant/"+b.name("off")+".sql", "{{ config(enabled=false) }}\nselect 1")
	}
	for _, f := range folders() {
		if len(inFolder[f]) > 0 {
			b.properties(p, f, inFolder[f])
		}
	}
	b.snapshots(p)
	b.others(p)
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "/")
}

// model writes a model, or one file for each of its versions.
func (b *builder) model(p *pack, n *node) {
	if len(n.versions) == 0 {
		b.file(p.prefix+join("models", n.folder, n.name+".sql"), b.sql(p, n))
		return
	}
	for _, v := range n.versions {
		b.file(p.prefix+join("models", n.folder, n.name+"_v"+v+".sql"), b.sql(p, n))
	}
	b.versioned = append(b.versioned, n)
}

// sql is a model's template.
func (b *builder) sql(p *pack, n *node) string {
	var s strings.Builder
	for range b.rnd.IntN(3) {
		s.WriteString(b.call(models(), 1, 4) + "\n")
	}
	if b.chance(20) && len(n.versions) == 0 {
		fmt.Fprintf(&s, "{{ config(alias='%s_as') }}\n", n.name)
	}
	s.WriteString("select\n")
	for i := range 1 + b.rnd.IntN(5) {
		fmt.Fprintf(&s, "  '%s' as c%d,\n", b.expression(p), i)
	}
	s.WriteString("  1 as id\n")
	s.WriteString(b.from(p))
	if b.chance(20) {
		s.WriteString("{% if is_incremental() %}\nwhere id > (select max(id) from {{ this }})\n{% endif %}\n")
	}
	if b.chance(15) {
		s.WriteString("{% if execute %}-- executes {{ graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list | length }}{% else %}-- parses{% endif %}\n")
	}
	return s.String()
}

// expression is something that a template can ask for.
func (b *builder) expression(p *pack) string {
	all := []string{
		"{{ var('n', 1) }}", "{{ var('kind', 'def') }}", "{{ var('list', []) }}", "{{ var('nested', {}) }}", "{{ var('templated', '-') }}", "{{ var('owner', '-') }}",
		"{{ var('day', '-') }}", "{{ var('empty', 'e') }}", "{{ var('nothing', 'x') }}", "{{ var.has_var('flag') }}", "{{ var('flag', none) }}",
		"{{ env_var('OWNER', 'nobody') }}", "{{ env_var('TARGET_NAME', 'dev') }}",
		"{{ this }}", "{{ this.schema }}", "{{ this.identifier }}", "{{ this.name }}", "{{ this.table }}", "{{ this.database }}", "{{ this.include(schema=false) }}",
		"{{ config.get('materialized') }}", "{{ config.get('my_key', 'none') }}", "{{ config.get('tags') }}", "{{ config.get('schema', default='d') }}", "{{ config.get('meta', {}).get('owner', 'no') }}", "{{ config.require('materialized') }}", "{{ config.get('unique_key') }}",
		"{{ config.get('grants') }}", "{{ config.get('order_by', 'tuple()') }}", "{{ config.get('query_settings', {}) }}", "{{ config.get('persist_docs', {}) }}",
		"{{ model.name }}", "{{ model.unique_id }}", "{{ model.fqn | join('.') }}", "{{ model.config.materialized }}", "{{ model.tags }}", "{{ model.alias }}", "{{ model.schema }}", "{{ model.resource_type }}", "{{ model.original_file_path }}", "{{ model.path }}", "{{ model.package_name }}",
		"{{ target.name }}", "{{ target.schema }}", "{{ target.type }}", "{{ target.threads }}", "{{ target.profile_name }}", "{{ project_name }}", "{{ schema }}", "{{ flags.FULL_REFRESH }}", "{{ target.get('schema') }}",
		"{{ twice(3) }}", "{{ " + p.name + ".twice(4) }}", "{{ shop.twice(5) }}", "{{ pieces() | join('-') }}", "{{ pieces()[0] }}", "{{ who() }}", "{{ mapped()['a'] }}",
		"{{ dbt.type_string() }}", "{{ dbt.type_int() }}", "{{ dbt.string_literal('x') }}", "{{ dbt.escape_single_quotes(\"it's\") }}", "{{ dbt.concat(['a', 'b']) }}", "{{ dbt.hash('a') }}", "{{ dbt.length('a') }}", "{{ dbt.right('a', 2) }}",
		"{{ dbt.current_timestamp() }}", "{{ dbt.date_trunc('month', 'd') }}", "{{ dbt.safe_cast('a', 'Int8') }}", "{{ dbt.any_value('a') }}", "{{ dbt.bool_or('a') }}", "{{ dbt.replace('a', 'b', 'c') }}", "{{ dbt.cast_bool_to_text('a') }}", "{{ dbt.position('a', 'b') }}", "{{ dbt.except() }}", "{{ dbt.intersect() }}",
		"{{ dbt.dateadd('day', 1, 'd') }}", "{{ dbt.datediff('a', 'b', 'day') }}", "{{ dbt.split_part('a', \"','\", 1) }}", "{{ dbt.listagg('a', \"','\") }}", "{{ dbt.last_day('d', 'month') }}", "{{ type_timestamp() }}", "{{ dbt.array_construct([1, 2]) }}", "{{ api.Column.translate_type('string') }}",
		"{{ adapter.quote('a b') }}", "{{ execute }}", "{% if execute %}run{% else %}parse{% endif %}", "{{ as_bool('x') if false else 'z' }}",
		"{{ '1' | as_number }}", "{{ 'x' | as_text }}", "{{ tojson({'a': 1}) }}", "{{ fromyaml('a: yes') }}", "{{ local_md5('a') }}", "{{ set([1]) }}", "{{ zip([1], [2]) | list }}", "{{ modules.datetime.date(2024, 1, 2) }}",
		"{{ context is defined }}", "{{ context['target'].name }}", "{{ builtins.var('n', 2) }}", "{{ dbt_metadata_envs }}", "{{ generate_schema_name('x', none) }}", "{{ generate_alias_name('a', model) }}", "{{ resolve_to() }}",
	}
	return b.pick(all...)
}

// from is where the rows come from.
func (b *builder) from(p *pack) string {
	var s strings.Builder
	for i, r := range b.some(0, 2, b.relations(p)) {
		if i == 0 {
			s.WriteString("from " + r + "\n")
		} else {
			s.WriteString("join " + r + " using (id)\n")
		}
	}
	if b.chance(10) {
		if r := b.relations(p); len(r) > 0 {
			s.WriteString("-- depends_on: " + b.pick(r...) + "\n")
		}
	}
	if b.chance(10) {
		if r := b.relations(p); len(r) > 0 {
			fmt.Fprintf(&s, "{%% if execute %%}-- late {{ 1 }}{%% else %%}%s{%% endif %%}\n", b.pick(r...))
		}
	}
	return s.String()
}

// relations are the calls that give something to read.
func (b *builder) relations(p *pack) []string {
	var out []string
	for _, n := range b.made {
		name := "'" + n.name + "'"
		args := []string{name}
		if n.pkg != p.name || b.chance(20) {
			args = []string{"'" + n.pkg + "', " + name}
			if b.chance(40) {
				args = []string{name}
			}
		}
		for _, v := range n.versions {
			args = append(args, args[0]+", v="+v, args[0]+", version='"+v+"'")
		}
		out = append(out, "{{ ref("+b.pick(args...)+") }}")
	}
	for _, src := range b.sources {
		out = append(out, "{{ source("+src+") }}")
	}
	return out
}
