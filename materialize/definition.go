package materialize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/value"
)

// definition is the CREATE TABLE that the node's config asks for.
func (p *planner) definition(r adapters.Relation, columns []column) table {
	t := table{relation: r, engine: p.placedEngine(r), comment: p.relationComment()}
	if p.onCluster() && exchangingEngine(p.engineOfDatabase) {
		t.uuid = p.in.Invocation.uuidOf(r)
	}
	if r == p.staging && p.keeps() && p.exchanges() && p.engineOfDatabase == "Atomic" {
		t.uuid, t.told = builtUUID(r), true
	}
	if columns == nil {
		t.elements = []string{placeholder}
	}
	for _, c := range columns {
		t.elements = append(t.elements, c.stored())
	}
	t.elements = append(t.elements, p.indexes()...)
	t.elements = append(t.elements, p.projections()...)
	t.elements = append(t.elements, p.checks()...)
	t.clauses = p.clauses()
	return t
}

func (p *planner) engine() string {
	if e := strings.TrimSpace(p.in.Node.Config.String("engine")); e != "" {
		return e
	}
	if p.replaces() {
		return "ReplacingMergeTree(" + p.versionColumn() + ")"
	}
	return "MergeTree()"
}

var engineWord = regexp.MustCompile(`^\w+`)

// engineName is the engine without its arguments.
func (p *planner) engineName() string { return engineWord.FindString(p.engine()) }

// keyed are the engines, besides the MergeTree family, that take ORDER BY.
var keyed = []string{"HDFS", "MaterializedPostgreSQL", "S3", "EmbeddedRocksDB", "Hive"}

func (p *planner) mergeTree() bool { return strings.HasSuffix(p.engineName(), "MergeTree") }

// clauses are what follows the engine. The texts are the user's SQL.
func (p *planner) clauses() []string {
	cfg := p.in.Node.Config
	var out []string
	add := func(label, text string) {
		if text != "" {
			out = append(out, label+" "+text)
		}
	}
	if p.mergeTree() || slices.Contains(keyed, p.engineName()) {
		order := p.keyClause("order_by")
		if order == "" && p.mergeTree() {
			order = "tuple()"
		}
		add("ORDER BY", order)
		add("PARTITION BY", p.keyClause("partition_by"))
	} else {
		for _, key := range []string{"order_by", "partition_by"} {
			if v, ok := cfg.Get(key); ok && v != nil {
				p.note("engine %s takes no %s: it is left out", p.engineName(), key)
			}
		}
	}
	add("PRIMARY KEY", p.keyClause("primary_key"))
	add("SAMPLE BY", p.keyClause("sample_by"))
	if cfg.String("ttl") != "" && p.needs(adapters.TableTTL, "ttl") {
		add("TTL", cfg.String("ttl"))
	}
	add("SETTINGS", list(append(p.settingList("settings"), p.patchSettings()...)))
	return out
}

// keyClause is a config key that is an expression or a list of them.
func (p *planner) keyClause(key string) string {
	switch p.in.Node.Config.Value(key).(type) {
	case nil, string, *value.List, *value.Tuple:
	default:
		p.wrong(key, "wrong-config-type", fmt.Sprintf("%s: %q is neither a string nor a list", p.in.Node.Name, key),
			"it is a column or an expression, or a list of them", "")
		return ""
	}
	items := p.in.Node.Config.Strings(key)
	items = slices.DeleteFunc(items, func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(items) == 0 && key == "order_by" && p.replaces() {
		return p.keyClause("unique_key")
	}
	if len(items) == 0 {
		return ""
	}
	text := list(items)
	if len(items) == 1 && !listed(text) {
		return text
	}
	return "(" + text + ")"
}

// listed reports whether a text has a comma outside of all parentheses.
func listed(text string) bool { return len(commas(lexemes(text))) > 1 }

// wrapped reports whether a text is one pair of parentheses with what is in
// it, and nothing beside it.
func wrapped(text string) bool {
	all := lexemes(text)
	return len(all) > 1 && all[0].text == "(" && all[0].start == 0 &&
		closedAt(all, 0) == len(all)-1 && all[len(all)-1].end == len(text)
}

// indexes are the config's data skipping indexes.
func (p *planner) indexes() []string {
	return p.entries("indexes", "definition", adapters.SkipIndexes, func(name, text string) string {
		return "INDEX " + adapters.QuoteIdent(name) + " " + text
	})
}

// projections are the config's projections.
func (p *planner) projections() []string {
	return p.entries("projections", "query", adapters.Projections, func(name, text string) string {
		if !wrapped(text) {
			text = "(" + text + "\n    )"
		}
		return "PROJECTION " + adapters.QuoteIdent(name) + " " + text
	})
}

// entries reads a config key that is a list of dicts of a name and a text.
func (p *planner) entries(key, textKey string, f adapters.Feature, write func(name, text string) string) []string {
	v, ok := p.in.Node.Config.Get(key)
	if !ok || v == nil {
		return nil
	}
	all, ok := v.(*value.List)
	if ok && len(all.Elems) == 0 {
		return nil
	}
	if !p.needs(f, key) {
		return nil
	}
	shape := func() {
		p.wrong(key, "wrong-config-type", fmt.Sprintf("%s: %q is not a list of entries with name and %s", p.in.Node.Name, key, textKey),
			"", fmt.Sprintf("write it as a list: - {name: ..., %s: ...}", textKey))
	}
	if !ok {
		shape()
		return nil
	}
	var out []string
	for _, e := range all.Elems {
		d, _ := e.(*value.Dict)
		if d == nil {
			shape()
			return nil
		}
		name, _ := d.Get("name")
		text, _ := d.Get(textKey)
		n, okName := name.(string)
		t, okText := text.(string)
		if !okName || !okText || n == "" || strings.TrimSpace(t) == "" {
			shape()
			return nil
		}
		out = append(out, write(n, strings.TrimSpace(withoutEnd(t))))
	}
	return out
}

// keepsRows reports whether the engine holds each row that is inserted: it
// merges none away and none has a time to live.
func (p *planner) keepsRows() bool {
	switch familyName(p.engineName()) {
	case "MergeTree", "Log", "TinyLog", "StripeLog", "Memory":
	default:
		return false
	}
	return p.in.Node.Config.String("ttl") == ""
}
