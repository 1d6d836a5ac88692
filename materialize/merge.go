package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// merge gives rows of the table the values of the new ones with the same key,
// in all columns or in some, and adds those that are there for the first time.
//
// Where the server has patch parts, only changed columns are written. Else, and
// where they cannot be used, rows are replaced as with delete+insert.
func (p *planner) merge(s strategy, columns []column, settings map[string]any) {
	updated, kept := p.mergeColumns()
	if why := p.unpatchable(s, updated); why != "" {
		p.note("merge puts rows in place of rows, and does not update columns: %s", why)
		p.computeNew(columns, settings)
		p.onceEach(s)
		if len(kept) > 0 {
			p.mergeRows(s, updated, kept)
		}
		p.exchangeRows(s)
		return
	}
	m := p.mergeOf(updated)
	p.computeNewNoted(columns, settings, m.note())
	p.onceEach(s)
	p.patchable()
	p.commitTo(p.staging, RoleMerge, m)
}

// mergeColumns are the columns that get new values, and those that keep theirs,
// by dbt's configs.
func (p *planner) mergeColumns() (updated, kept []string) {
	cfg := p.in.Node.Config
	only, but := cfg.Strings("merge_update_columns"), cfg.Strings("merge_exclude_columns")
	listed := func(names []string, name string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.Trim(strings.TrimSpace(n), "`\""), name) })
	}
	for _, name := range p.insertableNames() {
		switch {
		case len(only) > 0 && !listed(only, name), len(but) > 0 && listed(but, name):
			kept = append(kept, name)
		default:
			updated = append(updated, name)
		}
	}
	keys := p.keyItems()
	// A key that is a column is the same in both.
	isKey := func(name string) bool { return slices.Contains(keys, name) }
	return slices.DeleteFunc(updated, isKey), slices.DeleteFunc(kept, isKey)
}

// mergesWell reports what is wrong with the configs of merge.
func (p *planner) mergesWell() bool {
	cfg := p.in.Node.Config
	only, but := cfg.Strings("merge_update_columns"), cfg.Strings("merge_exclude_columns")
	if len(only) > 0 && len(but) > 0 {
		p.wrong("merge_exclude_columns", "wrong-config-value", fmt.Sprintf("%s: merge_update_columns and merge_exclude_columns are both set", p.in.Node.Name),
			"the first names the columns that get new values, the second those that do not", "keep one of them")
		return false
	}
	if p.in.Target == nil {
		return true
	}
	for key, names := range map[string][]string{"merge_update_columns": only, "merge_exclude_columns": but} {
		for _, n := range names {
			name := strings.Trim(strings.TrimSpace(n), "`\"")
			has := func(c string) bool { return strings.EqualFold(c, name) }
			if slices.ContainsFunc(p.insertableNames(), has) || slices.ContainsFunc(p.in.columnNames(), has) || p.in.Columns == nil {
				continue
			}
			p.wrong(key, "wrong-config-value", fmt.Sprintf("%s: %s names %q, and %s has no such column", p.in.Node.Name, key, name, p.target),
				"it has "+list(p.insertableNames()), "write the name of one of these")
			return false
		}
	}
	return true
}

// keyItems are the columns and expressions of unique_key.
func (p *planner) keyItems() []string {
	var items []string
	text := p.uniqueKey()
	if wrapped(text) {
		text = text[1 : len(text)-1]
	}
	for _, part := range commas(lexemes(text)) {
		if len(part) == 1 {
			items = append(items, part[0].text)
			continue
		}
		items = append(items, plain(part))
	}
	return items
}

// onceEach checks that no key is twice among the new rows: nobody could tell
// which of them is meant.
func (p *planner) onceEach(s strategy) {
	from := p.staging.String()
	if p.sharded() {
		from = p.ddl.onShards(p.staging)
	}
	var there []string
	for _, item := range p.keyItems() {
		there = append(there, "isNotNull("+item+")")
	}
	p.add(Step{
		Purpose: "check that no key is twice among the new rows", Kind: KindCheck,
		Check: &Check{Zero: true, Why: "as many keys are in several of the new rows, and merge cannot tell which one to take; let the SQL return one row for each " + s.key},
		Statement: adapters.Statement{SQL: "SELECT count() FROM (\n  SELECT 1 FROM " + from + " WHERE " + strings.Join(there, " AND ") +
			" GROUP BY " + s.key + " HAVING count() > 1\n)"},
	})
}

// mergeRows makes the new rows whole, in a table of their own: those that have
// an old one get its values in the columns that keep theirs.
func (p *planner) mergeRows(s strategy, updated, kept []string) {
	merged := p.named(RoleMerged)
	p.createLike(merged, "create a table for the rows as they will be")
	names := adapters.QuoteIdents(p.insertableNames())
	keys := p.keyItems()
	var aliases, selected, using []string
	for i, item := range keys {
		alias := fmt.Sprintf("chmod_key_%d", i+1)
		using = append(using, alias)
		aliases = append(aliases, "("+item+") AS "+alias)
	}
	for _, name := range p.insertableNames() {
		text := adapters.QuoteIdent(name)
		if i := slices.Index(keys, name); i >= 0 {
			text = using[i] + " AS " + text
		}
		selected = append(selected, text)
	}
	columnsOf := func(names []string) string {
		return list(append(slices.Clone(aliases), quotedAll(names)...))
	}
	from := p.staging.String()
	if p.sharded() {
		from = p.ddl.onShards(p.staging)
	}
	out := p.out(s, p.staging)
	p.onShards(Step{
		Purpose: "merge old rows with new ones: " + adapters.QuoteIdents(kept) + " of the old",
		Statement: adapters.Statement{
			SQL: "INSERT INTO " + merged.String() + " (" + names + ")\nSELECT " + list(selected) +
				"\nFROM (SELECT " + columnsOf(kept) + " FROM " + p.data.String() + " WHERE " + out + ") AS chmod_old" +
				"\nALL INNER JOIN (SELECT " + columnsOf(updated) + " FROM " + from + ") AS chmod_new\nUSING (" + list(using) + ")",
			Settings: p.mergeSettings(),
		},
	}, nil)
	// Those that have an old row are in the table now, on whatever shard it is.
	// Keys that are made of several columns may not be seen there: some of these
	// are the old row's.
	old, where := merged, ""
	if slices.ContainsFunc(keys, func(item string) bool { _, ok := p.in.Target.column(strings.Trim(item, "`\"")); return !ok }) {
		old, where = p.data, " WHERE "+out
	} else if p.sharded() {
		p.settleOf(merged, "wait until every active replica has all their parts")
	}
	from = old.String()
	if p.sharded() {
		from = p.ddl.onShards(old)
	}
	p.onShards(Step{
		Purpose: "add those that are there for the first time",
		Statement: adapters.Statement{
			SQL: "INSERT INTO " + merged.String() + " (" + names + ")\nSELECT " + names + " FROM " + p.staging.String() +
				"\nWHERE NOT ifNull((" + s.key + ") IN (SELECT " + s.key + " FROM " + from + where + "), 0)",
			Settings: p.mergeSettings(),
		},
	}, nil)
	p.settleOf(merged, "wait until every active replica has all their parts")
	p.dropNew()
	p.staging = merged
}

// mergeSettings are those for filling a table from a join of others of ours.
func (p *planner) mergeSettings() map[string]any {
	s := p.copySettings()
	s["join_use_nulls"] = 0
	s["max_rows_in_join"], s["max_bytes_in_join"] = 0, 0
	return s
}

func quotedAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = adapters.QuoteIdent(n)
	}
	return out
}
