package generate

import (
	"fmt"
	"strings"
)

// folders are where nodes lie.
func folders() []string { return []string{"", "staging", "marts", "marts/core", "marts/core/deep"} }

// settings writes each project's file.
func (b *builder) settings() {
	for _, p := range b.packages {
		var s strings.Builder
		fmt.Fprintf(&s, "name: %s\n", p.name)
		if p.prefix == "" {
			s.WriteString("profile: shop\nversion: '1.0'\n")
		}
		s.WriteString("config-version: 2\n")
		s.WriteString(b.tree("models", p, models(), folders()))
		s.WriteString(b.tree("seeds", p, seedOptions(), []string{"", "raw"}))
		if b.chance(50) {
			s.WriteString(b.tree("snapshots", p, snapshotOptions(), []string{""}))
		}
		if b.chance(50) {
			s.WriteString(b.tree(b.pick("tests", "data_tests"), p, testOptions(), folders()[:3]))
		}
		if b.chance(50) {
			s.WriteString(b.tree("sources", p, sourceOptions(), []string{"", "staging"}))
		}
		if b.chance(30) {
			s.WriteString(b.tree("exposures", p, exposureOptions(), []string{""}))
		}
		s.WriteString(b.vars(p))
		s.WriteString(b.dispatch(p))
		if b.chance(30) {
			s.WriteString("on-run-start: " + b.pick(`"select 1"`, `["select 1", "{{ noted('start') }}"]`, "\"{% if execute %}select '{{ target.schema }}'{% endif %}\"") + "\n")
		}
		if b.chance(30) {
			s.WriteString("on-run-end: " + b.pick(`"select 2"`, `["{{ noted(schemas) }}"]`) + "\n")
		}
		b.file(p.prefix+"dbt_project.yml", s.String())
	}
}

// tree is a tree of configs: for all, for each package, for folders.
func (b *builder) tree(key string, p *pack, of []option, at []string) string {
	var s strings.Builder
	line := func(depth int, text string) { fmt.Fprintf(&s, "%s%s\n", strings.Repeat("  ", depth), text) }
	line(0, key+":")
	wrote := false
	if b.chance(40) {
		for _, l := range b.yamlConfigs(of, 1, 3, "+") {
			line(1, l)
			wrote = true
		}
	}
	for _, q := range b.packages {
		if q != p && (p.prefix != "" || b.chance(50)) {
			continue
		}
		line(1, q.name+":")
		lines := b.yamlConfigs(of, 1, 3, "?")
		for _, l := range lines {
			line(2, l)
		}
		b.branch(line, 2, at, of)
		if len(lines) == 0 {
			line(2, "+enabled: true")
		}
		wrote = true
	}
	if !wrote {
		return ""
	}
	return s.String()
}

// branch writes the folders of a tree below a package.
func (b *builder) branch(line func(int, string), depth int, at []string, of []option) {
	top := map[string]bool{}
	for _, f := range at {
		parts := strings.Split(f, "/")
		if f == "" || top[parts[0]] || b.chance(40) {
			continue
		}
		top[parts[0]] = true
		d := depth
		for i, part := range parts {
			lines := b.yamlConfigs(of, 1, 2, "?")
			if len(lines) == 0 {
				lines = []string{"+enabled: true"}
			}
			line(d+i, part+":")
			for _, l := range lines {
				line(d+i+1, l)
			}
		}
	}
	if b.chance(25) {
		line(depth, "dormant:")
		line(depth+1, b.pick("+enabled: false", "enabled: false", `+enabled: "{{ false | as_bool }}"`, "+enabled: no", `+enabled: "{{ var('never', false) | as_bool }}"`))
	}
}

func (b *builder) vars(p *pack) string {
	all := []string{
		"n: 7", "n: '8'", "kind: " + p.name, "flag: yes", "list: [1, two]", "nested: {a: {b: 1}}", "templated: \"{{ 1 + 1 }}\"",
		"owner: \"{{ target.name }}\"", "day: 2024-05-06", "empty: ''", "nothing: ~",
	}
	lines := b.some(0, 5, all)
	seen := map[string]bool{}
	var s strings.Builder
	for _, l := range lines {
		k, _, _ := strings.Cut(l, ":")
		if seen[k] {
			continue
		}
		seen[k] = true
		s.WriteString("  " + l + "\n")
	}
	for _, q := range b.packages {
		if b.chance(30) {
			s.WriteString("  " + q.name + ":\n    n: " + b.pick("70", "'71'", "[72]") + "\n    kind: for_" + q.name + "\n")
		}
	}
	if s.Len() == 0 {
		return ""
	}
	return "vars:\n" + s.String()
}

func (b *builder) dispatch(p *pack) string {
	if p.prefix != "" || len(b.packages) < 2 || b.chance(60) {
		return ""
	}
	return "dispatch:\n  - macro_namespace: " + b.packages[1].name + "\n    search_order: " + b.pick("[shop, "+b.packages[1].name+"]", "["+b.packages[1].name+", shop]", "["+b.packages[1].name+"]") + "\n"
}

func seedOptions() []option {
	return append(shared(), option{"quote_columns", []string{"true", "false"}, nil}, option{"delimiter", []string{"','"}, nil},
		option{"schema", []string{"raw", "~"}, nil})
}

func snapshotOptions() []option {
	return append(shared(), option{"target_schema", []string{"history"}, []string{"'history'"}}, option{"hard_deletes", []string{"ignore", "invalidate"}, []string{"'new_record'"}},
		option{"dbt_valid_to_current", []string{"\"toDate('2099-01-01')\""}, nil},
		option{"snapshot_meta_column_names", []string{"{dbt_valid_from: valid_from}"}, nil})
}

func testOptions() []option {
	return []option{
		{"severity", []string{"warn", "error", "WARN"}, []string{"'warn'", "'error'"}},
		{"store_failures", []string{"true", "false"}, []string{"true"}},
		{"store_failures_as", []string{"view", "table"}, []string{"'view'"}},
		{"where", []string{"id > 1", `"id > {{ var('n', 1) }}"`}, []string{"'id > 2'"}},
		{"limit", []string{"10"}, []string{"5"}},
		{"fail_calc", []string{"count(*)", "sum(n)"}, []string{"'max(n)'"}},
		{"warn_if", []string{"'> 1'", "'>0'"}, []string{"'> 2'"}},
		{"error_if", []string{"'> 10'"}, []string{"'> 20'"}},
		{"tags", []string{"t1", "[t2, t3]"}, []string{"['t4']"}},
		{"meta", []string{"{owner: t}", "{a: 1}"}, []string{"{'b': 2}"}},
		{"schema", []string{"checks"}, []string{"'other_checks'"}},
	}
}

func sourceOptions() []option {
	return []option{
		{"enabled", []string{"true", `"{{ true | as_bool }}"`}, nil},
		{"meta", []string{"{owner: src}", "{n: 1}"}, nil},
		{"tags", []string{"s1", "[s2]"}, nil},
		{"event_time", []string{"at"}, nil},
		{"freshness", []string{"{warn_after: {count: 1, period: day}}", "{error_after: {count: 2, period: hour}, filter: 'x > 1'}"}, nil},
		{"loaded_at_field", []string{"_at", "loaded"}, nil},
	}
}

func exposureOptions() []option {
	return []option{{"enabled", []string{"true"}, nil}, {"tags", []string{"e1", "[e2]"}, nil}, {"meta", []string{"{owner: exp}"}, nil}}
}
