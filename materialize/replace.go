package materialize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// versionsSuffix is what the table is called after the model's name, when that
// is the name of a view of it.
const versionsSuffix = "__versions"

// The values of reads: what the model's name stands for with replace.
const (
	readsFinal    = "final"    // a view of the newest version of each row
	readsVersions = "versions" // the table, with older versions until it is merged
)

// replaces reports whether the model's new rows are only added, and the engine
// keeps the newest of those with the same key.
func (p *planner) replaces() bool {
	cfg := p.in.Node.Config
	return p.in.Node.ResourceType == manifest.Model && incrementally(p.in.Node.Materialized()) &&
		strings.EqualFold(strings.TrimSpace(cfg.String("incremental_strategy")), "replace") && !cfg.Bool("inserts_only", false)
}

// viewed reports whether the model's name is a view of its table.
func (p *planner) viewed() bool { return p.replaces() && p.reads() != readsVersions }

// reads is the config of that name.
func (p *planner) reads() string { return strings.ToLower(p.in.Node.Config.String("reads")) }

func (p *planner) versionColumn() string {
	return strings.TrimSpace(p.in.Node.Config.String("version_column"))
}

// replacesWell reports what in the config keeps replace from giving one row for
// each key.
func (p *planner) replacesWell(s strategy) bool {
	name := p.in.Node.Name
	family := familyName(p.engineName())
	switch {
	case s.key == "":
		p.wrong("incremental_strategy", "missing-config", fmt.Sprintf("%s: replace needs a unique_key", name),
			"it is the table's ORDER BY: of rows with the same one the newest is kept", "add unique_key, or use incremental_strategy: append")
	case !slices.Contains([]string{"", readsFinal, readsVersions}, p.reads()):
		p.wrong("reads", "wrong-config-value", fmt.Sprintf("%s: reads: %s is not known", name, p.reads()), "",
			"use final, for a view of the newest rows, or versions, for the table itself")
	case family != "ReplacingMergeTree":
		p.wrong("engine", "wrong-config-value", fmt.Sprintf("%s: replace does not work with engine %s", name, p.engineName()),
			"only ReplacingMergeTree keeps the newest of the rows with a key", "take engine out, or use incremental_strategy: delete+insert")
	case p.versionColumn() != "" && strings.TrimSpace(p.in.Node.Config.String("engine")) != "":
		p.wrong("version_column", "wrong-config-value", fmt.Sprintf("%s: version_column stands beside an engine", name),
			"the engine names its version column itself", "take one of them out")
	case !sameItems(p.in.Node.Config.Strings("unique_key"), p.in.Node.Config.Strings("order_by")):
		p.wrong("order_by", "wrong-config-value", fmt.Sprintf("%s: order_by is not the unique_key", name),
			"replace keeps the newest of the rows with the same ORDER BY", "take order_by out, or write the columns of unique_key in the order that queries want")
	case p.versionColumn() == "" && strings.TrimSpace(p.in.Node.Config.String("engine")) == "" && p.keyClause("partition_by") != "" && !p.ofKey(p.keyClause("partition_by")):
		p.wrong("version_column", "missing-config", fmt.Sprintf("%s: replace needs a version_column where partition_by is not made of columns of unique_key", name),
			"of a row's versions in several partitions nobody could tell the newest", "add version_column: a column that grows with each change of a row")
	case p.sharded() && !p.ofKey(p.shardingKey()):
		p.wrong("sharding_key", "wrong-config-value", fmt.Sprintf("%s: sharding_key is not made of columns of unique_key", name),
			"versions of a row on several shards would all be read", "use the unique_key, as in sharding_key: cityHash64(id)")
	default:
		p.replaceNotes(s)
		return true
	}
	return false
}

// replaceNotes say who wins and what is read.
func (p *planner) replaceNotes(s strategy) {
	switch version := p.versionColumn(); {
	case version != "":
		p.note("of the rows with the same %s the one with the highest %s is read, and of several with that the one inserted last", s.key, version)
	case strings.TrimSpace(p.in.Node.Config.String("engine")) == "":
		p.note("of the rows with the same %s the one inserted last is read: without version_column, a late row with older values wins", s.key)
	}
	if p.viewed() {
		p.note("%s is a view that reads %s with FINAL; the rows are in %s", p.target, p.whole, p.whole)
		return
	}
	p.note("%s has older versions of rows until it is merged: whoever reads it writes FINAL, or sets final = 1", p.target)
}

