package materialize

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// merging is what there is to know to merge a table of new rows into the
// model's by updates. It is the comment of that table, so that whoever finds it
// can do it, whatever the model's config is by then.
type merging struct {
	// Key, Update and Columns are names with types: those that tell rows apart,
	// those that get new values, and all.
	Key     [][2]string `json:"key"`
	Update  [][2]string `json:"update"`
	Columns []string    `json:"columns"`
}

const mergeMark = "chmod merge "

func (m merging) note() string {
	text, err := json.Marshal(m)
	if err != nil {
		return "" // strings only
	}
	return mergeMark + string(text)
}

// readMerging reads what note wrote.
func readMerging(comment string) (merging, bool) {
	var m merging
	text, ok := strings.CutPrefix(comment, mergeMark)
	if !ok || json.Unmarshal([]byte(text), &m) != nil || len(m.Key) == 0 || len(m.Columns) == 0 {
		return m, false
	}
	return m, true
}

func (p *planner) mergeOf(updated []string) merging {
	m := merging{Columns: p.insertableNames()}
	typed := func(names []string) [][2]string {
		var out [][2]string
		for _, name := range names {
			c, _ := p.in.Target.column(name)
			out = append(out, [2]string{name, c.Type})
		}
		return out
	}
	m.Key, m.Update = typed(p.keyItems()), typed(updated)
	return m
}

// patchParts reports whether the server can update rows by writing what has
// changed beside them.
func patchParts(v adapters.Version) bool { return v.AtLeast(25, 8) }

// mergeable reports whether a model's tables are made so that rows can be
// updated by patch parts.
func (p *planner) mergeable() bool {
	return p.merges() && patchParts(p.ddl.server.Version) && p.ddl.scope == ScopeNode && p.engineName() == "MergeTree"
}

// merges reports whether the model's strategy is merge.
func (p *planner) merges() bool {
	return incrementally(p.in.Node.Materialized()) && strings.EqualFold(strings.TrimSpace(p.in.Node.Config.String("incremental_strategy")), "merge")
}

// patchSettings are those that a table needs for patch parts, without those
// that the config has itself.
func (p *planner) patchSettings() []string {
	if !p.mergeable() {
		return nil
	}
	own := p.settingValues("settings")
	var all []string
	for _, name := range []string{"enable_block_number_column", "enable_block_offset_column"} {
		if _, set := own[name]; !set {
			all = append(all, name+" = 1")
		}
	}
	return all
}

var (
	// exactKeys are types whose values are equal when they are the same.
	exactKeys = regexp.MustCompile(`^(LowCardinality\()?(U?Int(8|16|32|64|128|256)|String|UUID|Date|Date32|FixedString\(\d+\)|DateTime(\('[^']*'\))?|DateTime64\([^()]*\)|Bool|IPv4|IPv6|Enum(8|16)\(.*\))\)?$`)
	// wayward are types that do not go through a table of engine Join.
	wayward = regexp.MustCompile(`\b(AggregateFunction|SimpleAggregateFunction|Dynamic|Variant|JSON|Object|Nested|QBit)\b`)
)

// unpatchable is why rows cannot be updated in the table; empty when they can.
func (p *planner) unpatchable(s strategy, updated []string) string {
	name := adapters.QuoteIdent
	v := p.ddl.server.Version
	switch {
	case strings.EqualFold(p.in.Node.Config.String("merge_method"), "partitions"):
		return "merge_method is partitions"
	case !patchParts(v):
		return fmt.Sprintf("the server is %s, and patch parts came with 25.8", v.Text)
	case p.ddl.scope != ScopeNode:
		return "on clusters, rows in partitions that are put in place are the same on all replicas"
	case p.engineName() != "MergeTree":
		return "engine " + p.engineName() + " merges rows by itself"
	case len(s.predicates) > 0:
		return "incremental_predicates leave rows with the same key as they are"
	case p.hasProjections():
		return "the table has projections"
	case len(p.in.Target.Feeds) > 0:
		return "materialized views read what is inserted"
	}
	for _, item := range p.keyItems() {
		if c, ok := p.in.Target.column(item); !ok || !exactKeys.MatchString(c.Type) {
			return "unique_key is not made of columns that have exact types and are never NULL"
		}
	}
	has, err := engineShape(p.in.Target.EngineFull)
	if err != nil {
		return err.Error()
	}
	keyed := names(strings.Join(clausesOf(has.clauses, "ORDER BY", "PRIMARY KEY", "PARTITION BY", "SAMPLE BY"), " "))
	for _, c := range updated {
		column, _ := p.in.Target.column(c)
		if slices.Contains(keyed, strings.ToLower(c)) {
			return "column " + name(c) + ", which gets new values, decides where rows are"
		}
		if wayward.MatchString(column.Type) {
			return fmt.Sprintf("values of column %s, of type %s, cannot be looked up", name(c), column.Type)
		}
	}
	return ""
}

func clausesOf(clauses map[string]string, which ...string) []string {
	var out []string
	for _, w := range which {
		out = append(out, clauses[w])
	}
	return out
}

// patched reports whether the table may have patch parts.
func (p *planner) patched() bool {
	if p.in.Target == nil || !patchParts(p.ddl.server.Version) {
		return false
	}
	return p.in.Target.Patched || slices.ContainsFunc(p.in.State.unfinishedOf(p.data), func(u unfinished) bool { return u.stamp.Role == RoleMerge })
}

