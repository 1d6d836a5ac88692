package value

import (
	"math"
	"math/big"
)

// number is an int or a float in one of its three shapes: big, float or, when
// neither is set, small.
type number struct {
	small   int64
	big     *big.Int
	real    float64
	isFloat bool
}

func numberOf(v Value) (number, bool) {
	switch v := v.(type) {
	case int64:
		return number{small: v}, true
	case float64:
		return number{real: v, isFloat: true}, true
	case bool:
		if v {
			return number{small: 1}, true
		}
		return number{}, true
	case *big.Int:
		return number{big: v}, true
	}
	return number{}, false
}

func (n number) integer() *big.Int {
	if n.big != nil {
		return n.big
	}
	return big.NewInt(n.small)
}

func (n number) float() (float64, error) {
	switch {
	case n.isFloat:
		return n.real, nil
	case n.big == nil:
		return float64(n.small), nil
	}
	f, _ := new(big.Float).SetInt(n.big).Float64()
	if math.IsInf(f, 0) {
		return 0, Errorf("OverflowError", "int too large to convert to float")
	}
	return f, nil
}

func (n number) zero() bool {
	return n.isFloat && n.real == 0 || !n.isFloat && n.big == nil && n.small == 0
}

// Int returns a big integer as a value: an int64 when it fits.
func Int(b *big.Int) Value {
	if b.IsInt64() {
		return b.Int64()
	}
	return b
}

// compareNumbers is exact where an int meets a float; false when one is NaN.
func compareNumbers(a, b number) (int, bool) {
	switch {
	case a.isFloat && b.isFloat:
		switch {
		case a.real < b.real:
			return -1, true
		case a.real > b.real:
			return 1, true
		}
		return 0, a.real == b.real
	case a.isFloat:
		c, ok := compareNumbers(b, a)
		return -c, ok
	case b.isFloat:
		switch {
		case math.IsNaN(b.real):
			return 0, false
		case math.IsInf(b.real, 1):
			return -1, true
		case math.IsInf(b.real, -1):
			return 1, true
		case a.big == nil && a.small > -1<<53 && a.small < 1<<53:
			return compareNumbers(number{real: float64(a.small), isFloat: true}, b)
		}
		// Bits for any int: its own; the float has 53.
		x := new(big.Float).SetInt(a.integer())
		return x.Cmp(new(big.Float).SetFloat64(b.real)), true
	case a.big == nil && b.big == nil:
		switch {
		case a.small < b.small:
			return -1, true
		case a.small > b.small:
			return 1, true
		}
		return 0, true
	}
	return a.integer().Cmp(b.integer()), true
}

// Truncate is Python's int(f).
func Truncate(f float64) (Value, error) {
	switch {
	case math.IsNaN(f):
		return nil, Errorf("ValueError", "cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, Errorf("OverflowError", "cannot convert float infinity to integer")
	case math.Abs(f) < 1<<62:
		return int64(f), nil
	}
	whole, _ := big.NewFloat(f).Int(nil)
	return Int(whole), nil
}
