package value

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

func intAttr(v Value, name string) (Value, bool) {
	switch name {
	case "real", "numerator":
		n, err := Pos(v)
		return n, err == nil
	case "imag":
		return int64(0), true
	case "denominator":
		return int64(1), true
	case "bit_length":
		return &method{self: v, name: name, run: intBitLength}, true
	case "bit_count":
		return &method{self: v, name: name, run: intBitCount}, true
	case "conjugate":
		return &method{self: v, name: name, run: numberConjugate}, true
	case "as_integer_ratio":
		return &method{self: v, name: name, run: numberRatio}, true
	}
	return nil, false
}

func floatAttr(v float64, name string) (Value, bool) {
	var run methodFunc
	switch name {
	case "real":
		return v, true
	case "imag":
		return 0.0, true
	case "is_integer":
		run = floatIsInteger
	case "hex":
		run = floatHex
	case "conjugate":
		run = numberConjugate
	case "as_integer_ratio":
		run = numberRatio
	default:
		return nil, false
	}
	return &method{self: v, name: name, run: run}, true
}

func bigOf(v Value) *big.Int {
	n, _ := numberOf(v)
	return n.integer()
}

func intBitLength(self Value, c *Call) (Value, error) {
	return int64(bigOf(self).BitLen()), c.none("int.bit_length")
}

func intBitCount(self Value, c *Call) (Value, error) {
	var n int64
	for _, w := range bigOf(self).Bits() {
		n += int64(bits.OnesCount(uint(w)))
	}
	return n, c.none("int.bit_count")
}

func numberConjugate(self Value, c *Call) (Value, error) {
	if err := c.none(TypeName(self) + ".conjugate"); err != nil {
		return nil, err
	}
	return Pos(self)
}

func numberRatio(self Value, c *Call) (Value, error) {
	if err := c.none(TypeName(self) + ".as_integer_ratio"); err != nil {
		return nil, err
	}
	f, ok := self.(float64)
	if !ok {
		return NewTuple(Int(bigOf(self)), int64(1)), nil
	}
	switch {
	case math.IsNaN(f):
		return nil, Errorf("ValueError", "cannot convert NaN to integer ratio")
	case math.IsInf(f, 0):
		return nil, Errorf("OverflowError", "cannot convert Infinity to integer ratio")
	}
	r := new(big.Rat).SetFloat64(f)
	return NewTuple(Int(r.Num()), Int(r.Denom())), nil
}

func floatIsInteger(self Value, c *Call) (Value, error) {
	f := self.(float64)
	return f == math.Trunc(f) && !math.IsInf(f, 0), c.none("float.is_integer")
}

func floatHex(self Value, c *Call) (Value, error) {
	f := self.(float64)
	if f == 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		s := floatText(f)
		switch s {
		case "0.0":
			s = "0x0.0p+0"
		case "-0.0":
			s = "-0x0.0p+0"
		}
		return s, c.none("float.hex")
	}
	m, exp := math.Frexp(f)
	mantissa, exp := math.Abs(m)*2, exp-1
	lead := int64(1)
	if exp < -1022 { // subnormal: Python keeps the smallest exponent
		mantissa, exp, lead = math.Ldexp(mantissa, exp+1022), -1022, 0
	}
	fraction := strconv.FormatInt(int64((mantissa-float64(lead))*(1<<52)), 16)
	for len(fraction) < 13 {
		fraction = "0" + fraction
	}
	sign, expSign := "", "+"
	if f < 0 {
		sign = "-"
	}
	if exp < 0 {
		expSign = ""
	}
	return sign + "0x" + strconv.FormatInt(lead, 10) + "." + fraction + "p" + expSign + strconv.Itoa(exp), c.none("float.hex")
}
