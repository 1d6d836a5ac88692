package value

// Add is a + b: numbers, text, lists and tuples.
func Add(a, b Value) (Value, error) {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(int64); ok {
			if sum := x + y; (sum > x) == (y > 0) {
				return sum, nil
			}
		}
	case string:
		if y, ok := b.(string); ok {
			if len(x)+len(y) > maxBytes {
				return nil, tooLarge("string")
			}
			return x + y, nil
		}
	case *List:
		if y, ok := b.(*List); ok {
			joined, err := joinElems(x.Elems, y.Elems)
			return NewList(joined...), err
		}
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			joined, err := joinElems(x.Elems, y.Elems)
			return NewTuple(joined...), err
		}
	}
	return operate(OpAdd, a, b)
}

// Sub is a - b: numbers and sets.
func Sub(a, b Value) (Value, error) {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(int64); ok {
			if diff := x - y; (diff < x) == (y > 0) {
				return diff, nil
			}
		}
	case *Set:
		if y, ok := b.(*Set); ok {
			return x.difference(y), nil
		}
	}
	return operate(OpSub, a, b)
}

// Mul is a * b: numbers, and text, lists and tuples repeated.
func Mul(a, b Value) (Value, error) {
	if v, ok, err := repeat(a, b); ok || err != nil {
		return v, err
	}
	if v, ok, err := repeat(b, a); ok || err != nil {
		return v, err
	}
	return operate(OpMul, a, b)
}

// Div is a / b, always a float for numbers.
func Div(a, b Value) (Value, error) { return operate(OpDiv, a, b) }

// FloorDiv is a // b, rounded down.
func FloorDiv(a, b Value) (Value, error) { return operate(OpFloorDiv, a, b) }

// Mod is a % b: the remainder with b's sign, or text formatted with b.
func Mod(a, b Value) (Value, error) {
	if x, ok := a.(string); ok {
		return percent(x, b)
	}
	return operate(OpMod, a, b)
}

// Pow is a ** b.
func Pow(a, b Value) (Value, error) { return operate(OpPow, a, b) }

// Arithmetic is a op b.
func Arithmetic(op Op, a, b Value) (Value, error) {
	switch op {
	case OpAdd:
		return Add(a, b)
	case OpSub:
		return Sub(a, b)
	case OpMul:
		return Mul(a, b)
	case OpMod:
		return Mod(a, b)
	}
	return operate(op, a, b)
}

func operate(op Op, a, b Value) (Value, error) {
	if x, ok := numberOf(a); ok {
		if y, ok := numberOf(b); ok {
			return calculate(op, x, y)
		}
	}
	if err := undefinedOperand(a, b); err != nil {
		return nil, err
	}
	if x, ok := a.(Operand); ok {
		if v, ok, err := x.Operate(op, b, false); ok || err != nil {
			return v, err
		}
	}
	if y, ok := b.(Operand); ok {
		if v, ok, err := y.Operate(op, a, true); ok || err != nil {
			return v, err
		}
	}
	if x, y, ok := untupled(a, b); ok {
		return Arithmetic(op, x, y)
	}
	return nil, unsupported(op, a, b)
}

func unsupported(op Op, a, b Value) error {
	x, y := TypeName(a), TypeName(b)
	switch op {
	case OpAdd:
		switch a.(type) {
		case string, *List, *Tuple:
			return Errorf("TypeError", `can only concatenate %s (not "%s") to %s`, x, y, x)
		}
	case OpMul:
		if isSequence(a) {
			return Errorf("TypeError", "can't multiply sequence by non-int of type '%s'", y)
		}
		if isSequence(b) {
			return Errorf("TypeError", "can't multiply sequence by non-int of type '%s'", x)
		}
	case OpPow:
		op = "** or pow()"
	}
	return Errorf("TypeError", "unsupported operand type(s) for %s: '%s' and '%s'", op, x, y)
}

func isSequence(v Value) bool {
	switch v.(type) {
	case string, *List, *Tuple:
		return true
	}
	return false
}
