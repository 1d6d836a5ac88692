package value

import (
	"math"
	"math/big"
)

// Neg is -v.
func Neg(v Value) (Value, error) {
	if n, ok := numberOf(v); ok {
		switch {
		case n.isFloat:
			return -n.real, nil
		case n.big == nil && n.small != math.MinInt64:
			return -n.small, nil
		}
		return Int(new(big.Int).Neg(n.integer())), nil
	}
	switch v := v.(type) {
	case *Undefined:
		return nil, v.Fail()
	case Negator:
		return v.Neg(), nil
	}
	return nil, Errorf("TypeError", "bad operand type for unary -: '%s'", TypeName(v))
}

// Pos is +v.
func Pos(v Value) (Value, error) {
	if n, ok := numberOf(v); ok {
		switch {
		case n.isFloat:
			return n.real, nil
		case n.big == nil:
			return n.small, nil
		}
		return v, nil
	}
	switch v := v.(type) {
	case *Undefined:
		return nil, v.Fail()
	case Negator:
		return v, nil
	}
	return nil, Errorf("TypeError", "bad operand type for unary +: '%s'", TypeName(v))
}
