package generate

import (
	"fmt"
	"strings"
)

// properties writes what YAML says of a folder's models.
func (b *builder) properties(p *pack, folder string, nodes []*node) {
	var s strings.Builder
	s.WriteString(b.pick("version: 2\n\n", ""))
	s.WriteString("models:\n")
	wrote := false
	for _, n := range nodes {
		if len(n.versions) == 0 && b.chance(30) {
			continue
		}
		wrote = true
		fmt.Fprintf(&s, "  - name: %s\n", n.name)
		s.WriteString(indent(b.described(p, n), 4))
	}
	for _, g := range p.groups {
		if folder == nodes[0].folder && !b.taken["group "+g] {
			b.taken["group "+g] = true
			fmt.Fprintf(&s, "groups:\n  - name: %s\n    owner: {name: %s, email: a@b.c}\n    %s\n", g, g, b.pick("description: some people", "config: {meta: {x: 1}}"))
		}
	}
	if wrote {
		b.file(p.prefix+join("models", folder, b.pick("_models.yml", "schema.yaml", "z.yml")), s.String())
	}
}

// described is the entry of a model below its name.
func (b *builder) described(p *pack, n *node) string {
	var s strings.Builder
	if b.chance(70) {
		s.WriteString("description: " + b.pick(p.docs...) + "\n")
	}
	lines := b.yamlConfigs(models(), 0, 4, "")
	if len(lines) > 0 {
		s.WriteString("config:\n")
		for _, l := range lines {
			s.WriteString("  " + l + "\n")
		}
		if b.chance(20) {
			s.WriteString("  alias: " + n.name + "_yaml\n")
			if len(n.versions) > 0 {
				return b.described(p, n)
			}
		}
	}
	set := strings.Join(lines, "\n")
	if b.chance(15) && !strings.Contains(set, "meta:") {
		s.WriteString("meta: {top: 1, owner: top}\n")
	}
	if b.chance(15) && !strings.Contains(set, "docs:") {
		s.WriteString("docs: {show: false, node_color: green}\n")
	}
	if b.chance(10) && !strings.Contains(set, "access:") {
		s.WriteString("access: protected\n")
	}
	if b.chance(10) {
		s.WriteString("deprecation_date: 2099-01-01\n")
	}
	if b.chance(60) {
		s.WriteString(b.columns(p, len(n.versions) > 0))
	}
	if b.chance(30) {
		s.WriteString(b.pick("tests", "data_tests") + ":\n" + indent(b.tests(p, false, len(n.versions) > 0), 2))
	}
	if len(n.versions) > 0 {
		s.WriteString(b.pick("latest_version: 1\n", "latest_version: 2\n", ""))
		s.WriteString("versions:\n")
		for _, v := range n.versions {
			fmt.Fprintf(&s, "  - v: %s\n", v)
			switch b.rnd.IntN(6) {
			case 0:
				fmt.Fprintf(&s, "    config: {tags: [v%s], my_key: %s}\n", v, v)
			case 1:
				fmt.Fprintf(&s, "    description: version %s\n", v)
			case 2:
				s.WriteString("    columns:\n      - include: all\n        exclude: [id]\n      - {name: extra_column, description: more}\n")
			case 3:
				s.WriteString("    config: {alias: " + n.name + "_is" + v + "}\n")
			case 4:
				s.WriteString("    data_tests: []\n")
			}
		}
	}
	if s.Len() == 0 {
		return "description: nothing\n"
	}
	return s.String()
}

func (b *builder) columns(p *pack, versioned bool) string {
	var s strings.Builder
	s.WriteString("columns:\n")
	for _, c := range b.some(1, 3, []string{"id", "c0", "c1", "Mixed Case"}) {
		s.WriteString("  - name: " + c + "\n")
		if b.chance(50) {
			s.WriteString(indent("description: "+b.pick(p.docs...), 4))
		}
		if b.chance(20) {
			s.WriteString("    " + b.pick("data_type: UInt8", "data_type: String", "quote: true") + "\n")
		}
		if b.chance(25) {
			s.WriteString("    " + b.pick("meta: {c: 1}", "tags: [col]", "config: {meta: {d: 2}, tags: [cfg]}", "config: {meta: {e: 1}}") + "\n")
		}
		if b.chance(15) {
			s.WriteString("    constraints: [{type: not_null}, {type: check, expression: 'id > 0', name: positive}]\n")
		}
		if b.chance(50) {
			s.WriteString("    " + b.pick("tests", "data_tests") + ":\n" + indent(b.tests(p, true, versioned), 6))
		}
	}
	return s.String()
}

// tests are entries of generic tests, of a column or of all of a model.
func (b *builder) tests(p *pack, column, versioned bool) string {
	var s strings.Builder
	all := []string{"unique", "not_null", "accepted_values", "positive"}
	if !column {
		all = []string{"has_rows", "unique_of", "values_of"}
	}
	for _, t := range b.some(1, 2, all) {
		s.WriteString(b.test(p, t, versioned))
	}
	if s.Len() == 0 {
		return "[]\n"
	}
	return s.String()
}

func (b *builder) test(p *pack, name string, versioned bool) string {
	args := map[string][]string{
		"accepted_values": {"values: [1, 2]", "values: ['a', 'b', yes]\nquote: false", "values: \"{{ var('list', [1]) }}\"", "values: [2024-01-01, 1.5, ~]"},
		"positive":        {"above: 1", "above: \"{{ 1 + 1 }}\"", "above: x", "above: \"{{ var('n', 3) }}\""},
		"unique_of":       {"column_name: id", "column_name: id || c0", "column_name: \"concat(id, '{{ target.name }}')\""},
		"values_of":       {"column_name: id\nvalues: [a]", "column_name: c0\nvalues: [on, off]\nquote: false"},
	}[name]
	known := map[string]string{"unique_of": "unique", "values_of": "accepted_values"}
	test := name
	if t := known[name]; t != "" {
		test = t
	}
	if test == "positive" || test == "has_rows" {
		if len(p.macros) == 0 {
			return ""
		}
	}
	var body []string
	if len(args) > 0 && (test != "positive" || b.chance(60)) {
		a := b.pick(args...)
		if b.chance(50) {
			a = "arguments:\n" + strings.TrimSuffix(indent(a, 2), "\n")
		}
		body = append(body, a)
	}
	if b.chance(30) {
		configs := b.yamlConfigs(testOptions(), 1, 3, "")
		if b.chance(50) {
			body = append(body, "config:\n"+strings.TrimSuffix(indent(strings.Join(configs, "\n"), 2), "\n"))
		} else {
			body = append(body, configs...)
		}
	}
	b.count++
	if b.chance(20) {
		body = append(body, fmt.Sprintf("name: named_%d", b.count))
	}
	if b.chance(10) {
		body = append(body, "description: why "+test)
	}
	if len(body) == 0 {
		return "- " + test + "\n"
	}
	text := strings.Join(body, "\n")
	// dbt forgets the name of such a test at a model's second version.
	if !versioned && b.chance(20) {
		return "- test_name: " + test + "\n" + indent(text, 2)
	}
	return "- " + test + ":\n" + indent(text, 4)
}
