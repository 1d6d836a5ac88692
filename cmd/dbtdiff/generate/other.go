package generate

import (
	"fmt"
	"strings"
)

// sourceFile describes a package's sources.
func (b *builder) sourceFile(p *pack) {
	if b.chance(25) {
		return
	}
	name := p.name + "_raw"
	var s strings.Builder
	fmt.Fprintf(&s, "sources:\n  - name: %s\n", name)
	for _, l := range b.some(0, 4, []string{
		"description: " + b.pick(p.docs[0], p.docs[1], p.docs[3]), "schema: " + b.pick("landing", `"{{ target.name }}_landing"`, `"{{ var('kind', 'x') }}"`), "loader: airbyte", "meta: {s: 1}", "tags: [src]",
		"loaded_at_field: _loaded", "freshness: {warn_after: {count: 6, period: hour}, error_after: {count: 12, period: hour}}",
		"config:\n  " + strings.Join(b.atLeast(sourceOptions(), "meta: {c: 2}"), "\n  "), "quoting: {identifier: true}", "database: ''",
	}) {
		s.WriteString(indent(l, 4))
	}
	s.WriteString("    tables:\n")
	for _, t := range b.some(1, 3, []string{"orders", "users", "events"}) {
		fmt.Fprintf(&s, "      - name: %s\n", t)
		for _, l := range b.some(0, 3, []string{
			"identifier: " + b.pick(t+"_v2", `"{{ target.name }}_`+t+`"`), "description: " + b.pick(p.docs[0], p.docs[2]), "meta: {t: 1, s: 2}", "tags: " + "[tab]", "freshness: " + b.pick("~", "{error_after: {count: 1, period: day}}", "{warn_after: {count: 6, period: minute}, filter: 'a > 1'}"),
			"loaded_at_field: " + b.pick("_at", `"{{ var('kind', 'k') }}"`), "config:\n  " + strings.Join(b.atLeast(sourceOptions(), "meta: {d: 4}"), "\n  "), "external: {location: x, partitions: [{name: a}]}",
			strings.TrimSuffix(b.columns(p, false), "\n"), "data_tests:\n" + strings.TrimSuffix(indent(b.tests(p, false, false), 2), "\n"),
		}) {
			s.WriteString(indent(l, 8))
		}
		b.sources = append(b.sources, fmt.Sprintf("'%s', '%s'", name, t))
	}
	b.file(p.prefix+join("models", b.pick("", "staging"), "sources.yml"), s.String())
}

func (b *builder) atLeast(of []option, or string) []string {
	if lines := b.yamlConfigs(of, 1, 3, ""); len(lines) > 0 {
		return lines
	}
	return []string{or}
}

func (b *builder) seeds(p *pack) {
	for range b.rnd.IntN(3) {
		n := &node{pkg: p.name, kind: "seed", folder: b.pick("", "raw"), name: b.name("s")}
		b.file(p.prefix+join("seeds", n.folder, n.name+".csv"), "id,name\n1,a\n2,b\n")
		if b.chance(60) {
			text := "seeds:\n  - name: " + n.name + "\n    description: " + b.pick(p.docs[0], p.docs[1]) + "\n"
			if lines := b.yamlConfigs(seedOptions(), 1, 4, ""); len(lines) > 0 {
				text += "    config:\n      " + strings.Join(lines, "\n      ") + "\n"
			}
			if b.chance(40) {
				text += indent(b.columns(p, false), 4)
			}
			b.file(p.prefix+join("seeds", n.folder, n.name+".yml"), text)
		}
		b.made = append(b.made, n)
	}
}

