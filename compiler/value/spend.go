package value

// Spender is a Runtime that bounds how much a rendering may do. The error says
// that it has done too much, or is to stop.
type Spender interface {
	Spend(steps int) error
}

// Spend counts steps of a call that may go on without end.
func (c *Call) Spend(steps int) error {
	if s, ok := c.Runtime.(Spender); ok {
		return s.Spend(steps)
	}
	return nil
}

// Cost is about how many steps it takes to read a value once, not counting what
// lies in its parts; for a method, the value that it belongs to.
func Cost(v Value) int {
	switch v := v.(type) {
	case string:
		return len(v) / 16
	case *List:
		return len(v.Elems)
	case *Tuple:
		return len(v.Elems)
	case *Dict:
		return v.Len()
	case *Set:
		return v.Len()
	case *dictView:
		return v.dict.Len()
	case *method:
		return Cost(v.self)
	}
	return 0
}
