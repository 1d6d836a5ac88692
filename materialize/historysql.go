package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// hash64 is the id of a version, as dbt-clickhouse makes it.
func hash64(parts ...string) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = "coalesce(CAST(" + p + " AS Nullable(String)), '')"
	}
	return "halfMD5(" + strings.Join(texts, " || '|' || ") + ")"
}

// id is that of a new version.
func (h history) id() string { return hash64(append(slices.Clone(h.keys), h.updated)...) }

// end of versions that are current.
func (h history) open() string {
	if h.openEnd == "" {
		return "NULL"
	}
	return h.openEnd
}

// current is the condition for versions that are.
func (h history) current(to string) string {
	if h.openEnd == "" {
		return "(" + to + " IS NULL)"
	}
	return "(" + to + " IS NULL OR ifNull(" + to + " = (" + h.openEnd + "), 0))"
}

// first begins the query of a first snapshot, before the model's SQL.
func (h history) first() string {
	columns := []string{
		"*", h.id() + " AS " + adapters.QuoteIdent(h.names.id),
		h.updated + " AS " + adapters.QuoteIdent(h.names.updated),
		h.updated + " AS " + adapters.QuoteIdent(h.names.from),
		"coalesce(nullIf(" + h.updated + ", " + h.updated + "), " + h.open() + ") AS " + adapters.QuoteIdent(h.names.to),
	}
	if h.deletes == deletesRecord {
		columns = append(columns, "'False' AS "+adapters.QuoteIdent(h.names.deleted))
	}
	return "SELECT " + strings.Join(columns, ",\n    ") + "\nFROM (\n"
}

// end is what follows the model's SQL.
func (h history) end() string { return "\n) AS sbq" }

// Kinds of versions that are written.
const (
	kindNew    = 1 // a version that begins
	kindEnded  = 2 // one that another follows
	kindGone   = 3 // one whose row is no longer there
	kindRecord = 4 // one that says so
)

// insertChanges fills a table with all versions that begin or end: the SQL's
// rows are joined with those that are current, once.
func (p *planner) insertChanges(h history, into adapters.Relation, settings map[string]any) (first, last int) {
	if p.in.Columns == nil {
		sql, origin := p.around("INSERT INTO "+into.String()+" ("+placeholder+")\nSELECT /* the versions that begin or end */\nFROM (\n", "\n)")
		return p.versions(sql, origin, settings, "find what has changed, in one go")
	}
	c := h.changes(p.in.Target, p.in.Columns)
	c.accurate = accurateCasts(p.ddl.server.Version)
	c.shared = !p.ddl.server.Version.AtLeast(20, 1)
	join := "LEFT"
	if h.deletes != deletesIgnore {
		join = "FULL"
	}
	pairs, endOfPairs := "", ""
	if c.shared {
		pairs, endOfPairs = "  SELECT "+strings.Join(c.pairs(), ", ")+"\n  FROM (\n", "\n  )"
	}
	before := "INSERT INTO " + into.String() + " (" + adapters.QuoteIdents(p.insertableNames()) + ")\n" +
		"SELECT\n    " + strings.Join(c.values(), ",\n    ") +
		"\nFROM (\n  SELECT *, arrayJoin(" + c.kinds() + ") AS __chmod_kind\n  FROM (\n" + pairs +
		"    SELECT " + strings.Join(c.source(), ", ") + "\n    FROM (\n"
	after := "\n    ) AS __chmod_sql\n  ) AS __chmod_s\n  " + join + " JOIN (\n" +
		"    SELECT " + strings.Join(c.table(), ", ") + "\n    FROM " + p.target.String() +
		"\n    WHERE " + h.current(adapters.QuoteIdent(h.names.to)) + "\n  ) AS __chmod_c\n  " + c.on() + endOfPairs + "\n)"
	sql, origin := p.around(before, after)
	return p.versions(sql, origin, settings, "find what has changed, in one go")
}

// changes writes the parts of the statement that finds what has changed. The
// SQL's columns are __chmod_s1 and so on in it, the table's __chmod_c1.
type changes struct {
	history
	target  *Target
	columns []adapters.Column
	stored  []adapters.ColumnInfo
	// shared says that both sides call what they are joined on the same, and that
	// all columns but these are named: old servers mix up those of a FULL JOIN
	// otherwise.
	shared bool
	// accurate says that the server can tell values that do not fit a column.
	accurate bool
}

func (h history) changes(t *Target, columns []adapters.Column) changes {
	meta := h.meta()
	own := slices.DeleteFunc(slices.Clone(columns), func(c adapters.Column) bool { return slices.Contains(meta, c.Name) })
	return changes{history: h, target: t, columns: own, stored: t.insertable()}
}

