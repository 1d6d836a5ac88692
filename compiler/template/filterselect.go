package template

import (
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

func selectFilter(name string) filter {
	switch name {
	case "map":
		return mapFilter
	case "select":
		return selecting(true, false)
	case "reject":
		return selecting(false, false)
	case "selectattr":
		return selecting(true, true)
	case "rejectattr":
		return selecting(false, true)
	}
	return nil
}

// each runs over what a filter is applied to, lazily; prepare happens before
// the first item, and not at all for nothing.
func each(f *frame, v value.Value, c *value.Call, prepare func() (func(value.Value) (value.Value, bool, error), error)) value.Value {
	var it value.Streamer
	var step func(value.Value) (value.Value, bool, error)
	return lazy(c, func() (value.Value, bool, error) {
		if it == nil {
			if err := value.Check(v); err != nil {
				return nil, false, err
			}
			if !value.Truth(v) {
				return nil, false, nil
			}
			var err error
			if step, err = prepare(); err != nil {
				return nil, false, err
			}
			if it, err = f.iterator(v); err != nil {
				return nil, false, err
			}
		}
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := f.r.Spend(1); err != nil {
				return nil, false, err
			}
			made, keep, err := step(item)
			if err != nil || keep {
				return made, keep, err
			}
		}
	})
}

func mapFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	return each(f, v, c, func() (func(value.Value) (value.Value, bool, error), error) {
		attribute, byAttribute := c.Keyword("attribute")
		if len(c.Args) == 0 && byAttribute {
			otherwise, _ := c.Keyword("default")
			for _, kw := range c.Kwargs {
				if kw.Name != "attribute" && kw.Name != "default" {
					return nil, bad("Unexpected keyword argument " + value.Repr(kw.Name))
				}
			}
			get := f.getter(attribute, otherwise)
			return func(item value.Value) (value.Value, bool, error) {
				item, err := get(item)
				return item, true, err
			}, nil
		}
		if len(c.Args) == 0 {
			return nil, bad("map requires a filter argument")
		}
		name, _ := c.Args[0].(string)
		run := filterNamed(name)
		inner := &value.Call{Args: c.Args[1:], Kwargs: c.Kwargs, Span: c.Span, Runtime: c.Runtime}
		return func(item value.Value) (value.Value, bool, error) {
			if run == nil {
				return nil, false, unknown("filter", c.Args[0], filterNames())
			}
			made, err := run(f, item, inner)
			return made, true, err
		}, nil
	}), nil
}

func unknown(what string, name value.Value, names []string) error {
	if u, ok := name.(*value.Undefined); ok {
		return value.Errorf("TemplateRuntimeError", "there is no %s %s: %s; is the name to be in quotes?", what, value.Repr(name), u.Fail().Message)
	}
	hint := diag.DidYouMean(value.Str(name), names)
	if hint != "" {
		hint = "; " + hint
	}
	return value.Errorf("TemplateRuntimeError", "there is no %s %s%s", what, value.Repr(name), hint)
}

// selecting makes the four filters that keep items by a test.
func selecting(want, byAttribute bool) filter {
	return func(f *frame, v value.Value, c *value.Call) (value.Value, error) {
		return each(f, v, c, func() (func(value.Value) (value.Value, bool, error), error) {
			args := c.Args
			get := f.getter(nil, nil)
			if byAttribute {
				if len(args) == 0 {
					return nil, bad("Missing parameter for attribute name")
				}
				get, args = f.getter(args[0], nil), args[1:]
			}
			passes := truthy
			if len(args) > 0 {
				passes = named(f, args[0], &value.Call{Args: args[1:], Kwargs: c.Kwargs, Span: c.Span, Runtime: c.Runtime})
			}
			return func(item value.Value) (value.Value, bool, error) {
				by, err := get(item)
				if err != nil {
					return nil, false, err
				}
				ok, err := passes(by)
				return item, ok == want, err
			}, nil
		}), nil
	}
}

func truthy(v value.Value) (bool, error) { return value.Truth(v), value.Check(v) }

// named is a test given by its name.
func named(f *frame, name value.Value, c *value.Call) func(value.Value) (bool, error) {
	s, _ := name.(string)
	run := testNamed(s)
	return func(v value.Value) (bool, error) {
		if run == nil {
			return false, unknown("test", name, testNames())
		}
		return run(f, v, c)
	}
}
