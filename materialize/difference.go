package materialize

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// Aspect is what of a relation differs.
type Aspect string

const (
	AspectMissing    Aspect = "missing"    // it is not there
	AspectDetached   Aspect = "detached"   // it is there and not served
	AspectExtra      Aspect = "extra"      // it is there and should not be
	AspectKind       Aspect = "kind"       // a view and not a table
	AspectGeneration Aspect = "generation" // of another build
	AspectEngine     Aspect = "engine"
	AspectColumns    Aspect = "columns"
	AspectKeys       Aspect = "keys" // ORDER BY, PARTITION BY, TTL ...
	AspectIndexes    Aspect = "indexes"
	AspectSettings   Aspect = "settings"
	AspectComment    Aspect = "comment"
	AspectQuery      Aspect = "query" // of a view
	AspectGrants     Aspect = "grants"
	AspectPath       Aspect = "path"     // in Keeper
	AspectReplica    Aspect = "replica"  // Keeper does not know it
	AspectReadOnly   Aspect = "readonly" // it takes no writes and fetches nothing
	AspectParts      Aspect = "parts"    // it lacks some
)

// change is one difference between two shapes of a relation.
type change struct {
	aspect Aspect
	what   string
	// about is what of the relation it is about, whatever that is like: two hosts
	// that differ from a third one in the same have it here.
	about string
	// action makes it go away without building anything, as it follows ALTER
	// TABLE and the name; empty when nothing can.
	action string
	// own says that the replicas of a table do not tell each other of it.
	own bool
	// parts makes parts that are there already follow; empty when they do, or
	// need not.
	parts string
	// config is the key that it comes from; column the column that it is about.
	config, column string
}

// looks say which differences count.
type looks struct {
	columns, types  bool // columns at all; beyond name and type
	storage         bool // codecs and TTLs of columns
	comment, column bool // of the table; of its columns
	query           bool
	// asked is that the wanted shape is what the project asks for, which does
	// not name what servers add.
	asked bool
	// byName is that no server has written the wanted shape: expressions are
	// compared by the names in them only.
	byName bool
}

// differences are what has to change in have to become want.
func differences(want, have shape, look looks) []change {
	var all []change
	if want.kind != have.kind {
		return append(all, change{aspect: AspectKind, about: "kind", what: fmt.Sprintf("it is a %s instead of a %s", strings.ToLower(have.kind), strings.ToLower(want.kind))})
	}
	if a, b := want.engineText(), have.engineText(); !strings.EqualFold(a, b) {
		all = append(all, change{aspect: AspectEngine, about: "engine", what: fmt.Sprintf("the engine is %s instead of %s", b, a), config: "engine"})
	}
	all = append(all, columnDifferences(want.columns, have.columns, look)...)
	all = append(all, clauseDifferences(want, have, look)...)
	all = append(all, entryDifferences(want, have, look)...)
	all = append(all, settingDifferences(want.settings, have.settings, look.asked)...)
	if look.comment && want.comment != have.comment {
		all = append(all, change{
			aspect: AspectComment, about: "comment", what: fmt.Sprintf("the comment is %s instead of %s", orNothing(have.comment), orNothing(want.comment)),
			action: "MODIFY COMMENT " + cmp.Or(want.comment, "''"), own: true, config: "persist_docs",
		})
	}
	if look.query && !strings.EqualFold(want.query, have.query) {
		all = append(all, change{aspect: AspectQuery, about: "query", what: "the query is another one"})
	}
	return all
}

// clauseConfigs are the configs that clauses come from.
var clauseConfigs = map[string]string{
	"ORDER BY": "order_by", "PARTITION BY": "partition_by", "PRIMARY KEY": "primary_key", "SAMPLE BY": "sample_by", "TTL": "ttl",
}

func clauseDifferences(want, have shape, look looks) []change {
	var all []change
	for _, name := range bothKeys(want.clauses, have.clauses) {
		a, b := want.clauseText(name), have.clauseText(name)
		switch {
		case a == b, name == "DEFINER", name == "SQL SECURITY", name == "TO":
			continue
		case look.byName && slices.Equal(names(a), names(b)):
			continue
		case look.asked && name == "PRIMARY KEY" && a == "" && strings.HasPrefix(have.clauses["ORDER BY"]+",", b+","):
			continue // what a column that was added to the sorting key leaves
		}
		c := change{aspect: AspectKeys, about: name, what: fmt.Sprintf("%s is %s instead of %s", name, orNothing(b), orNothing(a)), config: clauseConfigs[name]}
		if name == "TTL" {
			c.action, c.parts = "REMOVE TTL", ""
			if a != "" {
				c.action, c.parts = "MODIFY TTL "+want.written[name], materializeTTL
			}
		}
		all = append(all, c)
	}
	return all
}