// of is what the join calls a column of the SQL, false when it has none.
func (c changes) of(name string) (string, bool) {
	i := slices.IndexFunc(c.columns, func(s adapters.Column) bool { return s.Name == name })
	return fmt.Sprintf("__chmod_s%d", i+1), i >= 0
}

// was is what the join calls a column of the table.
func (c changes) was(name string) string {
	return fmt.Sprintf("__chmod_c%d", slices.IndexFunc(c.stored, func(s adapters.ColumnInfo) bool { return s.Name == name })+1)
}

func (c changes) source() []string {
	list := []string{"1 AS __chmod_s", c.updated + " AS __chmod_su", c.id() + " AS __chmod_sid"}
	for i, k := range c.keys {
		list = append(list, c.joined(k, c.keyOf("s", i+1))...)
	}
	for i, s := range c.columns {
		list = append(list, fmt.Sprintf("%s AS __chmod_s%d", adapters.QuoteIdent(s.Name), i+1))
	}
	return list
}

func (c changes) table() []string {
	list := []string{"1 AS __chmod_c"}
	for i, k := range c.keys {
		list = append(list, c.joined(k, c.keyOf("c", i+1))...)
	}
	for i, s := range c.stored {
		list = append(list, fmt.Sprintf("%s AS __chmod_c%d", adapters.QuoteIdent(s.Name), i+1))
	}
	return list
}

// plain reports whether a key is a column of one type that has no NULL.
func (c changes) plain(key string) bool {
	name := unquoted(key)
	stored, ok := c.target.column(name)
	if !ok || stored.DefaultKind != "" {
		return false
	}
	return slices.ContainsFunc(c.columns, func(s adapters.Column) bool {
		return s.Name == name && SameType(s.Type, stored.Type) && !strings.Contains(s.Type, "Nullable(")
	})
}

// joined is a key as it is joined on: NULL is a key like any other.
func (c changes) joined(key, as string) []string {
	list := c.told(key)
	for i, end := range []string{"", "n"}[:len(list)] {
		list[i] += " AS " + as + end
	}
	return list
}

// told is a key as expressions without NULL that are the same for no other.
func (c changes) told(key string) []string {
	if c.plain(key) {
		return []string{adapters.QuoteIdent(unquoted(key))}
	}
	return []string{"ifNull(CAST((" + key + ") AS Nullable(String)), '')", "isNull(" + key + ")"}
}

// identity tells a version from all others: its id, and the keys that the id was
// made of. As dbt-clickhouse makes it, NULL and empty texts give the same, as do
// ('a|b', 'c') and ('a', 'b|c').
func (c changes) identity() string {
	list := []string{adapters.QuoteIdent(c.names.id)}
	for _, k := range c.keys {
		list = append(list, c.told(k)...)
	}
	return strings.Join(list, ", ")
}

// pairs are the columns of the join but for the keys.
func (c changes) pairs() []string {
	names := []string{"__chmod_s", "__chmod_su", "__chmod_sid", "__chmod_c"}
	for i := range c.columns {
		names = append(names, fmt.Sprintf("__chmod_s%d", i+1))
	}
	for i := range c.stored {
		names = append(names, fmt.Sprintf("__chmod_c%d", i+1))
	}
	return names
}

// keyOf is what a side of the join, s or c, calls a key.
func (c changes) keyOf(side string, number int) string {
	if c.shared {
		side = ""
	}
	return fmt.Sprintf("__chmod_%sk%d", side, number)
}

// on is what the two sides are joined by.
func (c changes) on() string {
	var names, pairs []string
	for i, k := range c.keys {
		ends := []string{""}
		if !c.plain(k) {
			ends = append(ends, "n")
		}
		for _, end := range ends {
			is, was := c.keyOf("s", i+1)+end, c.keyOf("c", i+1)+end
			names = append(names, is)
			pairs = append(pairs, "__chmod_s."+is+" = __chmod_c."+was)
		}
	}
	if c.shared {
		return "USING (" + strings.Join(names, ", ") + ")"
	}
	return "ON " + strings.Join(pairs, " AND ")
}

// kinds are which versions to write for a pair of rows.
func (c changes) kinds() string {
	is, was := "ifNull(__chmod_s, 0) = 1", "ifNull(__chmod_c, 0) = 1"
	changed := c.changed()
	deleted := "0"
	if c.deletes == deletesRecord && !slices.Contains(c.grown, c.names.deleted) {
		deleted = "ifNull(" + c.was(c.names.deleted) + " = 'True', 0)"
		changed = "(" + changed + " OR " + deleted + ")"
	}
	list := []string{
		fmt.Sprintf("if(%s AND (NOT %s OR %s), %d, 0)", is, was, changed, kindNew),
		fmt.Sprintf("if(%s AND %s AND %s, %d, 0)", is, was, changed, kindEnded),
	}
	gone := was + " AND NOT " + is + " AND NOT " + deleted
	if c.deletes != deletesIgnore {
		list = append(list, fmt.Sprintf("if(%s, %d, 0)", gone, kindGone))
	}
	if c.deletes == deletesRecord {
		list = append(list, fmt.Sprintf("if(%s, %d, 0)", gone, kindRecord))
	}
	return "arrayFilter(x -> x != 0, [" + strings.Join(list, ",\n    ") + "])"
}

