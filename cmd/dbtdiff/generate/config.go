package generate

import (
	"strconv"
	"strings"
)

// option is a config: what YAML may say of it, and what a template.
type option struct {
	key  string
	yaml []string
	call []string
}

// shared are configs of all that is built.
func shared() []option {
	return []option{
		{"tags", []string{"one", "[two, three]", `"{{ ['t', var('kind', 'k')] }}"`, "[]", `["{{ var('kind', 'k') }}", three]`, "'a, b'"},
			[]string{"'four'", "['five', 'six']", "['two']", "[var('kind', 'k')]"}},
		{"meta", []string{"{owner: ann, n: 1}", "{owner: bob, deep: {a: [1, x]}}", "{day: 2024-01-02, yep: yes, none: ~, f: 1.50}", `{from: "{{ var('n', 3) }}"}`, "{}", `{o: "{{ env_var('OWNER', 'nobody') }}"}`, `{t: "{{ target.name }}"}`},
			[]string{"{'owner': 'carl'}", "{'x': [1, none], 'deep': {'b': true}}", "{'n': var('n', 5)}", "{'t': target.name}"}},
		{"pre-hook", hooks, callHooks},
		{"pre_hook", hooks, callHooks},
		{"post-hook", hooks, callHooks},
		{"post_hook", hooks, callHooks},
		{"persist_docs", []string{"{relation: true}", "{columns: true}", "{relation: true, columns: false}"}, []string{"{'relation': true}", "{'columns': true}"}},
		{"grants", []string{"{select: reader}", "{select: [a, b]}", "{+select: [c]}", "{+select: d, insert: w}", `{select: "{{ ['z'] }}"}`, "{}"}, []string{"{'select': ['e']}", "{'+select': 'f'}", "{'insert': ['g', 'h']}"}},
		{"docs", []string{"{show: false}", "{node_color: red}", "{show: true, node_color: '#fff'}"}, []string{"{'node_color': 'blue'}", "{'show': false}"}},
		{"query_settings", []string{"{max_threads: 2}", "{join_use_nulls: 1, x: 'y'}", `{max_threads: "{{ 1 + 2 }}"}`}, []string{"{'max_threads': 4}", "{}"}},
		{"settings", []string{"{index_granularity: 1024}", "{a: 1, b: two}"}, []string{"{'index_granularity': 2048}"}},
		{"order_by", []string{"id", "[id, x]", "(id)", `"{{ ['a', 'b'] }}"`}, []string{"'id'", "['id', 'x']", "('id',)", "('id', 'x')"}},
		{"engine", []string{"MergeTree()", "ReplacingMergeTree(v)", `"{{ 'Log' if target.name == 'prod' else 'MergeTree' }}()"`}, []string{"'MergeTree'", "'Log()'", "var('kind', 'MergeTree')"}},
		{"partition_by", []string{"toYYYYMM(d)", "[a, b]"}, []string{"'toDate(d)'", "['a']"}},
		{"primary_key", []string{"id", "[a]"}, []string{"'id'"}},
		{"ttl", []string{"d + INTERVAL 1 DAY"}, []string{"'d + INTERVAL 2 DAY'"}},
		{"full_refresh", []string{"true", "no", "~", `"{{ false | as_bool }}"`}, []string{"false", "none", "true"}},
		{"quoting", []string{"{identifier: true}", "{schema: false}"}, []string{"{'identifier': true}"}},
		{"column_types", []string{"{id: UInt8}", "{x: String, id: Int64}"}, []string{"{'y': 'Date'}"}},
		{"my_key", []string{"1", "'1'", "yes", "'yes'", "1.10", "010", "1_000", "2024-02-03", "2024-02-03 04:05:06", "~", "null", "[1, [2]]", "{a: {b: c}}", "''", "text", "0x1f", "1:30", "1e3", "none", "None", "'None'", "'007'",
			`"{{ 1 }}"`, `"{{ '1' }}"`, `"{{ '1' | as_number }}"`, `"{{ 'True' | as_bool }}"`, `"{{ '[1]' | as_native }}"`, `"{{ 5 | as_text }}"`, `"a{{ 1 }}"`, `"{{ none }}"`, `"{{ '' }}"`, `" {{ 2 }} "`, `"{{ 1 }}{{ 2 }}"`, `"{{ [1, 'a'] }}"`, `"{{ {'a': 1} }}"`, `"{{ true }}"`, `"{{ 'True' }}"`, `"{% if true %}3{% endif %}"`, `"{{ var('list', []) }}"`, `"{{ var('n', 1) }}"`, `"{{ var('nested', {}) }}"`, `"{{ env_var('OWNER', '5') }}"`, `"{{ target.threads }}"`, `"{{ target.schema }}"`, `"{{ 1.0 }}"`, `"{{ (1, 2) }}"`, `"{{ 'a' ~ 1 }}"`, `"{# gone #}x"`},
			[]string{"1", "'1'", "true", "none", "1.5", "'None'", "[1, (2, 3)]", "{'a': 1}", "var('list', [])", "var('n', 1)", "target.schema", "1 + 1", "'a' ~ 1", "env_var('OWNER', '5')", "this.identifier", "model.name", "config.get('materialized')", "'{{ not_rendered }}'"}},
		{"other-key", []string{"1", "{a: 1}", "[x]"}, nil},
		{"lookback", []string{"2"}, []string{"3"}},
		{"event_time", []string{"at", "updated"}, []string{"'at'"}},
		{"contract", []string{"{enforced: false}", "{alias_types: false}"}, []string{"{'enforced': false}"}},
		{"sql_header", []string{"set x = 1;"}, []string{"'set y = 2;'"}},
		{"packages", []string{"p", "[p, q]"}, []string{"['r']"}},
	}
}

