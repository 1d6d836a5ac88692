package materialize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// strategy is how the new rows of an incremental model get into its table.
type strategy struct {
	// name is in dbt's words: append, delete_insert, insert_overwrite,
	// microbatch, replace or merge.
	name string
	// key is the unique key as an expression, empty for none; predicates bound
	// the rows that it may take out.
	key        string
	predicates []string
	// own says that a macro of the project carries it out.
	own bool
}

// strategies are the names that configs may use.
var strategies = []string{"append", "delete+insert", "insert_overwrite", "microbatch", "replace", "merge", "legacy", "default"}

// strategy reads the model's config; false when it makes no sense.
func (p *planner) strategy() (strategy, bool) {
	cfg := p.in.Node.Config
	written := strings.ToLower(strings.TrimSpace(cfg.String("incremental_strategy")))
	s := strategy{name: strings.ReplaceAll(written, "+", "_"), key: p.uniqueKey(), predicates: p.predicates()}
	asked := s.name
	switch {
	case cfg.Bool("inserts_only", false):
		s.name = "append"
	case s.name == "", s.name == "default", s.name == "legacy":
		s.name = "delete_insert"
		if s.key == "" {
			s.name = "append"
		}
	case s.name == "delete_insert" && s.key == "":
		p.wrong("incremental_strategy", "missing-config", fmt.Sprintf("%s: delete+insert needs a unique_key", p.in.Node.Name),
			"without one nobody knows which rows the new ones replace", "add unique_key, or use incremental_strategy: append")
		return s, false
	case s.name == "insert_overwrite":
		if !p.overwrites(s) {
			return s, false
		}
	case s.name == "replace":
		if !p.replacesWell(s) {
			return s, false
		}
	case s.name == "merge":
		if !p.mergesWell() {
			return s, false
		}
		if s.key == "" {
			p.note("strategy: append, since merge has no unique_key: no new row has an old one")
			s.name = "append"
		}
	case s.name == "microbatch":
		if _, err := Batches(p.in.Node, false, BatchSpan{Now: p.in.Invocation.StartedAt}); err != nil {
			_ = p.diags.AddError(err) // it is about the user's files
			return s, false
		}
		if len(p.in.Batches) > 0 {
			s.predicates = append(s.predicates, p.withinBatches())
		}
	case s.name == "append", s.name == "delete_insert":
	case p.hasOwn(s.name):
		s.own = true
	default:
		p.unknownStrategy(written, s.name)
		return s, false
	}
	if len(s.predicates) > 0 && !s.own && !slices.Contains([]string{"delete_insert", "microbatch", "merge"}, s.name) && asked != "" && !cfg.Bool("inserts_only", false) {
		p.wrong("incremental_predicates", "wrong-config-value", fmt.Sprintf("%s: incremental_predicates have no meaning with %s", p.in.Node.Name, asked),
			"they bound the rows that delete+insert takes out", "take them out, or use incremental_strategy: delete+insert")
		return s, false
	}
	if asked == "" || asked == "default" || asked == "legacy" {
		p.defaultStrategy(s, asked)
	}
	return s, p.fitsEngine(s)
}

var (
	ofTarget = regexp.MustCompile(`(?i)\bDBT_INTERNAL_DEST\s*\.\s*`)
	ofNew    = regexp.MustCompile(`(?i)\bDBT_INTERNAL_SOURCE\s*\.`)
)

// nullKeys says what becomes of rows whose key is NULL, where that can be.
func (p *planner) nullKeys(s strategy) {
	if s.key == "" || !slices.Contains([]string{"delete_insert", "microbatch"}, s.name) {
		return
	}
	for _, item := range p.keyItems() {
		if c := p.columnOf(unquoted(item)); strings.Contains(c.Type, "Nullable(") {
			p.note("%s may be NULL: a row whose key is NULL, or has NULL in it, replaces none, and is there again after each run that returns it", adapters.QuoteIdent(c.Name))
		}
	}
}

// predicates bound the rows of the table that new ones may take the place of.
// dbt's name for the table in a MERGE is understood.
func (p *planner) predicates() []string {
	var all []string
	for _, key := range []string{"predicates", "incremental_predicates"} {
		for _, text := range p.in.Node.Config.Strings(key) {
			if ofNew.MatchString(text) {
				p.wrong(key, "wrong-config-value", fmt.Sprintf("%s: %s speaks of DBT_INTERNAL_SOURCE", p.in.Node.Name, key),
					"the condition is asked of the table's rows alone", "leave new rows out in the model's SQL")
				continue
			}
			if text = ofTarget.ReplaceAllString(text, ""); strings.TrimSpace(text) != "" {
				all = append(all, text)
			}
		}
	}
	return all
}

// defaultStrategy says in the plan what was chosen.
func (p *planner) defaultStrategy(s strategy, asked string) {
	switch {
	case p.in.Node.Config.Bool("inserts_only", false):
		p.note("strategy: append, since inserts_only is set")
	case s.name == "append":
		p.note("strategy: append, since there is no unique_key")
	case asked == "legacy":
		p.note("strategy: delete+insert, which gives the rows of legacy without writing the whole table again")
	default:
		p.note("strategy: delete+insert, since there is a unique_key")
	}
}

func (p *planner) overwrites(s strategy) bool {
	switch {
	case p.keyClause("partition_by") == "":
		p.wrong("incremental_strategy", "missing-config", fmt.Sprintf("%s: insert_overwrite needs partition_by", p.in.Node.Name),
			"it replaces whole partitions", "add partition_by")
	case s.key != "":
		p.wrong("unique_key", "wrong-config-value", fmt.Sprintf("%s: insert_overwrite takes no unique_key", p.in.Node.Name),
			"it replaces whole partitions, whatever rows are in them", "take unique_key out, or use incremental_strategy: delete+insert")
	default:
		return true
	}
	return false
}

// uniqueKey is the config of that name as one expression.
func (p *planner) uniqueKey() string {
	keys := slices.DeleteFunc(p.in.Node.Config.Strings("unique_key"), func(s string) bool { return strings.TrimSpace(s) == "" })
	return list(slices.Compact(keys))
}

// fitsEngine reports whether the strategy can be carried out on the model's
// engine: what takes rows out works with partitions.
func (p *planner) fitsEngine(s strategy) bool {
	if p.mergeTree() || s.name == "append" || s.own {
		return true
	}
	p.wrong("engine", "wrong-config-value", fmt.Sprintf("%s: %s does not work with engine %s", p.in.Node.Name, strings.ReplaceAll(s.name, "_i", "+i"), p.engineName()),
		"rows are only taken out of tables of the MergeTree family", "use an engine of that family, or incremental_strategy: append")
	return false
}

// out is the condition for rows of the table that the new ones, in a table of
// their own, take the place of.
func (p *planner) out(s strategy, of adapters.Relation) string {
	if s.key == "" {
		return "(" + strings.Join(s.predicates, ") AND (") + ")"
	}
	from := of.String()
	if p.sharded() {
		// The old row may be on another shard than the new one.
		from = p.ddl.onShards(of)
	}
	text := "(" + s.key + ") IN (SELECT " + s.key + " FROM " + from + ")"
	for _, predicate := range s.predicates {
		text += " AND (" + predicate + ")"
	}
	return text
}
