// Package pytime is Python's datetime module, and the time zones of pytz, as
// templates use them.
//
// Its main type is DateTime; Date, Clock, Delta and Zone are what it is made
// of. All are immutable. The package never asks for the time by itself: the
// module is made with a clock.
package pytime

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// class is a Python class: it is called to make a value and has attributes.
type class struct {
	name string
	call func(c *value.Call) (value.Value, error)
	attr func(name string) (value.Value, bool)
}

func (c *class) TypeName() string { return "type" }

func (c *class) Call(call *value.Call) (value.Value, error) { return c.call(call) }

func (c *class) Repr() string { return "<class '" + c.name + "'>" }

func (c *class) Attr(name string) (value.Value, bool) {
	if name == "__name__" {
		return c.name[len("datetime."):], true
	}
	return c.attr(name)
}

// method makes a method with parameters.
func method(name string, params []value.Param, run func(args []value.Value) (value.Value, error)) value.Value {
	return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind(name, params...)
		if err != nil {
			return nil, err
		}
		return run(args)
	}}
}

func required(names ...string) []value.Param {
	params := make([]value.Param, len(names))
	for i, n := range names {
		params[i] = value.Required(n)
	}
	return params
}

// whole reads an argument that must be an int.
func whole(v value.Value) (int64, error) {
	n, ok := value.AsInt(v)
	if !ok {
		if value.TypeName(v) == "int" {
			return 0, overflow("Python int too large to convert to C int")
		}
		return 0, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(v))
	}
	return n, nil
}

func wholes(vs []value.Value) ([]int64, error) {
	ns := make([]int64, len(vs))
	for i, v := range vs {
		n, err := whole(v)
		if err != nil {
			return nil, err
		}
		ns[i] = n
	}
	return ns, nil
}

func text(function string, v value.Value) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", value.Errorf("TypeError", "%s: argument must be str", function)
	}
	return s, nil
}
