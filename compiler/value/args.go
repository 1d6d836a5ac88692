package value

import (
	"math/big"
	"slices"
)

// The methods of builtin classes read their arguments here, since Python
// words its complaints about them in its own ways.

// none is for methods that take nothing; name is as in "str.lower".
func (c *Call) none(name string) error {
	if err := c.positional(name); err != nil {
		return err
	}
	if len(c.Args) > 0 {
		return Errorf("TypeError", "%s() takes no arguments (%d given)", name, len(c.Args))
	}
	return nil
}

// one is for methods that take one positional argument; name is as in
// "str.join".
func (c *Call) one(name string) (Value, error) {
	if err := c.positional(name); err != nil {
		return nil, err
	}
	if len(c.Args) != 1 {
		return nil, Errorf("TypeError", "%s() takes exactly one argument (%d given)", name, len(c.Args))
	}
	return c.Args[0], nil
}

// between is for methods with optional positional arguments; absent ones are
// nil. The class is only for complaints about keywords.
func (c *Call) between(class, name string, least, most int) ([]Value, error) {
	if err := c.positional(class + "." + name); err != nil {
		return nil, err
	}
	n := len(c.Args)
	bound, limit := "", least
	switch {
	case n < least && least < most:
		bound = "at least "
	case n > most && least < most:
		bound, limit = "at most ", most
	case n >= least && n <= most:
		return slices.Concat(c.Args, make([]Value, most-n)), nil
	}
	return nil, Errorf("TypeError", "%s expected %s%d argument%s, got %d", name, bound, limit, plural(limit), n)
}

// named is for methods whose arguments, all optional, may be passed by name.
func (c *Call) named(name string, params ...Param) ([]Value, error) {
	if given := len(c.Args) + len(c.Kwargs); given > len(params) {
		return nil, Errorf("TypeError", "%s() takes at most %d argument%s (%d given)", name, len(params), plural(len(params)), given)
	}
	values := make([]Value, len(params))
	set := make([]bool, len(params))
	for i, a := range c.Args {
		values[i], set[i] = a, true
	}
	for _, kw := range c.Kwargs {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == kw.Name })
		switch {
		case i < 0:
			return nil, Errorf("TypeError", "'%s' is an invalid keyword argument for %s()", kw.Name, name)
		case set[i]:
			return nil, Errorf("TypeError", "argument for %s() given by name ('%s') and position (%d)", name, kw.Name, i+1)
		}
		values[i], set[i] = kw.Value, true
	}
	for i, p := range params {
		if !set[i] && !p.Optional {
			return nil, Errorf("TypeError", "%s() missing required argument '%s' (pos %d)", name, p.Name, i+1)
		}
		if !set[i] {
			values[i] = p.Default
		}
	}
	return values, nil
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func (c *Call) positional(name string) error {
	if len(c.Kwargs) > 0 {
		return Errorf("TypeError", "%s() takes no keyword arguments", name)
	}
	return nil
}

// argType is how Python names the class of a wrong argument.
func argType(v Value) string {
	if v == nil {
		return "None"
	}
	return TypeName(v)
}

// toIndex reads an argument that must be an int.
func toIndex(v Value) (int, error) {
	if _, ok := v.(*big.Int); ok {
		return 0, Errorf("OverflowError", "Python int too large to convert to C ssize_t")
	}
	i, ok := indexOf(v)
	if !ok {
		return 0, Errorf("TypeError", "'%s' object cannot be interpreted as an integer", TypeName(v))
	}
	return i, nil
}
