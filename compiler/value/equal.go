package value

// Equal is ==; false where Equals has an error.
func Equal(a, b Value) bool {
	equal, err := Equals(a, b)
	return equal && err == nil
}

// Equals is == with Python's errors: an UndefinedError for a Strict Undefined,
// a RecursionError for what lies too deep, a MemoryError for what has too many
// parts.
func Equals(a, b Value) (bool, error) {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return x == y, nil
		}
	case int64:
		if y, ok := b.(int64); ok {
			return x == y, nil
		}
	}
	var c comparison
	equal := c.equal(a, b, 0)
	return equal && c.err == nil, c.err
}

// comparison is one ==. Containers may hold each other many times over, and so
// it remembers which it has found to be equal once it has seen a few.
type comparison struct {
	steps int
	known map[[2]any]bool
	err   error
}

// maxSteps is how many parts may be compared at once.
const maxSteps = 1 << 26

// fewSteps are so few that remembering costs more than it saves.
const fewSteps = 1 << 10

func (c *comparison) equal(a, b Value, depth int) bool {
	if c.steps++; c.steps > maxSteps {
		c.err = tooLarge("comparison")
		return false
	}
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
		if y, ok := b.(*List); ok {
			return c.containers(x, y, depth, func() bool { return c.elems(x.Elems, y.Elems, depth+1) })
		}
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			return c.containers(x, y, depth, func() bool { return c.elems(x.Elems, y.Elems, depth+1) })
		}
	case *Dict:
		if y, ok := b.(*Dict); ok {
			return c.containers(x, y, depth, func() bool { return c.dicts(x, y, depth+1) })
		}
	case *Set:
		if y, ok := b.(*Set); ok {
			return x == y || x.Len() == y.Len() && x.within(y)
		}
	}
	if x, ok := numberOf(a); ok {
		if y, ok := numberOf(b); ok {
			order, ordered := compareNumbers(x, y)
			return ordered && order == 0
		}
	}
	return c.objects(a, b)
}

func (c *comparison) objects(a, b Value) bool {
	for _, v := range [2]Value{a, b} {
		if err := Check(v); err != nil {
			c.err = err
			return false
		}
	}
	if _, ok := a.(*Undefined); ok {
		_, ok = b.(*Undefined)
		return ok
	}
	if x, ok := a.(Equaler); ok {
		return x.Equal(b)
	}
	if y, ok := b.(Equaler); ok {
		return y.Equal(a)
	}
	return same(a, b)
}

// containers compares two, unless it has done so before.
func (c *comparison) containers(a, b any, depth int, compare func() bool) bool {
	if a == b {
		return true
	}
	if depth > maxDepth {
		c.err = tooDeep("comparing")
		return false
	}
	if c.steps < fewSteps {
		return compare()
	}
	pair := [2]any{a, b}
	if c.known[pair] {
		return true
	}
	if !compare() {
		return false
	}
	if c.known == nil {
		c.known = map[[2]any]bool{}
	}
	c.known[pair] = true
	return true
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

func (c *comparison) elems(a, b []Value, depth int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) && !c.equal(a[i], b[i], depth) {
			return false
		}
	}
	return true
}

func (c *comparison) dicts(a, b *Dict, depth int) bool {
	if a.Len() != b.Len() {
		return false
	}
	for k, v := range a.All() {
		o, ok := b.Get(k)
		if !ok || !same(v, o) && !c.equal(v, o, depth) {
			return false
		}
	}
	return true
}

// find is the index of the first element equal to v, or -1.
func find(elems []Value, v Value) (int, error) {
	for i, e := range elems {
		if same(e, v) {
			return i, nil
		}
		if equal, err := Equals(e, v); equal || err != nil {
			return i, err
		}
	}
	return -1, nil
}
