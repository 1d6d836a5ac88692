package value

import "math"

// Extent is about how much there is to write of a value with all that it holds:
// one for each value and one for each 16 bytes of text. What lies in several
// places counts in each, although it is looked at once. It is math.MaxInt for
// what holds itself, or is nested too deeply.
func Extent(v Value) int {
	return measure{}.extent(v, 0)
}

// measure is what lists and dicts come to; open ones are without end.
type measure map[any]int

func (m measure) extent(v Value, depth int) int {
	total := 1
	switch v := v.(type) {
	case string:
		return 1 + len(v)/16
	case *List, *Tuple, *Dict, *Set:
		if known, ok := m[v]; ok {
			return known
		}
		if depth > maxDepth {
			return math.MaxInt
		}
		m[v] = math.MaxInt
		defer func() { m[v] = total }()
	}
	add := func(n int) {
		if total += n; total < n {
			total = math.MaxInt
		}
	}
	addAll := func(elems []Value) {
		for _, e := range elems {
			add(m.extent(e, depth+1))
		}
	}
	switch v := v.(type) {
	case *List:
		addAll(v.Elems)
	case *Tuple:
		addAll(v.Elems)
	case *Set:
		addAll(v.Elems())
	case *Dict:
		for k, e := range v.All() {
			add(m.extent(k, depth+1))
			add(m.extent(e, depth+1))
		}
	}
	return total
}
