package value

// Tupled is an Object that is a tuple to whatever takes tuples: operators,
// comparisons, formats, dicts and sets.
type Tupled interface {
	Tuple() *Tuple
}

// tupleOf is a value as the tuple that it is.
func tupleOf(v Value) (*Tuple, bool) {
	switch v := v.(type) {
	case *Tuple:
		return v, true
	case Tupled:
		return v.Tuple(), true
	}
	return nil, false
}

// untupled makes plain tuples of operands that are Tupled; false when none is.
func untupled(a, b Value) (Value, Value, bool) {
	x, first := a.(Tupled)
	if first {
		a = x.Tuple()
	}
	y, second := b.(Tupled)
	if second {
		b = y.Tuple()
	}
	return a, b, first || second
}
