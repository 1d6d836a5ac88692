package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// A column's type changes when the SQL's does. What happens to values then must
// not depend on luck: a server that makes an Int32 of an Int64 takes what fits
// into it and says nothing, and one that makes numbers of texts finds out in the
// middle of a mutation that one of them is none. So a type becomes one that has
// all values of the other, or each value is looked at before.

// growing is a change without the columns that need none, since the table's type
// has all values of the SQL's.
func (p *planner) growing(change schemaChange, policy string) schemaChange {
	change.changed = slices.DeleteFunc(slices.Clone(change.changed), func(c changedColumn) bool {
		stays := c.fits() && (policy == schemaAppend || !c.grows())
		if stays {
			p.note("column %s is %s in the SQL, and %s in the table, which has all its values: it stays", adapters.QuoteIdent(c.Name), c.Type, c.was)
		}
		return stays
	})
	if policy == schemaAppend {
		change.changed = asKept(change.changed)
	}
	return change
}

func asKept(changed []changedColumn) []changedColumn {
	changed = slices.Clone(changed)
	for i, c := range changed {
		changed[i] = c.asKept()
	}
	return changed
}

// altersNoKey reports columns that servers do not change, before anything else
// is changed: those that the table is sorted or divided by.
func (p *planner) altersNoKey(change schemaChange) bool {
	var keyed []string
	for _, c := range change.changed {
		if p.inKeys(c.Name) && !strings.HasPrefix(c.was, "Enum") && !c.sameValues() {
			keyed = append(keyed, fmt.Sprintf("%s was %s and is %s", c.Name, c.was, c.Type))
		}
	}
	for _, c := range change.removed {
		if p.inKeys(c.Name) {
			keyed = append(keyed, fmt.Sprintf("%s %s is gone", c.Name, c.Type))
		}
	}
	if len(keyed) == 0 {
		return true
	}
	p.wrong("on_schema_change", "schema-changed", fmt.Sprintf("%s: a column of the keys of %s is another one in the SQL", p.in.Node.Name, p.target),
		strings.Join(keyed, "; ")+"; servers do not change what a table is sorted or divided by", "run with --full-refresh, or return it as it was")
	return false
}

// sameValues reports whether both types have the same values, kept in other ways.
func (c changedColumn) sameValues() bool {
	was, nullable := bareType(NormalType(c.was))
	is, toNullable := bareType(NormalType(c.Type))
	return was == is && nullable == toNullable
}

// inKeys reports whether a column is part of what the table is sorted, divided or
// sampled by.
func (p *planner) inKeys(column string) bool {
	s, err := engineShape(p.in.Target.EngineFull)
	if err != nil {
		return false
	}
	for _, clause := range []string{"ORDER BY", "PARTITION BY", "PRIMARY KEY", "SAMPLE BY"} {
		for _, l := range lexemes(s.clauses[clause]) {
			if l.word && strings.Trim(l.text, "`\"") == column {
				return true
			}
		}
	}
	return false
}

// checkFits looks, before types are changed, at values that the new type may not
// have.
func (p *planner) checkFits(change schemaChange) {
	for _, c := range change.changed {
		if c.grows() {
			continue
		}
		fit := conversion{adapters.QuoteIdent(c.Name), c.was, c.Type}
		condition := fit.misfits()
		if !fit.checked() || !accurateCasts(p.ddl.server.Version) {
			// It is never met; but a value that cannot become one of the type fails
			// here, and not in a mutation, which leaves a table that cannot be read.
			condition = "ignore(CAST(" + fit.value + " AS " + fit.to + "))"
		}
		p.onShards(Step{
			Purpose: fmt.Sprintf("check that %s can have all values of %s, which is %s", c.Type, adapters.QuoteIdent(c.Name), c.was), Kind: KindCheck,
			Check:     &Check{Zero: true, Why: fmt.Sprintf("as many rows have a value of %s that %s cannot have; a --full-refresh builds the table with the new type", c.Name, c.Type)},
			Statement: adapters.Statement{SQL: "SELECT countIf(" + condition + ") FROM " + p.data.String()},
		}, nil)
	}
}

// conversion is of a value from one type to another that may not have it.
type conversion struct{ value, from, to string }

// kinds are the two types without what only says how they are kept.
func (c conversion) kinds() (from, to string, nullable, toNullable bool) {
	from, nullable = bareType(NormalType(c.from))
	to, toNullable = bareType(NormalType(c.to))
	return from, to, nullable, toNullable
}

