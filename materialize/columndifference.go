package materialize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// columnDifferences are those of columns.
func columnDifferences(want, have []shapeColumn, look looks) []change {
	var all []change
	add := func(column, format string, args ...any) {
		all = append(all, change{aspect: AspectColumns, about: "column " + column, what: fmt.Sprintf(format, args...)})
	}
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
			if look.columns {
				add(w.name, "column %s %s is missing", w.name, w.kind)
			}
			continue
		}
		common = append(common, w.name)
		if look.columns && w.kind != h.kind {
			add(w.name, "column %s is %s instead of %s", w.name, h.kind, w.kind)
		}
		if look.columns && look.types && w.preset != h.preset {
			add(w.name, "column %s: the default is %s instead of %s", w.name, orNothing(h.preset), orNothing(w.preset))
		}
		if look.storage {
			all = append(all, storageDifferences(w, h, look)...)
		}
		if look.column && w.comment != h.comment {
			all = append(all, change{
				aspect: AspectComment, about: "comment of " + w.name, what: fmt.Sprintf("the comment of column %s is %s instead of %s", w.name, orNothing(h.comment), orNothing(w.comment)),
				action: "COMMENT COLUMN " + identOf(w.name) + " " + cmp.Or(w.comment, "''"), config: "persist_docs", column: w.name,
			})
		}
	}
	if !look.columns {
		return all
	}
	var order []string
	for _, h := range have {
		if !known[h.name] {
			add(h.name, "column %s %s is too much", h.name, h.kind)
			continue
		}
		order = append(order, h.name)
	}
	if !slices.Equal(common, order) {
		add("", "the columns are in the order %s instead of %s", list(order), list(common))
	}
	return all
}

// storageDifferences are those of how a column is kept.
func storageDifferences(want, have shapeColumn, look looks) []change {
	var all []change
	head := "MODIFY COLUMN " + identOf(want.name) + " "
	if want.ttl != have.ttl && (!look.byName || !slices.Equal(names(want.ttl), names(have.ttl))) {
		c := change{
			aspect: AspectColumns, about: "TTL of " + want.name, what: fmt.Sprintf("column %s: the TTL is %s instead of %s", want.name, orNothing(have.ttl), orNothing(want.ttl)),
			action: head + "REMOVE TTL", config: "ttl", column: want.name,
		}
		if want.ttl != "" {
			c.action, c.parts = head+want.ttlText, materializeTTL
		}
		all = append(all, c)
	}
	if !sameCodec(want.codec, have.codec) {
		c := change{
			aspect: AspectColumns, about: "codec of " + want.name, what: fmt.Sprintf("column %s: the codec is %s instead of %s", want.name, orNothing(have.codec), orNothing(want.codec)),
			action: head + "REMOVE CODEC", config: "codec", column: want.name,
		}
		if want.codec != "" {
			c.action = head + want.codecText
		}
		all = append(all, c)
	}
	return all
}

// identOf is the name of a shape's column in a statement.
func identOf(name string) string {
	if strings.HasPrefix(name, "`") || strings.HasPrefix(name, `"`) {
		return name
	}
	return adapters.QuoteIdent(name)
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
