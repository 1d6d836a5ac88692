package value

import (
	"math"
	"math/big"
)

func calculate(op Op, a, b number) (Value, error) {
	if a.isFloat || b.isFloat || op == OpDiv {
		return calculateReal(op, a, b)
	}
	if a.big == nil && b.big == nil {
		if v, ok := calculateSmall(op, a.small, b.small); ok {
			return v, nil
		}
	}
	x, y := a.integer(), b.integer()
	switch op {
	case OpAdd:
		return bounded(new(big.Int).Add(x, y))
	case OpSub:
		return bounded(new(big.Int).Sub(x, y))
	case OpMul:
		if x.BitLen()+y.BitLen() > maxBits {
			return nil, tooLarge("int")
		}
		return Int(new(big.Int).Mul(x, y)), nil
	case OpFloorDiv, OpMod:
		if y.Sign() == 0 {
			if op == OpMod {
				return nil, Errorf("ZeroDivisionError", "integer modulo by zero")
			}
			return nil, Errorf("ZeroDivisionError", "integer division or modulo by zero")
		}
		div, mod := new(big.Int).QuoRem(x, y, new(big.Int))
		if mod.Sign() != 0 && mod.Sign() != y.Sign() {
			div.Sub(div, big.NewInt(1))
			mod.Add(mod, y)
		}
		if op == OpMod {
			return Int(mod), nil
		}
		return Int(div), nil
	}
	return powInt(x, y)
}

// calculateSmall is the work on int64 alone; false when it does not fit, or
// divides by zero.
func calculateSmall(op Op, x, y int64) (Value, bool) {
	switch op {
	case OpAdd:
		sum := x + y
		return sum, (sum > x) == (y > 0)
	case OpSub:
		diff := x - y
		return diff, (diff < x) == (y > 0)
	case OpMul:
		const half = 1 << 31
		return x * y, x > -half && x < half && y > -half && y < half
	case OpFloorDiv, OpMod:
		if y == 0 || x == math.MinInt64 {
			return nil, false
		}
		div, mod := x/y, x%y
		if mod != 0 && (mod < 0) != (y < 0) {
			div, mod = div-1, mod+y
		}
		if op == OpMod {
			return mod, true
		}
		return div, true
	}
	return nil, false
}

func bounded(n *big.Int) (Value, error) {
	if n.BitLen() > maxBits {
		return nil, tooLarge("int")
	}
	return Int(n), nil
}

func powInt(x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		return calculateReal(OpPow, number{big: x}, number{big: y})
	}
	if x.BitLen() > 1 && (!y.IsInt64() || y.Int64() > maxBits || int64(x.BitLen()-1)*y.Int64() > maxBits) {
		return nil, tooLarge("int")
	}
	if x.BitLen() <= 1 && y.BitLen() > 1 { // -1, 0 and 1: only whether y is odd matters
		y = new(big.Int).SetUint64(2 + uint64(y.Bit(0)))
	}
	return Int(new(big.Int).Exp(x, y, nil)), nil
}

func calculateReal(op Op, a, b number) (Value, error) {
	if op == OpDiv && !a.isFloat && !b.isFloat {
		return divideInts(a, b)
	}
	x, err := a.float()
	if err != nil {
		return nil, err
	}
	y, err := b.float()
	if err != nil {
		return nil, err
	}
	switch op {
	case OpAdd:
		return x + y, nil
	case OpSub:
		return x - y, nil
	case OpMul:
		return x * y, nil
	case OpPow:
		return powReal(x, y)
	}
	if y == 0 {
		message := "float division by zero"
		switch op {
		case OpFloorDiv:
			message = "float floor division by zero"
		case OpMod:
			message = "float modulo"
		}
		return nil, &Error{Class: "ZeroDivisionError", Message: message}
	}
	if op == OpDiv {
		return x / y, nil
	}
	div, mod := divmod(x, y)
	if op == OpMod {
		return mod, nil
	}
	return div, nil
}

// divideInts rounds once, also where an operand has more bits than a float.
func divideInts(a, b number) (Value, error) {
	const exact = 1 << 53
	if b.zero() {
		return nil, Errorf("ZeroDivisionError", "division by zero")
	}
	if a.big == nil && b.big == nil && a.small > -exact && a.small < exact && b.small > -exact && b.small < exact {
		return float64(a.small) / float64(b.small), nil
	}
	if a.zero() {
		return math.Copysign(0, float64(b.integer().Sign())), nil
	}
	f, _ := new(big.Rat).SetFrac(a.integer(), b.integer()).Float64()
	if math.IsInf(f, 0) {
		return nil, Errorf("OverflowError", "integer division result too large for a float")
	}
	return f, nil
}

// divmod keeps Python's promise that the remainder has the divisor's sign.
func divmod(x, y float64) (div, mod float64) {
	mod = math.Mod(x, y)
	div = (x - mod) / y
	if mod == 0 {
		mod = math.Copysign(0, y)
	} else if (y < 0) != (mod < 0) {
		mod += y
		div--
	}
	if div == 0 {
		return math.Copysign(0, x/y), mod
	}
	floor := math.Floor(div)
	if div-floor > 0.5 {
		floor++
	}
	return floor, mod
}

func powReal(x, y float64) (Value, error) {
	if x == 0 && y < 0 {
		return nil, Errorf("ZeroDivisionError", "0.0 cannot be raised to a negative power")
	}
	if x < 0 && y != math.Trunc(y) && !math.IsInf(x, 0) && !math.IsInf(y, 0) && !math.IsNaN(y) {
		return nil, Errorf("ValueError", "a negative number to the power of a fraction is complex")
	}
	z := power(x, y)
	if math.IsInf(z, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, Errorf("OverflowError", "(34, 'Numerical result out of range')")
	}
	return z, nil
}

// power is math.Pow, but rounded once for exponents of everyday size, as C's
// pow is.
func power(x, y float64) float64 {
	z := math.Pow(x, y)
	if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(y) > 1024 || y*16 != math.Trunc(y*16) || z == 0 || math.IsInf(z, 0) || math.IsNaN(z) {
		return z
	}
	const bits = 160
	exact := new(big.Float).SetPrec(bits).SetInt64(1)
	factor := new(big.Float).SetPrec(bits).SetFloat64(x)
	for y != math.Trunc(y) { // x is not below zero here: powReal has seen to it
		factor.Sqrt(factor)
		y *= 2
	}
	for n := int64(math.Abs(y)); n > 0; n >>= 1 {
		if n&1 == 1 {
			exact.Mul(exact, factor)
		}
		factor.Mul(factor, factor)
	}
	if y < 0 {
		exact.Quo(new(big.Float).SetPrec(bits).SetInt64(1), exact)
	}
	rounded, _ := exact.Float64()
	return rounded
}
