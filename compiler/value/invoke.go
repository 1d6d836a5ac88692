package value

// Invoke calls fn. The error is a TypeError for what cannot be called.
func Invoke(fn Value, c *Call) (Value, error) {
	switch fn := fn.(type) {
	case Callable:
		return fn.Call(c)
	case *Undefined:
		if fn.Leniency == Chainable {
			return fn, nil
		}
		return nil, fn.Fail()
	}
	return nil, Errorf("TypeError", "'%s' object is not callable", TypeName(fn))
}

// With calls fn in the same place and rendering as c, with other arguments.
func (c *Call) With(fn Value, args ...Value) (Value, error) {
	return Invoke(fn, &Call{Args: args, Span: c.Span, Runtime: c.Runtime})
}
