package template

import (
	"math"
	"math/big"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func (x *constExpr) eval(*frame) (value.Value, error) { return x.val, nil }

func (x *badExpr) eval(*frame) (value.Value, error) { return nil, nil }

func (x *nameExpr) eval(f *frame) (value.Value, error) { return f.load(x.ref, x.name), nil }

func (x *tupleExpr) eval(f *frame) (value.Value, error) {
	items, err := f.evalAll(x.items)
	return value.NewTuple(items...), err
}

func (x *listExpr) eval(f *frame) (value.Value, error) {
	items, err := f.evalAll(x.items)
	if err != nil {
		return nil, err
	}
	return value.NewList(items...), f.r.spend(1+len(items), x.span)
}

func (f *frame) evalAll(list []expr) ([]value.Value, error) {
	if len(list) == 0 {
		return nil, nil
	}
	vals := make([]value.Value, len(list))
	for i, x := range list {
		v, err := x.eval(f)
		if err != nil {
			return nil, err
		}
		vals[i] = v
	}
	return vals, nil
}

func (x *dictExpr) eval(f *frame) (value.Value, error) {
	d := value.NewDict()
	for i := range x.keys {
		k, err := x.keys[i].eval(f)
		if err != nil {
			return nil, err
		}
		v, err := x.vals[i].eval(f)
		if err != nil {
			return nil, err
		}
		if err := d.Set(f.unmarked(k), v); err != nil {
			return nil, locate(err, x.keys[i].at())
		}
	}
	return d, f.r.spend(1+len(x.keys), x.span)
}

func (x *unaryExpr) eval(f *frame) (value.Value, error) {
	if x.op == "not" {
		ok, err := f.truth(x.x)
		return !ok, err
	}
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	if x.op == "-" {
		v, err = value.Neg(v)
	} else {
		v, err = value.Pos(v)
	}
	return v, locate(err, x.span)
}

// truth evaluates a condition.
func (f *frame) truth(x expr) (bool, error) {
	v, err := x.eval(f)
	if err != nil {
		return false, err
	}
	if b, ok := v.(bool); ok {
		return b, nil
	}
	if err := value.Check(v); err != nil {
		return false, locate(err, x.at())
	}
	return value.Truth(v), nil
}

func (x *binaryExpr) eval(f *frame) (value.Value, error) {
	a, err := x.left.eval(f)
	if err != nil {
		return nil, err
	}
	b, err := x.right.eval(f)
	if err != nil {
		return nil, err
	}
	var v value.Value
	switch x.op {
	case value.OpAdd:
		v, err = value.Add(a, b)
	case value.OpSub:
		v, err = value.Sub(a, b)
	case value.OpMul:
		v, err = value.Mul(a, b)
	case value.OpDiv:
		v, err = value.Div(a, b)
	case value.OpFloorDiv:
		v, err = value.FloorDiv(a, b)
	case value.OpMod:
		v, err = value.Mod(a, b)
	default:
		v, err = f.pow(x, a, b)
	}
	if err != nil {
		return nil, locate(err, x.span)
	}
	return v, f.r.made(v, 0, x.span)
}

// pow is a ** b. Jinja2 writes a constant base below zero without brackets when
// it cannot work out all, and Python then takes the sign last: -2**n is -(2**n),
// and so is (-2)**n.
func (f *frame) pow(x *binaryExpr, a, b value.Value) (value.Value, error) {
	if !negative(a) || !f.isConstant(x.left) || f.isConstant(x.right) {
		return value.Pow(a, b)
	}
	base, err := value.Neg(a)
	if err != nil {
		return nil, err
	}
	v, err := value.Pow(base, b)
	if err != nil {
		return nil, err
	}
	return value.Neg(v)
}

// negative reports whether Python writes a number with a sign.
func negative(v value.Value) bool {
	switch v := v.(type) {
	case int64:
		return v < 0
	case float64:
		return math.Signbit(v)
	case *big.Int:
		return v.Sign() < 0
	}
	return false
}

func (x *logicExpr) eval(f *frame) (value.Value, error) {
	v, err := x.left.eval(f)
	if err != nil {
		return nil, err
	}
	if err := value.Check(v); err != nil {
		return nil, locate(err, x.left.at())
	}
	if value.Truth(v) == x.or {
		return v, nil
	}
	return x.right.eval(f)
}

func (x *concatExpr) eval(f *frame) (value.Value, error) {
	var b strings.Builder
	vals, err := f.evalAll(x.parts)
	if err != nil {
		return nil, err
	}
	for i, v := range vals {
		s, err := text(v)
		if err != nil {
			return nil, locate(err, x.parts[i].at())
		}
		b.WriteString(s)
		if b.Len() > f.r.limits.Bytes {
			return nil, locate(&LimitError{"bytes", f.r.limits.Bytes}, x.span)
		}
	}
	return b.String(), f.r.spend(1+b.Len()/16, x.span)
}

func (x *compareExpr) eval(f *frame) (value.Value, error) {
	a, err := x.first.eval(f)
	if err != nil {
		return nil, err
	}
	for i, op := range x.ops {
		b, err := x.rest[i].eval(f)
		if err != nil {
			return nil, err
		}
		ok, err := compare(op, f.unmarked(a), f.unmarked(b))
		if err != nil {
			return nil, locate(err, x.span)
		}
		if err := f.r.spend(1+compareCost(op, a, b), x.span); err != nil {
			return nil, err
		}
		if !ok {
			return false, nil
		}
		a = b
	}
	return true, nil
}

// compareCost is how much of two values is read, at most.
func compareCost(op string, a, b value.Value) int {
	switch op {
	case "in", "not in":
		if _, ok := b.(*value.Dict); ok {
			return 0
		}
		return value.Cost(b)
	}
	return min(value.Cost(a), value.Cost(b))
}

func compare(op string, a, b value.Value) (bool, error) {
	switch op {
	case "==", "!=":
		ok, err := value.Equals(a, b)
		return ok == (op == "=="), err
	case "in", "not in":
		ok, err := value.Contains(b, a)
		return ok == (op == "in"), err
	}
	return value.Order(op, a, b)
}

func (x *condExpr) eval(f *frame) (value.Value, error) {
	ok, err := f.truth(x.test)
	if err != nil {
		return nil, err
	}
	switch {
	case ok:
		return x.then.eval(f)
	case x.other != nil:
		return x.other.eval(f)
	}
	// Always a plain one: it is there to be printed as nothing.
	return &value.Undefined{Hint: "the inline if has no else, and its condition is false"}, nil
}
