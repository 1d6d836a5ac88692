package template

import (
	"math/big"

	"github.com/chmod-sql/chmod/compiler/value"
)

// valueTest is a test of what a value is.
func valueTest(name string) test {
	switch name {
	case "odd":
		return remainder(2, 1)
	case "even":
		return remainder(2, 0)
	case "divisibleby":
		return divisible
	case "lower", "upper":
		return func(_ *frame, v value.Value, c *value.Call) (bool, error) {
			if _, err := c.Bind(name); err != nil {
				return false, err
			}
			s, err := text(v)
			if err != nil {
				return false, err
			}
			is, err := method(c, s, "is"+name)
			return is == true, err
		}
	case "iterable":
		return func(_ *frame, v value.Value, c *value.Call) (bool, error) {
			if _, err := c.Bind(name); err != nil {
				return false, err
			}
			return isIterable(v), value.Check(v)
		}
	case "filter":
		return registered(name, func(s string) bool { return filterNamed(s) != nil })
	case "test":
		return registered(name, func(s string) bool { return testNamed(s) != nil })
	case "sameas":
		return binary(func(a, b value.Value) (bool, error) { return sameAs(a, b), nil })
	case "in":
		return binary(func(a, b value.Value) (bool, error) { return value.Contains(b, a) })
	case "==", "eq", "equalto":
		return comparing("==")
	case "!=", "ne":
		return comparing("!=")
	case "<", "lt", "lessthan":
		return comparing("<")
	case "<=", "le":
		return comparing("<=")
	case ">", "gt", "greaterthan":
		return comparing(">")
	case ">=", "ge":
		return comparing(">=")
	}
	return nil
}

// binary is a test with one argument.
func binary(is func(a, b value.Value) (bool, error)) test {
	return func(_ *frame, v value.Value, c *value.Call) (bool, error) {
		args, err := c.Bind("test", value.Required("other"))
		if err != nil {
			return false, err
		}
		return is(v, args[0])
	}
}

// registered looks a name up, which must be something that can be looked up.
func registered(named string, known func(name string) bool) test {
	return func(_ *frame, v value.Value, c *value.Call) (bool, error) {
		if _, err := c.Bind(named); err != nil {
			return false, err
		}
		if _, err := value.Key(v); err != nil {
			return false, err
		}
		name, ok := v.(string)
		return ok && known(name), nil
	}
}

func comparing(op string) test {
	return binary(func(a, b value.Value) (bool, error) { return compare(op, a, b) })
}

func remainder(of, want int64) test {
	return func(_ *frame, v value.Value, c *value.Call) (bool, error) {
		if _, err := c.Bind("test"); err != nil {
			return false, err
		}
		rest, err := value.Mod(v, of)
		return err == nil && value.Equal(rest, want), err
	}
}

func divisible(_ *frame, v value.Value, c *value.Call) (bool, error) {
	args, err := c.Bind("test_divisibleby", value.Required("num"))
	if err != nil {
		return false, err
	}
	rest, err := value.Mod(v, args[0])
	return err == nil && value.Equal(rest, int64(0)), err
}

// sameAs is Python's "is". Values that cannot be changed have no identity
// here, so that equal ones of a kind are the same.
func sameAs(a, b value.Value) bool {
	switch x := a.(type) {
	case *big.Int:
		y, ok := b.(*big.Int)
		return ok && x.Cmp(y) == 0
	case *value.Tuple:
		y, ok := b.(*value.Tuple)
		return ok && (x == y || len(x.Elems) == 0 && len(y.Elems) == 0)
	}
	return a == b
}
