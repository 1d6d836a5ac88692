package value

import (
	"fmt"
	"slices"
	"strings"
)

// Error is a Python exception raised while a template runs. Class is the
// exception's name: TypeError, ValueError, KeyError, UndefinedError.
type Error struct {
	Class   string
	Message string
}

// Errorf makes an Error.
func Errorf(class, format string, args ...any) *Error {
	return &Error{Class: class, Message: fmt.Sprintf(format, args...)}
}

func (e *Error) Error() string { return e.Message }

// Param is a parameter of a function made in Go.
type Param struct {
	Name     string
	Optional bool
	Default  Value
}

// Required is a parameter that must be passed.
func Required(name string) Param { return Param{Name: name} }

// Optional is a parameter with a default.
func Optional(name string, def Value) Param {
	return Param{Name: name, Optional: true, Default: def}
}

// Bind matches a call's arguments to parameters as Python does and returns
// one value per parameter. The error is a TypeError in Python's words.
func (c *Call) Bind(function string, params ...Param) ([]Value, error) {
	if len(c.Args) > len(params) {
		return nil, Errorf("TypeError", "%s() takes %d positional arguments but %d were given", function, len(params), len(c.Args))
	}
	bound := make([]Value, len(params))
	set := make([]bool, len(params))
	for i, a := range c.Args {
		bound[i], set[i] = a, true
	}
	for _, kw := range c.Kwargs {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == kw.Name })
		if i < 0 {
			return nil, Errorf("TypeError", "%s() got an unexpected keyword argument '%s'", function, kw.Name)
		}
		if set[i] {
			return nil, Errorf("TypeError", "%s() got multiple values for argument '%s'", function, kw.Name)
		}
		bound[i], set[i] = kw.Value, true
	}
	var missing []string
	for i, p := range params {
		switch {
		case set[i]:
		case p.Optional:
			bound[i] = p.Default
		default:
			missing = append(missing, "'"+p.Name+"'")
		}
	}
	if len(missing) > 0 {
		return nil, Errorf("TypeError", "%s() missing %d required positional argument(s): %s", function, len(missing), strings.Join(missing, ", "))
	}
	return bound, nil
}

// Keyword returns a keyword argument; false when it was not passed.
func (c *Call) Keyword(name string) (Value, bool) {
	for _, kw := range c.Kwargs {
		if kw.Name == name {
			return kw.Value, true
		}
	}
	return nil, false
}
