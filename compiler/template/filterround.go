package template

import (
	"math"
	"math/big"
	"strconv"

	"github.com/chmod-sql/chmod/compiler/value"
)

func roundFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("round", value.Optional("precision", int64(0)), value.Optional("method", "common"))
	if err != nil {
		return nil, err
	}
	switch args[1] {
	case "common":
		if args[0] == nil {
			return round(v, 0, true)
		}
		if many, ok := args[0].(*big.Int); ok {
			return round(v, many.Sign()*math.MaxInt32, false)
		}
		digits, err := count(args[0])
		if err != nil {
			return nil, err
		}
		return round(v, digits, false)
	case "ceil", "floor":
		return roundTowards(v, args[0], args[1] == "ceil")
	}
	return nil, bad("method must be common, ceil or floor")
}

// round is Python's round(v, digits): halves go to the even neighbour, and
// what a float really is decides what is a half.
func round(v value.Value, digits int, whole bool) (value.Value, error) {
	switch n := v.(type) {
	case number:
		return round(n.Float(), digits, whole)
	case bool, int64, *big.Int:
		if digits >= 0 {
			return value.Pos(n)
		}
		i, _ := new(big.Int).SetString(value.Str(mustPos(n)), 10)
		if i == nil || digits < -10000 {
			return int64(0), nil
		}
		return value.Int(roundInt(i, -digits)), nil
	case float64:
		if math.IsNaN(n) || math.IsInf(n, 0) {
			if whole {
				return nil, value.Errorf("OverflowError", "cannot convert float infinity to integer")
			}
			return n, nil
		}
		var x float64
		switch {
		case digits > 400:
			x = n
		case digits >= 0:
			// Written with so many digits, halves are decided by the exact value.
			x, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'f', digits, 64), 64)
		case digits < -400:
			x = math.Copysign(0, n)
		default:
			i, _ := new(big.Float).SetFloat64(math.Trunc(n)).Int(nil)
			f := new(big.Float).SetInt(roundFraction(i, n, -digits))
			x, _ = f.Float64()
			x = math.Copysign(x, n)
		}
		if whole {
			return value.Truncate(x)
		}
		return x, nil
	}
	return nil, value.Errorf("TypeError", "type %s doesn't define __round__ method", value.TypeName(v))
}

func mustPos(v value.Value) value.Value {
	n, err := value.Pos(v)
	if err != nil {
		return int64(0) // cannot be: only ints get here
	}
	return n
}

func roundInt(i *big.Int, digits int) *big.Int {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	quo, rem := new(big.Int).DivMod(i, unit, new(big.Int))
	twice := new(big.Int).Lsh(rem, 1)
	if c := twice.Cmp(unit); c > 0 || c == 0 && quo.Bit(0) == 1 {
		quo.Add(quo, big.NewInt(1))
	}
	return quo.Mul(quo, unit)
}

// roundFraction is roundInt of a float whose integer part is i: a fraction
// lifts it above a half.
func roundFraction(i *big.Int, n float64, digits int) *big.Int {
	if n == math.Trunc(n) {
		return roundInt(i, digits)
	}
	scaled := new(big.Int).Mul(i, big.NewInt(10))
	if n > 0 {
		scaled.Add(scaled, big.NewInt(1))
	} else {
		scaled.Sub(scaled, big.NewInt(1))
	}
	rounded := roundInt(scaled, digits+1)
	return rounded.Quo(rounded, big.NewInt(10))
}

// roundTowards is ceil or floor at some digit.
func roundTowards(v, digits value.Value, up bool) (value.Value, error) {
	factor, err := value.Pow(int64(10), digits)
	if err != nil {
		return nil, err
	}
	scaled, err := value.Mul(v, factor)
	if err != nil {
		return nil, err
	}
	switch n := scaled.(type) {
	case bool, int64, *big.Int:
	case float64:
		if math.IsNaN(n) {
			return nil, value.Errorf("ValueError", "cannot convert float NaN to integer")
		}
		if up {
			n = math.Ceil(n)
		} else {
			n = math.Floor(n)
		}
		if scaled, err = value.Truncate(n); err != nil {
			return nil, err
		}
	default:
		return nil, value.Errorf("TypeError", "must be real number, not %s", value.TypeName(scaled))
	}
	return value.Div(scaled, factor)
}