// changed is whether a row of the SQL is another version than the current one.
func (c changes) changed() string {
	if c.byTime {
		return "ifNull(" + c.was(c.names.from) + " < __chmod_su, 0)"
	}
	checked := c.checks
	if c.checkAll {
		for _, s := range c.columns {
			checked = append(checked, s.Name)
		}
	}
	var list []string
	for _, name := range checked {
		if slices.Contains(c.grown, name) {
			return "1" // as dbt does: the column is another one for every row
		}
		stored, _ := c.target.column(name)
		now, was := c.valueOf(name, stored.Type), c.was(name)
		differs := was + " != " + now
		if bare, _ := bareType(NormalType(stored.Type)); strings.Contains(bare, "Float") && !strings.Contains(bare, "(") {
			differs = "(" + differs + ") AND NOT (isNaN(" + was + ") AND isNaN(" + now + "))" // NaN is not itself
		}
		list = append(list, "ifNull("+differs+", 0)", "isNull("+was+") != isNull("+now+")")
	}
	return "(" + strings.Join(list, " OR ") + ")"
}

// valueOf is the SQL's value of a column, of the table's type.
func (c changes) valueOf(name, kind string) string {
	now, _ := c.of(name)
	i := slices.IndexFunc(c.columns, func(s adapters.Column) bool { return s.Name == name })
	if SameType(c.columns[i].Type, kind) {
		return now
	}
	to := conversion{now, c.columns[i].Type, nullableOf(kind)}
	if c.accurate && !widens(to.from, to.to) && to.checked() {
		return to.fitting("ifNull(__chmod_s, 0) = 1", fitsNot(name, kind))
	}
	return castTo(now, kind)
}

// values are the table's columns for a version of some kind.
func (c changes) values() []string {
	list := make([]string, len(c.stored))
	for i, s := range c.stored {
		was := fmt.Sprintf("__chmod_c%d", i+1)
		list[i] = c.value(s, was) + " AS " + adapters.QuoteIdent(s.Name)
	}
	return list
}

func (c changes) value(s adapters.ColumnInfo, was string) string {
	begins := func(new, record string) string {
		return fmt.Sprintf("multiIf(__chmod_kind = %d, %s, __chmod_kind = %d, %s, %s)", kindNew, castTo(new, s.Type), kindRecord, castTo(record, s.Type), was)
	}
	switch {
	case s.Name == c.names.id:
		return begins("__chmod_sid", hash64(was, c.now))
	case s.Name == c.names.updated, s.Name == c.names.from:
		return begins("__chmod_su", c.now)
	case s.Name == c.names.to:
		return fmt.Sprintf("multiIf(__chmod_kind = %d, %s, __chmod_kind = %d, %s, __chmod_kind = %d, %s, %s)",
			kindNew, castTo(c.open(), s.Type), kindEnded, castTo("__chmod_su", s.Type), kindGone, castTo(c.now, s.Type), was)
	case s.Name == c.names.deleted && c.deletes == deletesRecord:
		return begins("'False'", "'True'")
	}
	if _, ok := c.of(s.Name); !ok {
		none := "defaultValueOfTypeName(" + adapters.Literal(s.Type) + ")"
		if !c.accurate {
			none = "defaultValueOfArgumentType(" + was + ")" // what servers before 21.1 have
		}
		return fmt.Sprintf("if(__chmod_kind = %d, %s, %s)", kindNew, none, was)
	}
	return fmt.Sprintf("if(__chmod_kind = %d, %s, %s)", kindNew, c.valueOf(s.Name, s.Type), was)
}

// castTo is a value of a type, or NULL of it: with join_use_nulls what one side
// of a join lacks is NULL, also where it is not asked for.
func castTo(text, kind string) string { return "CAST(" + text + " AS " + nullableOf(kind) + ")" }

// nullableOf is a type with NULL, where it can have it.
func nullableOf(kind string) string {
	for _, head := range []string{"Nullable(", "LowCardinality(Nullable(", "Array(", "Map(", "Tuple(", "Nested(", "JSON", "Object(", "Variant(", "Dynamic", "AggregateFunction(", "SimpleAggregateFunction("} {
		if strings.HasPrefix(kind, head) {
			return kind
		}
	}
	if inner, ok := strings.CutPrefix(kind, "LowCardinality("); ok {
		return "LowCardinality(Nullable(" + inner + ")"
	}
	return "Nullable(" + kind + ")"
}