func entryDifferences(want, have shape, look looks) []change {
	var all []change
	for _, name := range bothKeys(want.entries, have.entries) {
		a, inWant := want.entries[name]
		b, inHave := have.entries[name]
		kind, _, _ := strings.Cut(name, " ")
		c := change{aspect: AspectIndexes, about: name, config: map[string]string{"INDEX": "indexes", "PROJECTION": "projections"}[kind]}
		drop, add := "DROP "+kind+" IF EXISTS ", "ADD "+kind+" IF NOT EXISTS "+want.written[name]
		if kind != "CONSTRAINT" {
			c.parts = "MATERIALIZE " + kind + " " + firstWord(want.written[name])
		}
		switch {
		case !inHave:
			c.what, c.action = strings.ToLower(name)+" is missing", add
		case !inWant:
			c.what, c.action, c.parts = strings.ToLower(name)+" is too much", drop+firstWord(have.written[name]), ""
		case entryText(a) != entryText(b) && !look.byName:
			c.what = fmt.Sprintf("%s is %s instead of %s", strings.ToLower(name), b, a)
			c.action = drop + firstWord(have.written[name]) + ", " + add
		default:
			continue
		}
		all = append(all, c)
	}
	return all
}

// firstWord is the first word or quoted name of a text, as it stands there.
func firstWord(text string) string {
	all := lexemes(text)
	if len(all) == 0 {
		return ""
	}
	return textOf(text, all[:1])
}

func bothKeys(a, b map[string]string) []string {
	names := slices.Sorted(maps.Keys(a))
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

func orNothing(text string) string {
	if text == "" {
		return "not set"
	}
	return text
}

// engineText is the engine without what is a replica's own affair.
func (s shape) engineText() string {
	if s.engine == "" {
		return s.kind
	}
	args := s.args
	if strings.HasSuffix(s.engine, "MergeTree") && s.engine != familyName(s.engine) && len(args) > 1 && strings.HasPrefix(args[0], "'") {
		args = args[2:] // the path and the name in Keeper
	}
	text := make([]string, len(args))
	for i, a := range args {
		text[i] = strings.Trim(a, "'")
	}
	name := s.engine
	if strings.HasPrefix(name, "Shared") {
		name = familyName(name)
	}
	if len(text) == 0 {
		return name
	}
	return name + "(" + list(text) + ")"
}

// clauseText is a clause as far as it says something: a primary key that is the
// sorting key does not.
func (s shape) clauseText(name string) string {
	text := s.clauses[name]
	if name == "PRIMARY KEY" && text == s.clauses["ORDER BY"] {
		return ""
	}
	return text
}

// entryText is an index as it is compared: a granularity of 1 may be left out.
func entryText(text string) string {
	return strings.TrimSuffix(strings.ToUpper(text), " GRANULARITY 1")
}

// fixedSettings are those that servers do not change in a table that is there;
// names that end in an underscore stand for all that begin so.
var fixedSettings = []string{
	"index_granularity", "index_granularity_bytes", "enable_mixed_granularity_parts", "storage_policy", "disk", "table_disk",
	"share_nested_offsets", "allow_tuple_element_aggregation", "add_minmax_index_for_",
}

func fixedSetting(name string) bool {
	return slices.ContainsFunc(fixedSettings, func(f string) bool { return f == name || strings.HasSuffix(f, "_") && strings.HasPrefix(name, f) })
}

// settingDifferences are those of settings. What numbers rows is there for
// updates that are written beside them: merge asks for it when it needs it, and
// it has to stay.
func settingDifferences(want, have map[string]string, asked bool) []change {
	var all []change
	for _, name := range bothKeys(want, have) {
		a, inWant := want[name]
		b, inHave := have[name]
		if a == b && inWant == inHave || asked && (!inWant && fixedSetting(name) || strings.HasPrefix(name, "enable_block_")) {
			continue
		}
		c := change{aspect: AspectSettings, about: "setting " + name, what: fmt.Sprintf("setting %s is %s instead of %s", name, orNothing(b), orNothing(a)), own: true, config: "settings"}
		switch {
		case fixedSetting(name):
		case inWant:
			c.action = "MODIFY SETTING " + name + " = " + settingText(a)
		default:
			c.action = "RESET SETTING " + name
		}
		all = append(all, c)
	}
	return all
}

// settingText is a setting's value as it stands in a statement.
func settingText(value string) string {
	if number.MatchString(value) {
		return value
	}
	return adapters.Literal(value)
}
