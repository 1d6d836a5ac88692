package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

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