// opaque are types whose values are not compared.
var opaque = []string{"JSON", "Object", "Variant", "Dynamic", "AggregateFunction", "SimpleAggregateFunction"}

// checked reports whether values are looked at. Numbers that become floats are
// not: they are as near as floats come.
func (c conversion) checked() bool {
	from, to, nullable, toNullable := c.kinds()
	if strings.HasPrefix(to, "Float") || strings.HasPrefix(to, "BFloat") {
		return nullable && !toNullable || textual(from)
	}
	if elements, ok := c.elements(); ok {
		return len(elements) > 0
	}
	if item, ok := c.items(); ok {
		return !widens(item.from, item.to) && item.checked()
	}
	return !slices.Contains(opaque, typeName(from)) && !slices.Contains(opaque, typeName(to))
}

// items is the conversion of what is in an array; false when the types are none.
func (c conversion) items() (conversion, bool) {
	from, to, _, _ := c.kinds()
	name, args, _, _ := splitEngine(from)
	other, others, _, _ := splitEngine(to)
	if name != "Array" || other != "Array" || len(args) != 1 || len(others) != 1 {
		return conversion{}, false
	}
	return conversion{"chmod_" + strings.Repeat("i", strings.Count(from, "Array(")), args[0], others[0]}, true
}

// elements are the conversions of tuples' elements that are looked at, false when
// the types are no tuples with names. Elements that only the value has are left
// out, as new columns are.
func (c conversion) elements() (checked []conversion, ok bool) {
	from, to, _, _ := c.kinds()
	name, args, _, _ := splitEngine(from)
	other, others, _, _ := splitEngine(to)
	if name != "Tuple" || other != "Tuple" || len(args) == 0 || firstName(args) == "" || len(others) == 0 || firstName(others) == "" {
		return nil, false
	}
	kinds := map[string]string{}
	for _, arg := range args {
		element, kind := tupleElement(arg)
		kinds[element] = kind
	}
	for _, arg := range others {
		element, kind := tupleElement(arg)
		inner := conversion{"tupleElement(" + c.value + ", " + adapters.Literal(strings.Trim(element, "`")) + ")", kinds[element], kind}
		if inner.from != "" && !widens(inner.from, inner.to) && inner.checked() {
			checked = append(checked, inner)
		}
	}
	return checked, true
}

// scalars reports whether both types have numbers, times, texts or the like.
func (c conversion) scalars() bool {
	composite := []string{"Array", "Map", "Tuple", "Nested", "Enum8", "Enum16"}
	from, to, _, _ := c.kinds()
	return !slices.Contains(composite, typeName(from)) && !slices.Contains(composite, typeName(to))
}

// numbered reports whether an enum becomes numbers, or numbers an enum.
func (c conversion) numbered() bool {
	from, to, _, _ := c.kinds()
	if strings.HasPrefix(to, "Enum") {
		from, to = to, from
	}
	n, _ := numbersOf(to)
	return strings.HasPrefix(from, "Enum") && n.bits > 0 && n.bits <= 64 && to != "Bool"
}

func typeName(t string) string {
	name, _, _, _ := splitEngine(t)
	return name
}

// misfits is the condition for values that the type does not have.
func (c conversion) misfits() string {
	from, to, nullable, toNullable := c.kinds()
	var text string
	switch {
	case (strings.HasPrefix(to, "Float") || strings.HasPrefix(to, "BFloat")) && !textual(from):
		return "isNull(" + c.value + ")"
	case c.numbered():
		return "ifNull(toInt64(" + c.value + ") != toInt64(CAST(" + c.value + " AS " + c.to + ")), 0)"
	case !c.scalars():
		if elements, ok := c.elements(); ok {
			conditions := make([]string, len(elements))
			for i, e := range elements {
				conditions[i] = "(" + e.misfits() + ")"
			}
			return strings.Join(conditions, " OR ")
		}
		if item, ok := c.items(); ok {
			return "arrayExists(" + item.value + " -> " + item.misfits() + ", " + c.value + ")"
		}
		return "ifNull(toString(" + c.value + ") != toString(CAST(" + c.value + " AS " + c.to + ")), 0)"
	}
	switch text = "ifNull(CAST(" + c.tried() + " AS Nullable(" + from + ")) != " + c.value + ", 1)"; {
	case strings.HasPrefix(from, "Float"): // NaN is not itself
		text = "if(isNaN(" + c.value + "), isNull(" + c.tried() + "), " + text + ")"
	case textual(from) && !textual(to):
		text = c.unread(text)
	}
	switch {
	case toNullable:
		text = "isNotNull(" + c.value + ") AND " + text
	case nullable:
		text = "isNull(" + c.value + ") OR " + text
	}
	return text
}