func (b *builder) snapshots(p *pack) {
	if b.chance(60) {
		return
	}
	name := b.name("snap")
	from := "select 1 as id, now() as at"
	if r := b.relations(p); len(r) > 0 {
		from = "select * from " + b.pick(r...)
	}
	if b.chance(50) {
		settings := "strategy='timestamp', updated_at='at'"
		if b.chance(40) {
			settings = "strategy='check', check_cols=" + b.pick("'all'", "['id']")
		}
		schema := b.pick("target_schema='snaps', ", "schema='hist', ", "")
		b.file(p.prefix+"snapshots/"+name+".sql", fmt.Sprintf("{%% snapshot %s %%}\n{{ config(%sunique_key='id', %s) }}\n%s\n%s\n{%% endsnapshot %%}\n", name, schema, settings, b.call(snapshotOptions(), 1, 3), from))
		if b.chance(40) {
			b.file(p.prefix+"snapshots/"+name+".yml", "snapshots:\n  - name: "+name+"\n    description: "+b.pick(p.docs[0], p.docs[1])+"\n"+indent(b.columns(p, false), 4))
		}
		return
	}
	var relation []string
	for _, n := range b.made {
		if len(n.versions) == 0 {
			relation = append(relation, "ref('"+n.name+"')")
		}
	}
	for _, s := range b.sources {
		relation = append(relation, "source("+s+")")
	}
	if len(relation) == 0 {
		return
	}
	lines := b.yamlConfigs(snapshotOptions(), 0, 3, "")
	lines = append(lines, "unique_key: "+b.pick("id", "[id, c0]"), "strategy: timestamp", "updated_at: at")
	text := "snapshots:\n  - name: " + name + "\n    relation: " + b.pick(relation...) + "\n    config:\n      " + strings.Join(lines, "\n      ") + "\n"
	if b.chance(40) {
		text += indent(b.columns(p, false), 4)
	}
	b.file(p.prefix+"snapshots/"+name+".yml", text)
}

// others are singular tests, analyses, exposures and unit tests.
func (b *builder) others(p *pack) {
	rel := b.relations(p)
	if b.chance(50) {
		name := b.name("check")
		text := "select 1 from " + b.pick(append(rel, "system.one")...) + " where 0"
		if b.chance(50) {
			text = b.call(testOptions(), 1, 3) + "\n" + text
		}
		b.file(p.prefix+join("tests", b.pick("", "deep"), name+".sql"), text)
		if b.chance(40) {
			b.file(p.prefix+"tests/"+name+".yml", "data_tests:\n  - name: "+name+"\n    description: "+b.pick(p.docs[0], p.docs[1])+"\n    config: {"+b.pick("severity: warn", "tags: [yaml]", "meta: {y: 1}", "where: 'a > 1'")+"}\n")
		}
	}
	if b.chance(40) {
		name := b.name("an")
		b.file(p.prefix+join("analyses", b.pick("", "sub"), name+".sql"), "select '"+b.expression(p)+"' from "+b.pick(append(rel, "system.one")...))
		if b.chance(40) {
			b.file(p.prefix+"analyses/a.yml", "analyses:\n  - name: "+name+"\n    description: "+b.pick(p.docs[0], p.docs[2])+"\n    config: {tags: [an]}\n")
		}
	}
	if b.chance(40) {
		b.exposure(p)
	}
	if b.chance(30) {
		b.unitTest(p)
	}
}

func (b *builder) exposure(p *pack) {
	var needs []string
	for _, n := range b.made {
		if n.kind == "model" && len(n.versions) == 0 {
			needs = append(needs, "ref('"+n.name+"')")
		}
	}
	for _, s := range b.sources {
		needs = append(needs, "source("+s+")")
	}
	name := strings.ReplaceAll(b.name("exp"), "-", "_")
	text := "exposures:\n  - name: " + name + "\n    type: " + b.pick("dashboard", "notebook", "application") + "\n    owner: {name: Ann, email: a@b.c}\n    depends_on:\n"
	for _, n := range b.some(1, 2, needs) {
		text += "      - " + n + "\n"
	}
	for _, l := range b.some(0, 4, []string{"label: The Label", "maturity: high", "url: http://x/" + name, "description: " + b.pick(p.docs[0], p.docs[1]), "tags: [ex]", "meta: {e: 1}", "config: {enabled: true, meta: {f: 1}, tags: [cf]}"}) {
		text += "    " + l + "\n"
	}
	if len(needs) > 0 {
		b.file(p.prefix+join("models", b.pick("", "marts"), "exposures.yml"), text)
	}
}

func (b *builder) unitTest(p *pack) {
	for _, n := range b.made {
		if n.pkg != p.name || n.kind != "model" || len(n.versions) > 0 {
			continue
		}
		b.count++
		text := fmt.Sprintf("unit_tests:\n  - name: ut_%d\n    model: %s\n    given: []\n    expect: {rows: [{id: 1}]}\n", b.count, n.name)
		for _, l := range b.some(0, 3, []string{"description: a unit test", "config: {tags: [ut], meta: {u: 1}}", "overrides: {vars: {n: 3}, macros: {is_incremental: true}}", "config: {enabled: false}"}) {
			if !strings.Contains(l, "config") || !strings.Contains(text, "config") {
				text += "    " + l + "\n"
			}
		}
		b.file(p.prefix+"models/unit.yml", text)
		return
	}
}
