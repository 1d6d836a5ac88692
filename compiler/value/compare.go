package value

import (
	"strings"
)

// Compare orders two values as < does. The error is a TypeError for values
// without an order. Sets and NaN have only a part of an order: use Order for
// an operator.
func Compare(a, b Value) (int, error) {
	c, _, err := compare("<", a, b, 0)
	return c, err
}

// Order answers a op b for <, <=, > and >=.
func Order(op string, a, b Value) (bool, error) {
	c, ordered, err := compare(op, a, b, 0)
	if err != nil || !ordered {
		return false, err
	}
	switch op {
	case "<":
		return c < 0, nil
	case "<=":
		return c <= 0, nil
	case ">":
		return c > 0, nil
	}
	return c >= 0, nil
}

func compare(op string, a, b Value, depth int) (int, bool, error) {
	if depth > maxDepth {
		return 0, false, tooDeep("comparing")
	}
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y), true, nil
		}
	case *List:
		if y, ok := b.(*List); ok {
			return compareElems(op, x.Elems, y.Elems, depth+1)
		}
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			return compareElems(op, x.Elems, y.Elems, depth+1)
		}
	case *Set:
		if y, ok := b.(*Set); ok {
			c, ordered := compareSets(x, y)
			return c, ordered, nil
		}
	}
	if x, ok := numberOf(a); ok {
		if y, ok := numberOf(b); ok {
			c, ordered := compareNumbers(x, y)
			return c, ordered, nil
		}
	}
	if err := undefinedOperand(a, b); err != nil {
		return 0, false, err
	}
	if x, ok := a.(Orderer); ok {
		if c, ok, err := x.Compare(b); ok || err != nil {
			return c, ok, err
		}
	}
	if y, ok := b.(Orderer); ok {
		if c, ok, err := y.Compare(a); ok || err != nil {
			return -c, ok, err
		}
	}
	if x, ok := tupleOf(a); ok {
		if y, ok := tupleOf(b); ok {
			return compareElems(op, x.Elems, y.Elems, depth+1)
		}
	}
	return 0, false, Errorf("TypeError", "'%s' not supported between instances of '%s' and '%s'", op, TypeName(a), TypeName(b))
}

func compareElems(op string, a, b []Value, depth int) (int, bool, error) {
	for i := range min(len(a), len(b)) {
		if same(a[i], b[i]) {
			continue
		}
		if equal, err := Equals(a[i], b[i]); err != nil {
			return 0, false, err
		} else if equal {
			continue
		}
		return compare(op, a[i], b[i], depth)
	}
	return len(a) - len(b), true, nil
}

func compareSets(a, b *Set) (int, bool) {
	switch inA, inB := a.within(b), b.within(a); {
	case inA && inB:
		return 0, true
	case inA:
		return -1, true
	case inB:
		return 1, true
	}
	return 0, false
}

// undefinedOperand is the error of computing with something that does not
// exist; nil when both do.
func undefinedOperand(a, b Value) error {
	if u, ok := a.(*Undefined); ok {
		return u.Fail()
	}
	if u, ok := b.(*Undefined); ok {
		return u.Fail()
	}
	return nil
}