// patchable makes a table that was built without it ready for patch parts.
func (p *planner) patchable() {
	if strings.Contains(p.in.Target.EngineFull, "enable_block_number_column = 1") && strings.Contains(p.in.Target.EngineFull, "enable_block_offset_column = 1") {
		return
	}
	p.onShards(Step{
		Purpose: "have the table number its rows, which updates need",
		Statement: adapters.Statement{
			SQL: "ALTER TABLE " + p.data.String() + " MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1", Settings: p.alterSettings(),
		},
	}, nil)
}

// applyPatches writes what was updated in partitions into their parts: servers
// link no partition that has patches beside it.
func (p *planner) applyPatches(touched string) {
	if !p.patched() {
		return
	}
	const head = len("patch--") + 32 // of the id of a patch part's partition
	p.onPartitions(Step{
		Purpose: "write earlier updates into the parts of partitions that the new rows touch",
		Each: &Each{
			Before: "ALTER TABLE " + p.data.String() + " APPLY PATCHES IN PARTITION ID ", Settings: map[string]any{"mutations_sync": 1},
		},
	}, nil, "SELECT partition_id FROM (\n"+touched+"\n) WHERE partition_id IN (SELECT substring(partition_id, "+fmt.Sprint(head+1)+
		") FROM system.parts WHERE "+partitionsOf(p.data)+" AND startsWith(partition_id, 'patch-'))")
}

// mergeInPlace updates the rows that have new ones, and inserts the others. All
// of it can be done again: what is updated gets the same values, and what was
// inserted is updated.
func (p *planner) mergeInPlace(u publication) {
	m := u.merging
	p.noteOnce("rows are updated in %s before new ones are inserted: in between, a reader sees the one without the other%s", p.data, p.eachAtItsTime())
	p.noteOnce("updates are written beside the rows, and reading puts them together until the next merge of parts; the new rows are held in memory meanwhile")
	key := adapters.QuoteIdents(firsts(m.Key))
	if len(m.Update) > 0 {
		p.update(u, key)
	}
	names := adapters.QuoteIdents(m.Columns)
	missing := "\nWHERE (" + key + ") NOT IN (SELECT " + key + " FROM " + p.data.String() + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + u.from.String() + "))"
	p.onShards(Step{
		Purpose: "insert the rows that are there for the first time",
		Statement: adapters.Statement{
			SQL:      "INSERT INTO " + p.data.String() + " (" + names + ")\nSELECT " + names + " FROM " + u.from.String() + missing,
			Settings: p.copySettings(),
		},
	}, u.hosts)
	p.onShards(Step{
		Purpose: "check that the table has all of them", Kind: KindCheck,
		Check:     &Check{Zero: true, Why: "rows are missing"},
		Statement: adapters.Statement{SQL: "SELECT count() FROM " + u.from.String() + missing},
	}, u.hosts)
}

// update gives rows the values of new ones, which are looked up by their key in
// a table made for that.
func (p *planner) update(u publication, key string) {
	m := u.merging
	lookup := p.named(RoleLookup)
	t := table{relation: lookup, replace: p.exchanges(), engine: "Join(ANY, LEFT, " + key + ")", clauses: []string{"SETTINGS persistent = 0, join_use_nulls = 0"}}
	var values, types, sets []string
	for _, k := range m.Key {
		t.elements = append(t.elements, adapters.QuoteIdent(k[0])+" "+k[1])
	}
	of := adapters.QuoteIdent("chmod values")
	for i, c := range m.Update {
		values, types = append(values, adapters.QuoteIdent(c[0])), append(types, c[1])
		sets = append(sets, fmt.Sprintf("%s = tupleElement(joinGet(%s, 'chmod values', %s), %d)", adapters.QuoteIdent(c[0]), lookup, key, i+1))
	}
	t.elements = append(t.elements, of+" Tuple("+list(types)+")")
	p.change(Step{
		Purpose: "create a table to look new values up in, in memory",
		Undo:    &adapters.Statement{Settings: p.dropSettings(math.MaxUint64)}, Effect: &Effect{There: []adapters.Relation{lookup}},
	}, func(d ddl) string { return d.createTable(t) }, func(d ddl) string { return d.drop(lookup, true) })
	p.onShards(Step{
		Purpose: "fill it",
		Statement: adapters.Statement{
			SQL:      "INSERT INTO " + lookup.String() + " (" + key + ", " + of + ")\nSELECT " + key + ", tuple(" + list(values) + ") FROM " + u.from.String(),
			Settings: p.copySettings(),
		},
	}, u.hosts)
	settings := p.deleteSettings()
	settings["join_use_nulls"], settings["enable_lightweight_update"] = 0, 1
	p.onShards(Step{
		Purpose: "update the rows that have new ones; only these columns of these rows are written",
		Statement: adapters.Statement{
			SQL:      "UPDATE " + p.data.String() + "\nSET " + strings.Join(sets, ",\n    ") + "\nWHERE (" + key + ") IN (SELECT " + key + " FROM " + u.from.String() + ")",
			Settings: settings,
		},
	}, u.hosts)
	p.change(Step{
		Purpose: "drop what values were looked up in", Effect: &Effect{Gone: []adapters.Relation{lookup}},
	}, func(d ddl) string { return d.drop(lookup, true) }, nil)
}

// firsts are the first ones of pairs.
func firsts(pairs [][2]string) []string {
	out := make([]string, len(pairs))
	for i, pair := range pairs {
		out[i] = pair[0]
	}
	return out
}
