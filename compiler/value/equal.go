package value

// Equal is ==.
func Equal(a, b Value) bool { return equal(a, b, 0) }

func equal(a, b Value, depth int) bool {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return x == y
		}
	case int64:
		if y, ok := b.(int64); ok {
			return x == y
		}
	case nil:
		if b == nil {
			return true
		}
	case *List:
		y, ok := b.(*List)
		if ok {
			return x == y || equalElems(x.Elems, y.Elems, depth+1)
		}
	case *Tuple:
		y, ok := b.(*Tuple)
		if ok {
			return x == y || equalElems(x.Elems, y.Elems, depth+1)
		}
	case *Dict:
		y, ok := b.(*Dict)
		if ok {
			return x == y || equalDicts(x, y, depth+1)
		}
	case *Set:
		y, ok := b.(*Set)
		if ok {
			return x == y || x.Len() == y.Len() && x.within(y)
		}
	case *Undefined:
		_, ok := b.(*Undefined)
		return ok
	}
	if x, ok := numberOf(a); ok {
		if y, ok := numberOf(b); ok {
			c, ordered := compareNumbers(x, y)
			return ordered && c == 0
		}
	}
	if x, ok := a.(Equaler); ok {
		return x.Equal(b)
	}
	if y, ok := b.(Equaler); ok {
		return y.Equal(a)
	}
	return same(a, b)
}

// same is Python's "is", as far as containers need it: an Object or a list
// holds itself whatever its == says.
func same(a, b Value) bool {
	switch a.(type) {
	case *List, *Tuple, *Dict, *Set, *Undefined:
		return a == b
	case Object:
		return hashable(a) && hashable(b) && a == b
	}
	return false
}

func equalElems(a, b []Value, depth int) bool {
	if len(a) != len(b) || depth > maxDepth {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) && !equal(a[i], b[i], depth) {
			return false
		}
	}
	return true
}

func equalDicts(a, b *Dict, depth int) bool {
	if a.Len() != b.Len() || depth > maxDepth {
		return false
	}
	for k, v := range a.All() {
		o, ok := b.Get(k)
		if !ok || !same(v, o) && !equal(v, o, depth) {
			return false
		}
	}
	return true
}

// find is the index of the first element equal to v, or -1.
func find(elems []Value, v Value) int {
	for i, e := range elems {
		if same(e, v) || Equal(e, v) {
			return i
		}
	}
	return -1
}
