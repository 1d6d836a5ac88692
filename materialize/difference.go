package materialize

import (
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
	// alter makes it go away without building anything; nil when nothing can.
	alter func(d ddl, r adapters.Relation) string
}

// looks say which differences count.
type looks struct {
	columns, types  bool // columns at all; beyond name and type
	comment, column bool // of the table; of its columns
	query           bool
	// asked is that the wanted shape is what the project asks for, which does
	// not name what servers add.
	asked bool
}

// differences are what has to change in have to become want.
func differences(want, have shape, look looks) []change {
	var all []change
	add := func(a Aspect, format string, args ...any) *change {
		all = append(all, change{aspect: a, what: fmt.Sprintf(format, args...)})
		return &all[len(all)-1]
	}
	if want.kind != have.kind {
		add(AspectKind, "it is a %s instead of a %s", strings.ToLower(have.kind), strings.ToLower(want.kind))
		return all
	}
	if a, b := want.engineText(), have.engineText(); !strings.EqualFold(a, b) {
		add(AspectEngine, "the engine is %s instead of %s", b, a)
	}
	if look.columns {
		for _, c := range columnDifferences(want.columns, have.columns, look.types) {
			add(AspectColumns, "%s", c)
		}
	}
	for _, name := range bothKeys(want.clauses, have.clauses) {
		a, b := want.clauseText(name), have.clauseText(name)
		if a == b || name == "DEFINER" || name == "SQL SECURITY" || name == "TO" {
			continue
		}
		add(AspectKeys, "%s is %s instead of %s", name, orNothing(b), orNothing(a))
	}
	for _, name := range bothKeys(want.entries, have.entries) {
		a, inWant := want.entries[name]
		b, inHave := have.entries[name]
		switch {
		case !inHave:
			add(AspectIndexes, "%s is missing", strings.ToLower(name))
		case !inWant:
			add(AspectIndexes, "%s is too much", strings.ToLower(name))
		case entryText(a) != entryText(b):
			add(AspectIndexes, "%s is %s instead of %s", strings.ToLower(name), b, a)
		}
	}
	all = append(all, settingDifferences(want.settings, have.settings, look.asked)...)
	if look.comment && want.comment != have.comment {
		c := add(AspectComment, "the comment is %s instead of %s", orNothing(have.comment), orNothing(want.comment))
		text := want.comment
		if text == "" {
			text = "''"
		}
		c.alter = func(d ddl, r adapters.Relation) string { return d.comment(r, text) }
	}
	if look.column {
		for _, w := range want.columns {
			for _, h := range have.columns {
				if w.name == h.name && w.comment != h.comment {
					c := add(AspectComment, "the comment of column %s is %s instead of %s", w.name, orNothing(h.comment), orNothing(w.comment))
					text := w.comment
					if text == "" {
						text = "''"
					}
					c.alter = func(d ddl, r adapters.Relation) string { return d.commentColumn(r, w.name, text) }
				}
			}
		}
	}
	if look.query && !strings.EqualFold(want.query, have.query) {
		add(AspectQuery, "the query is another one")
	}
	return all
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

func columnDifferences(want, have []shapeColumn, all bool) []string {
	var out []string
	at := map[string]shapeColumn{}
	for _, h := range have {
		at[h.name] = h
	}
	var common []string
	known := map[string]bool{}
	for _, w := range want {
		known[w.name] = true
		h, ok := at[w.name]
		if !ok {
			out = append(out, fmt.Sprintf("column %s %s is missing", w.name, w.kind))
			continue
		}
		common = append(common, w.name)
		if w.kind != h.kind {
			out = append(out, fmt.Sprintf("column %s is %s instead of %s", w.name, h.kind, w.kind))
		}
		if !all {
			continue
		}
		for _, part := range [][3]string{{"default", w.preset, h.preset}, {"TTL", w.ttl, h.ttl}} {
			if part[1] != part[2] {
				out = append(out, fmt.Sprintf("column %s: the %s is %s instead of %s", w.name, part[0], orNothing(part[2]), orNothing(part[1])))
			}
		}
		if !sameCodec(w.codec, h.codec) {
			out = append(out, fmt.Sprintf("column %s: the codec is %s instead of %s", w.name, orNothing(h.codec), orNothing(w.codec)))
		}
	}
	var order []string
	for _, h := range have {
		if !known[h.name] {
			out = append(out, fmt.Sprintf("column %s %s is too much", h.name, h.kind))
			continue
		}
		order = append(order, h.name)
	}
	if !slices.Equal(common, order) {
		out = append(out, fmt.Sprintf("the columns are in the order %s instead of %s", list(order), list(common)))
	}
	return out
}

// sameCodec compares chains of codecs; servers add the levels that are not
// named.
func sameCodec(a, b string) bool {
	x, y := strings.Split(a, ", "), strings.Split(b, ", ")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		nameX, _, levelX := strings.Cut(x[i], "(")
		nameY, _, levelY := strings.Cut(y[i], "(")
		if nameX != nameY || levelX && levelY && x[i] != y[i] {
			return false
		}
	}
	return true
}

func settingDifferences(want, have map[string]string, asked bool) []change {
	var all []change
	for _, name := range bothKeys(want, have) {
		a, inWant := want[name]
		b, inHave := have[name]
		if a == b && inWant == inHave || asked && !inWant && strings.HasPrefix(name, "index_granularity") {
			continue
		}
		c := change{aspect: AspectSettings, what: fmt.Sprintf("setting %s is %s instead of %s", name, orNothing(b), orNothing(a))}
		if !strings.HasPrefix(name, "index_granularity") {
			c.alter = func(d ddl, r adapters.Relation) string {
				if !inWant {
					return d.resetSetting(r, name)
				}
				return d.modifySetting(r, name, a)
			}
		}
		all = append(all, c)
	}
	return all
}
