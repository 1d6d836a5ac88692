package template

import (
	"math"
	"math/big"

	"github.com/chmod-sql/chmod/compiler/value"
)

func numberFilter(name string) filter {
	switch name {
	case "abs":
		return absFilter
	case "int":
		return intFilter
	case "float":
		return floatFilter
	case "round":
		return roundFilter
	case "filesizeformat":
		return filesizeFilter
	}
	return nil
}

// number is an Object that is a number, as decimals are.
type number interface {
	Integer() *big.Int
	Float() float64
}

func absFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("abs"); err != nil {
		return nil, err
	}
	switch n := v.(type) {
	case bool, int64, *big.Int, number:
		if below, err := value.Order("<", n, int64(0)); err != nil || below {
			return value.Neg(n)
		}
		if _, object := n.(number); object {
			return n, nil
		}
		return value.Pos(n)
	case float64:
		return math.Abs(n), nil
	}
	return nil, value.Errorf("TypeError", "bad operand type for abs(): '%s'", value.TypeName(v))
}

func intFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("int", value.Optional("default", int64(0)), value.Optional("base", int64(10)))
	if err != nil {
		return nil, err
	}
	switch n := v.(type) {
	case bool, int64, *big.Int:
		return value.Pos(n)
	case float64:
		if math.IsNaN(n) {
			return args[0], nil
		}
		return value.Truncate(n)
	case number:
		return value.Int(n.Integer()), nil
	case *value.Undefined:
		return nil, n.Fail()
	case string:
		if base, err := count(args[1]); err == nil {
			if i, ok := intOf(n, base); ok {
				return i, nil
			}
		}
		x, ok := floatOf(n)
		if !ok || math.IsNaN(x) || math.IsInf(x, 0) {
			return args[0], nil
		}
		return value.Truncate(x)
	}
	return args[0], nil
}

func floatFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("float", value.Optional("default", 0.0))
	if err != nil {
		return nil, err
	}
	switch n := v.(type) {
	case bool, int64, float64, *big.Int:
		return asFloat(n)
	case number:
		return n.Float(), nil
	case *value.Undefined:
		return nil, n.Fail()
	case string:
		if x, ok := floatOf(n); ok {
			return x, nil
		}
	}
	return args[0], nil
}

func asFloat(v value.Value) (float64, error) {
	if n, object := v.(number); object {
		return n.Float(), nil
	}
	x, ok := value.AsFloat(v)
	if !ok {
		if _, big := v.(*big.Int); big {
			return 0, value.Errorf("OverflowError", "int too large to convert to float")
		}
		if u, ok := v.(*value.Undefined); ok {
			return 0, u.Fail()
		}
		return 0, value.Errorf("TypeError", "float() argument must be a string or a real number, not '%s'", value.TypeName(v))
	}
	return x, nil
}

func filesizeFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("filesizeformat", value.Optional("binary", false))
	if err != nil {
		return nil, err
	}
	var n float64
	if s, ok := v.(string); ok {
		if n, ok = floatOf(s); !ok {
			return nil, value.Errorf("ValueError", "could not convert string to float: %s", value.Repr(s))
		}
	} else if n, err = asFloat(v); err != nil {
		return nil, err
	}
	base, infix := 1000.0, ""
	if value.Truth(args[0]) {
		base, infix = 1024, "i"
	}
	switch {
	case n == 1:
		return "1 Byte", nil
	case n < base:
		whole, err := value.Truncate(n)
		if err != nil {
			return nil, err
		}
		return value.Str(whole) + " Bytes", nil
	}
	unit, letter := base*base, 0
	letters := "KMGTPEZY"
	for letter < len(letters)-1 && !(n < unit) {
		unit *= base
		letter++
	}
	prefix := letters[letter : letter+1]
	if letter == 0 && infix == "" {
		prefix = "k"
	}
	return formatFixed(base*n/unit, 1) + " " + prefix + infix + "B", nil
}
