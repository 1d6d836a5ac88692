package template

import (
	"math"
	"math/big"

	"github.com/chmod-sql/chmod/compiler/value"
)

// filter is a filter: what is left of the bar, and the arguments.
type filter func(f *frame, v value.Value, c *value.Call) (value.Value, error)

// filterNamed finds a filter; nil when there is none.
func filterNamed(name string) filter {
	for _, theme := range []func(string) filter{
		textFilter, layoutFilter, webFilter, numberFilter, sequenceFilter, orderFilter, selectFilter, objectFilter, nativeFilter,
	} {
		if f := theme(name); f != nil {
			return f
		}
	}
	return nil
}

// filterNames are all of them.
func filterNames() []string {
	return []string{
		"abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape",
		"filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent", "int", "items", "join",
		"last", "length", "list", "lower", "map", "max", "min", "pprint", "random", "reject", "rejectattr",
		"replace", "reverse", "round", "safe", "select", "selectattr", "slice", "sort", "string", "striptags",
		"sum", "title", "tojson", "trim", "truncate", "unique", "upper", "urlencode", "urlize", "wordcount",
		"wordwrap", "xmlattr", "as_text", "as_bool", "as_native", "as_number", "is_list",
	}
}

// text is Python's str(v), which a strict Undefined refuses, and which may be
// too long.
func text(v value.Value) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	if err := value.Check(v); err != nil {
		return "", err
	}
	s := value.Str(v)
	return s, value.CheckText(len(s), 1)
}

// texts is text of several values.
func texts(vals ...value.Value) ([]string, error) {
	list := make([]string, len(vals))
	for i, v := range vals {
		s, err := text(v)
		if err != nil {
			return nil, err
		}
		list[i] = s
	}
	return list, nil
}

// method calls a method of a value.
func method(c *value.Call, v value.Value, name string, args ...value.Value) (value.Value, error) {
	if u, ok := v.(*value.Undefined); ok {
		if u.Leniency == value.Chainable {
			return u, nil
		}
		return nil, u.Fail()
	}
	m, ok := value.Attr(v, name)
	if !ok {
		return nil, value.Errorf("AttributeError", "'%s' object has no attribute '%s'", value.TypeName(v), name)
	}
	return c.With(m, args...)
}

// size is count of an argument that Python computes with, which is where an
// Undefined fails.
func size(v value.Value) (int, error) {
	if u, ok := v.(*value.Undefined); ok {
		return 0, u.Fail()
	}
	return count(v)
}

// extent is size of an argument that Python compares with what there is, where
// the largest numbers are as good as large ones.
func extent(v value.Value) (int, error) {
	if b, ok := v.(*big.Int); ok {
		return b.Sign() * math.MaxInt32, nil
	}
	n, err := size(v)
	return max(min(n, math.MaxInt32), -math.MaxInt32), err
}

// count reads an argument that must be an int.
func count(v value.Value) (int, error) {
	n, ok := value.AsInt(v)
	if !ok {
		if _, isBig := v.(*big.Int); isBig {
			return 0, value.Errorf("OverflowError", "Python int too large to convert to C int")
		}
		return 0, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(v))
	}
	return int(n), nil
}

// lazy makes what Python's generators are: items worked out when they are
// asked for. What goes wrong then did so at the filter.
func lazy(c *value.Call, next func() (value.Value, bool, error)) value.Value {
	ended := false
	return value.NewIterator("generator", func() (value.Value, bool, error) {
		if ended {
			return nil, false, nil
		}
		v, ok, err := next()
		if err != nil || !ok {
			ended = true
			return nil, false, locate(err, c.Span)
		}
		return v, true, nil
	})
}

// bad is the error of arguments that a filter cannot work with.
func bad(message string) error {
	return value.Errorf("FilterArgumentError", "%s", message)
}
