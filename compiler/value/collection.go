package value

// List is Python's list: mutable, shared by reference.
type List struct {
	Elems []Value
}

// NewList makes a list that owns elems.
func NewList(elems ...Value) *List { return &List{Elems: elems} }

// Tuple is Python's tuple. It is never changed.
type Tuple struct {
	Elems []Value
}

// NewTuple makes a tuple that owns elems.
func NewTuple(elems ...Value) *Tuple { return &Tuple{Elems: elems} }