func textual(t string) bool { return t == "String" || typeName(t) == "FixedString" }

// unread is the condition for texts that do not say a value of the type, in
// whichever of its ways to be written: 2.50 is the decimal 2.5, and 2.555 is none
// with two digits. unlike is the condition that the value is written otherwise.
func (c conversion) unread(unlike string) string {
	wide := c.wide()
	if wide == "" {
		return "isNull(" + c.tried() + ")"
	}
	exact := "accurateCastOrNull(" + c.value + ", " + adapters.Literal(wide) + ")"
	return "(" + unlike + ") AND ifNull(accurateCastOrNull(" + c.tried() + ", " + adapters.Literal(wide) + ") != " + exact + ", 1)"
}

// wide is a type that has more of what a text says than the one it becomes, which
// leaves out digits and times of days; empty when servers refuse what is more.
func (c conversion) wide() string {
	_, to, _, _ := c.kinds()
	const digits, most = 38, 76
	name, args, _, _ := splitEngine(to)
	zone := ""
	switch n, _ := numbersOf(to); name {
	case "Decimal":
		if n.before+n.after < digits {
			return fmt.Sprintf("Decimal(%d, %d)", digits, digits-n.before)
		}
		return fmt.Sprintf("Decimal(%d, %d)", most, most-n.before)
	case "DateTime":
		zone = strings.Join(args, "")
	case "DateTime64":
		zone = strings.Join(args[min(1, len(args)):], "")
	case "Date", "Date32":
	default:
		return ""
	}
	const fraction = 8 // nine digits have fewer years
	if zone == "" {
		return fmt.Sprintf("DateTime64(%d)", fraction)
	}
	return fmt.Sprintf("DateTime64(%d, %s)", fraction, zone)
}

// tried is the value as one of the type, or NULL.
func (c conversion) tried() string {
	_, to, _, _ := c.kinds()
	return "accurateCastOrNull(" + c.value + ", " + adapters.Literal(to) + ")"
}

// fitting is the value as one of the type: the statement fails, and says so, when
// one that meets the condition does not fit.
func (c conversion) fitting(where, why string) string {
	misfits := c.misfits()
	if where != "" {
		misfits = where + " AND (" + misfits + ")"
	}
	value := "CAST(" + c.value + " AS " + c.to + ")"
	if _, to, _, toNullable := c.kinds(); c.scalars() && !strings.HasPrefix(to, "Float") && !strings.HasPrefix(to, "BFloat") {
		if value = c.tried(); !toNullable {
			value = "assumeNotNull(" + value + ")"
		}
		value = "CAST(" + value + " AS " + c.to + ")"
	}
	return "if(throwIf(" + misfits + ", " + adapters.Literal(why) + ") = 0, " + value + ", defaultValueOfTypeName(" + adapters.Literal(c.to) + "))"
}

// fitsNot is what is said of a value that does not.
func fitsNot(column, kind string) string {
	return "a value of column " + column + " is none of the table's type " + kind + ": build it with --full-refresh, or have the SQL return such values"
}

// accurateCasts is that a server can tell that a value is none of a type.
func accurateCasts(v adapters.Version) bool { return v.AtLeast(21, 1) }

// converted has the values of columns whose type is another one in the table go
// into it only as far as they fit.
func (p *planner) converted(columns []column, change schemaChange) []column {
	columns = slices.Clone(columns)
	for _, c := range change.changed {
		name := adapters.QuoteIdent(c.Name)
		at := slices.IndexFunc(columns, func(has column) bool { return has.Name == c.Name })
		if at < 0 || c.fits() || !(conversion{name, c.Type, c.was}).checked() || !accurateCasts(p.ddl.server.Version) {
			p.note("column %s is %s in the SQL and %s in the table: its values are converted", name, c.Type, c.was)
			continue
		}
		p.note("column %s is %s in the SQL and %s in the table: its values are converted, and the run fails if one does not fit", name, c.Type, c.was)
		columns[at].into = c.was
	}
	return columns
}
