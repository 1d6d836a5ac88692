package materialize

import (
	"slices"
	"strconv"
	"strings"
)

// widens reports whether every value of a type is one of another type, too, and
// reads the same there: values of the one go into a column of the other. It is
// false where it does not know.
func widens(from, to string) bool { return widening{}.holds(NormalType(from), NormalType(to)) }

// grows reports whether a column of a type can become one of another type without
// any value of it changing, but for new elements of tuples.
func grows(from, to string) bool {
	return widening{newElements: true}.holds(NormalType(from), NormalType(to))
}

// widening is how types are compared.
type widening struct{ newElements bool }

func (w widening) holds(from, to string) bool {
	from, nullable := bareType(from)
	to, takesNull := bareType(to)
	if nullable && !takesNull {
		return false
	}
	if from == to {
		return true
	}
	name, args, _, ok := splitEngine(from)
	other, others, _, ok2 := splitEngine(to)
	if !ok || !ok2 {
		return false
	}
	if name != other {
		return numberWidens(from, to) || timeWidens(name, args, other, others) || strings.HasPrefix(name, "Enum") && enumWidens(args, other, others)
	}
	switch name {
	case "Array":
		return len(args) == 1 && len(others) == 1 && w.holds(args[0], others[0])
	case "Map":
		return len(args) == 2 && len(others) == 2 && args[0] == others[0] && w.holds(args[1], others[1])
	case "Tuple", "Nested":
		return w.tuples(args, others)
	case "Decimal":
		return numberWidens(from, to)
	case "DateTime64":
		return timeWidens(name, args, other, others)
	case "Enum8", "Enum16":
		return enumWidens(args, other, others)
	}
	return false
}

// bareType is a type without what only says how it is kept, and whether it has
// NULL.
func bareType(t string) (bare string, nullable bool) {
	for {
		inner, ok := strings.CutPrefix(t, "LowCardinality(")
		if !ok {
			if inner, ok = strings.CutPrefix(t, "Nullable("); !ok {
				return t, nullable
			}
			nullable = true
		}
		t = strings.TrimSuffix(inner, ")")
	}
}

// tuples compares the elements of tuples: those of the one have the same names in
// the other, in the same order, or the same places where they have none.
func (w widening) tuples(args, others []string) bool {
	at := 0
	for _, arg := range args {
		name, kind := tupleElement(arg)
		for ; ; at++ {
			if at >= len(others) {
				return false
			}
			other, otherKind := tupleElement(others[at])
			if other == name {
				if !w.holds(kind, otherKind) {
					return false
				}
				at++
				break
			}
			if !w.newElements || name == "" {
				return false
			}
		}
	}
	named := len(args) > 0 && firstName(args) != ""
	return at == len(others) || w.newElements && named
}

func firstName(elements []string) string {
	name, _ := tupleElement(elements[0])
	return name
}

// tupleElement is the name, if there is one, and the type of an element.
func tupleElement(text string) (name, kind string) {
	all := lexemes(text)
	if len(all) > 1 && all[0].word && all[1].word {
		return all[0].text, text[all[1].start:]
	}
	return "", text
}

// number is what values a type of numbers has: whole ones of so many bits, so
// many digits before and after the point, or a float with so many bits of them.
type numbers struct {
	bits, mantissa int
	signed         bool
	before, after  int
}

// digitsOf are the digits of whole numbers, by their bits.
var digitsOf = map[int]int{8: 3, 16: 5, 32: 10, 64: 20, 128: 39, 256: 78}

func numbersOf(t string) (n numbers, ok bool) {
	name, args, _, _ := splitEngine(t)
	switch name {
	case "Bool":
		return numbers{bits: 8}, true
	case "BFloat16":
		return numbers{mantissa: 8}, true
	case "Float32":
		return numbers{mantissa: 24}, true
	case "Float64":
		return numbers{mantissa: 53}, true
	case "Decimal":
		if len(args) != 2 {
			return n, false
		}
		precision, err := strconv.Atoi(args[0])
		scale, err2 := strconv.Atoi(args[1])
		return numbers{before: precision - scale, after: scale}, err == nil && err2 == nil
	}
	size, unsigned := strings.CutPrefix(name, "UInt")
	if !unsigned {
		if size, ok = strings.CutPrefix(name, "Int"); !ok {
			return n, false
		}
	}
	bits, err := strconv.Atoi(size)
	return numbers{bits: bits, signed: !unsigned}, err == nil && digitsOf[bits] > 0
}

func numberWidens(from, to string) bool {
	a, ok := numbersOf(from)
	b, ok2 := numbersOf(to)
	if !ok || !ok2 || to == "Bool" {
		return false
	}
	held := a.bits // without the sign
	if a.signed {
		held--
	}
	switch {
	case a.bits > 0 && b.bits > 0:
		return a.signed == b.signed && a.bits <= b.bits || !a.signed && b.signed && a.bits < b.bits
	case a.bits > 0 && b.mantissa > 0:
		return held <= b.mantissa
	case a.bits > 0:
		return digitsOf[a.bits] <= b.before
	case a.mantissa > 0:
		return b.mantissa >= a.mantissa
	}
	return b.bits == 0 && b.mantissa == 0 && a.before <= b.before && a.after <= b.after
}

// timeWidens compares times of the same zone.
func timeWidens(name string, args []string, other string, others []string) bool {
	switch {
	case name == "Date" && other == "Date32":
		return true
	case name == "DateTime" && other == "DateTime64" && len(others) > 0:
		return slices.Equal(args, others[1:])
	case name == "DateTime64" && other == "DateTime64" && len(args) > 0 && len(others) > 0:
		// With nine digits, there are fewer years.
		return slices.Equal(args[1:], others[1:]) && args[0] < others[0] && others[0] != "9"
	}
	return false
}

// enumWidens reports whether all names of an enum are there, with their numbers,
// or become texts.
func enumWidens(args []string, other string, others []string) bool {
	if other == "String" {
		return true
	}
	return strings.HasPrefix(other, "Enum") && !slices.ContainsFunc(args, func(a string) bool { return !slices.Contains(others, a) })
}
