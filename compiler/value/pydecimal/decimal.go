// Package pydecimal is the Decimal of Python's decimal module, as far as
// templates meet it: what a query finds in a column of decimals.
//
// Its main type is Decimal, which is exact, compares with any number and
// computes with Decimals and ints. It knows no infinities and no NaN, and like
// Python refuses to compute with floats.
package pydecimal

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Decimal is digits times a power of ten. It is immutable.
type Decimal struct {
	digits *big.Int
	exp    int // of ten
}

// Parse reads a number such as -12.340, of which it keeps no zeros at the end
// of the fraction; false when it is none.
func Parse(text string) (*Decimal, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	fraction = strings.TrimRight(fraction, "0")
	digits, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok || strings.ContainsAny(fraction, "+-") {
		return nil, false
	}
	return &Decimal{digits, -len(fraction)}, true
}

// TypeName is the class name that Python shows.
func (d *Decimal) TypeName() string { return "decimal.Decimal" }

// Attr answers no attributes.
func (d *Decimal) Attr(string) (value.Value, bool) { return nil, false }

// Str is the number as Python prints it, in scientific notation when it is
// very small or its last digits are not known.
func (d *Decimal) Str() string {
	sign, digits := "", new(big.Int).Abs(d.digits).String()
	if d.digits.Sign() < 0 {
		sign = "-"
	}
	adjusted := d.exp + len(digits) - 1
	if d.exp > 0 || adjusted < -6 {
		s := digits[:1]
		if len(digits) > 1 {
			s += "." + digits[1:]
		}
		mark := ""
		if adjusted >= 0 {
			mark = "+"
		}
		return sign + s + "E" + mark + strconv.Itoa(adjusted)
	}
	if d.exp == 0 {
		return sign + digits
	}
	if missing := 1 - d.exp - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	at := len(digits) + d.exp
	return sign + digits[:at] + "." + digits[at:]
}

// Repr is Decimal('1.5').
func (d *Decimal) Repr() string { return "Decimal('" + d.Str() + "')" }

// Truth is whether it is not zero.
func (d *Decimal) Truth() bool { return d.digits.Sign() != 0 }

// Neg is its negative.
func (d *Decimal) Neg() value.Value { return &Decimal{new(big.Int).Neg(d.digits), d.exp} }

// Integer is its whole part.
func (d *Decimal) Integer() *big.Int {
	if d.exp >= 0 {
		return new(big.Int).Mul(d.digits, ten(d.exp))
	}
	return new(big.Int).Quo(d.digits, ten(-d.exp))
}

// Float is the closest float.
func (d *Decimal) Float() float64 {
	f, _ := d.rat().Float64()
	return f
}

// HashKey is the same for equal Decimals.
func (d *Decimal) HashKey() any { return "decimal:" + d.rat().String() }

// Equal compares with any number.
func (d *Decimal) Equal(o value.Value) bool {
	order, ok, err := d.Compare(o)
	return ok && err == nil && order == 0
}

// Compare orders it among numbers.
func (d *Decimal) Compare(o value.Value) (int, bool, error) {
	switch o := o.(type) {
	case float64:
		other := new(big.Rat)
		if other.SetFloat64(o) == nil {
			return 0, false, nil // infinite or no number
		}
		return d.rat().Cmp(other), true, nil
	default:
		other := operand(o)
		if other == nil {
			return 0, false, nil
		}
		return d.rat().Cmp(other.rat()), true, nil
	}
}

func (d *Decimal) rat() *big.Rat {
	if d.exp >= 0 {
		return new(big.Rat).SetInt(d.Integer())
	}
	return new(big.Rat).SetFrac(d.digits, ten(-d.exp))
}

func ten(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
