package pydecimal

import (
	"math/big"

	"github.com/chmod-sql/chmod/compiler/value"
)

// precision is how many digits a result keeps, as in Python unless told
// otherwise.
const precision = 28

// Operate computes with Decimals and ints.
func (d *Decimal) Operate(op value.Op, other value.Value, reflected bool) (value.Value, bool, error) {
	o := operand(other)
	if o == nil {
		return nil, false, nil
	}
	a, b := d, o
	if reflected {
		a, b = o, d
	}
	switch op {
	case value.OpAdd:
		x, y, exp := aligned(a, b)
		return (&Decimal{x.Add(x, y), exp}).rounded(), true, nil
	case value.OpSub:
		x, y, exp := aligned(a, b)
		return (&Decimal{x.Sub(x, y), exp}).rounded(), true, nil
	case value.OpMul:
		return (&Decimal{new(big.Int).Mul(a.digits, b.digits), a.exp + b.exp}).rounded(), true, nil
	case value.OpDiv, value.OpFloorDiv, value.OpMod:
		if b.digits.Sign() == 0 {
			return nil, true, value.Errorf("DivisionByZero", "[<class 'decimal.DivisionByZero'>]")
		}
		return divided(op, a, b), true, nil
	}
	return nil, false, nil
}

func operand(v value.Value) *Decimal {
	switch v := v.(type) {
	case *Decimal:
		return v
	case int64:
		return &Decimal{big.NewInt(v), 0}
	case *big.Int:
		return &Decimal{v, 0}
	case bool:
		if v {
			return &Decimal{big.NewInt(1), 0}
		}
		return &Decimal{new(big.Int), 0}
	}
	return nil
}

// aligned are the digits of two Decimals for one exponent.
func aligned(a, b *Decimal) (x, y *big.Int, exp int) {
	exp = min(a.exp, b.exp)
	return new(big.Int).Mul(a.digits, ten(a.exp-exp)), new(big.Int).Mul(b.digits, ten(b.exp-exp)), exp
}

// divided is a / b, a // b or a % b, where Decimals round towards zero.
func divided(op value.Op, a, b *Decimal) *Decimal {
	x, y, exp := aligned(a, b)
	switch op {
	case value.OpFloorDiv:
		return &Decimal{x.Quo(x, y), 0}
	case value.OpMod:
		return (&Decimal{x.Rem(x, y), exp}).rounded()
	}
	// Enough digits for rounding to see what follows the last that is kept;
	// a remainder counts as a little more.
	shift := precision + 2 + len(y.String())
	q, rest := new(big.Int).QuoRem(x.Mul(x, ten(shift)), y, new(big.Int))
	if rest.Sign() != 0 {
		q.Mul(q, big.NewInt(10))
		q.Add(q, big.NewInt(int64(q.Sign())))
		return (&Decimal{q, -shift - 1}).rounded()
	}
	// An exact quotient keeps no more zeros than the operands ask for.
	ideal := a.exp - b.exp
	d := &Decimal{q, -shift}
	for d.exp < ideal {
		whole, last := new(big.Int).QuoRem(d.digits, big.NewInt(10), new(big.Int))
		if last.Sign() != 0 {
			break
		}
		d = &Decimal{whole, d.exp + 1}
	}
	return d.rounded()
}

// rounded has no more digits than the precision; halves go to the even digit.
func (d *Decimal) rounded() *Decimal {
	over := len(new(big.Int).Abs(d.digits).String()) - precision
	if over <= 0 {
		return d
	}
	unit := ten(over)
	q, rest := new(big.Int).QuoRem(d.digits, unit, new(big.Int))
	switch twice := new(big.Int).Abs(rest.Lsh(rest, 1)).Cmp(unit); {
	case twice > 0, twice == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(int64(d.digits.Sign())))
	}
	return (&Decimal{q, d.exp + over}).rounded()
}