// sameItems reports whether order holds the same columns and expressions as
// key, in any order. Without an order, it is the key's.
func sameItems(key, order []string) bool {
	items := func(lists []string) []string {
		var all []string
		for _, text := range lists {
			text = strings.TrimSpace(text)
			if wrapped(text) {
				text = text[1 : len(text)-1]
			}
			for _, part := range commas(lexemes(text)) {
				all = append(all, plain(part))
			}
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	a, b := items(key), items(order)
	return len(b) == 0 || slices.Equal(a, b)
}

var columnWord = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*\s*\(?`)

// ofKey reports whether an expression is the same for all rows with the same
// key.
func (p *planner) ofKey(expression string) bool {
	key, of := columnsIn(p.uniqueKey()), columnsIn(expression)
	return len(of) > 0 && !slices.ContainsFunc(of, func(c string) bool { return !slices.Contains(key, c) })
}

// columnsIn are the names in an expression that are not functions.
func columnsIn(text string) []string {
	return slices.DeleteFunc(columnWord.FindAllString(text, -1), func(w string) bool { return strings.HasSuffix(w, "(") })
}

// readable reports whether what users read is there on the connected server:
// what stands between them and the rows, where something does.
func (p *planner) readable() bool {
	if p.sharded() && p.in.State.table(p.whole) == nil {
		return false
	}
	if !p.viewed() {
		return true
	}
	has := p.in.State.table(p.target)
	return has != nil && has.IsView()
}

// finalView is the view of the newest rows; nil columns are unknown ones.
func (p *planner) finalView(columns []string) view {
	names := placeholder
	if columns != nil {
		names = adapters.QuoteIdents(columns)
	}
	return view{relation: p.target, query: "SELECT " + names + "\nFROM " + p.whole.String() + " FINAL", comment: p.relationComment()}
}

// viewOf makes the model's name a view of the newest rows.
func (p *planner) viewOf(columns []string) {
	if !p.viewed() {
		return
	}
	v := p.finalView(columns)
	existing := p.in.State.anywhere(p.target, p.active())
	p.facade(facade{
		relation: p.target, existing: existing,
		replaceable: existing != nil && existing.IsView(),
		create:      "create the view of the newest rows",
		replace:     "replace the view of the newest rows, in one step for all readers",
		statement: func(d ddl, at adapters.Relation, replace bool) string {
			v := v
			v.relation, v.replace = at, replace
			text, _ := d.createView(v)
			return text
		},
	})
}

// viewWithout takes columns out of the view that are about to go.
func (p *planner) viewWithout(removed []adapters.ColumnInfo) {
	if len(removed) == 0 || !p.viewed() {
		return
	}
	p.viewOf(slices.DeleteFunc(p.insertableNames(), func(name string) bool {
		return slices.ContainsFunc(removed, func(r adapters.ColumnInfo) bool { return r.Name == name })
	}))
}

// viewWith gives the view the columns that the table has now.
func (p *planner) viewWith(change schemaChange) {
	if len(change.added)+len(change.changed) > 0 {
		p.viewOf(p.insertableNames())
	}
}

// expectedFinal is the view of the newest rows.
func (p *planner) expectedFinal() ExpectedRelation {
	r := ExpectedRelation{Relation: p.target, commented: p.persists("relation")}
	if p.in.Columns != nil {
		r.Create, _ = ddl{server: p.ddl.server, scope: ScopeNode}.createView(p.finalView(p.in.columnNames()))
	}
	return r
}

// columnNames are those of the SQL; nil when nobody knows.
func (in Input) columnNames() []string {
	if in.Columns == nil {
		return nil
	}
	names := make([]string, len(in.Columns))
	for i, c := range in.Columns {
		names[i] = c.Name
	}
	return names
}