// models are configs of models alone.
func models() []option {
	return append(shared(),
		option{"materialized", []string{"view", "table", "ephemeral", "incremental", `"{{ var('mat', 'view') }}"`}, []string{"'view'", "'table'", "'incremental'", "'ephemeral'", "var('mat', 'table')", "'table' if target.name == 'prod' else 'view'"}},
		option{"schema", []string{"marts", "staging", `"{{ target.name }}_x"`, "~", "' spaced '"}, []string{"'raw'", "var('kind', 'z')", "none", "target.name"}},
		option{"unique_key", []string{"id", "[a, b]"}, []string{"'id'", "['a', 'b']"}},
		option{"incremental_strategy", []string{"append", "delete_insert"}, []string{"'append'"}},
		option{"on_schema_change", []string{"fail", "append_new_columns", "ignore"}, []string{"'fail'", "'sync_all_columns'"}},
		option{"on_configuration_change", []string{"fail", "continue"}, nil},
		option{"access", []string{"protected"}, []string{"'protected'"}},
	)
}

var (
	hooks = []string{
		"select 1", "[select 1, select 2]", "{sql: select 3, transaction: false}", "[{sql: select 4}, select 5]",
		`"insert into log select '{{ this }}'"`, `"{{ noted(this) }}"`, `["select {{ var('n', 1) }}"]`, `"{{ log('x') }}"`, "[]",
		`"select '{{ model.name }}', '{{ target.name }}'"`, `"{% if execute %}select 1{% endif %}"`, `'{"sql": "select 9", "transaction": false}'`,
	}
	callHooks = []string{
		"'select 1'", "['select 1', 'select 2']", "{'sql': 'select 3', 'transaction': false}", `"select '{{ this }}'"`, `["{{ noted(this) }}"]`,
		"'select ' ~ var('n', 1)", "noted('x')", "[]", `"{{ noted(model.name) }}"`,
	}
)

// yamlConfigs are some lines of configs, with or without a + in front.
func (b *builder) yamlConfigs(of []option, n, m int, plus string) []string {
	var lines []string
	seen := map[string]bool{}
	for range n + b.rnd.IntN(m-n+1) {
		o := of[b.rnd.IntN(len(of))]
		key := strings.ReplaceAll(o.key, "_hook", "-hook")
		if seen[key] || len(o.yaml) == 0 {
			continue
		}
		seen[key] = true
		v := b.pick(o.yaml...)
		name := o.key
		if plus == "" && strings.Contains(v, "{{") && strings.HasSuffix(name, "-hook") {
			// dbt renders hooks that are spelled like this at once.
			name = strings.ReplaceAll(name, "-", "_")
		}
		sign := plus
		if plus == "?" {
			// Without a +, a mapping is a folder.
			sign = "+"
			if b.chance(30) && !strings.HasPrefix(v, "{") {
				sign = ""
			}
		}
		lines = append(lines, sign+name+": "+v)
	}
	return lines
}

// call is a config() of some settings.
func (b *builder) call(of []option, n, m int) string {
	var args []string
	seen := map[string]bool{}
	for range n + b.rnd.IntN(m-n+1) {
		o := of[b.rnd.IntN(len(of))]
		key := strings.ReplaceAll(o.key, "-", "_")
		if seen[key] || len(o.call) == 0 {
			continue
		}
		seen[key] = true
		args = append(args, key+"="+b.pick(o.call...))
	}
	if len(args) > 0 && b.chance(8) {
		for i, a := range args {
			k, v, _ := strings.Cut(a, "=")
			args[i] = strconv.Quote(k) + ": " + v
		}
		return "{{ config({" + strings.Join(args, ", ") + "}) }}"
	}
	if len(args) == 0 {
		return ""
	}
	sep := b.pick(", ", ",\n    ")
	return "{{ config(" + strings.Join(args, sep) + ") }}"
}
