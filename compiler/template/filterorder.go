package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func orderFilter(name string) filter {
	switch name {
	case "sort":
		return sortFilter
	case "dictsort":
		return dictsortFilter
	case "unique":
		return uniqueFilter
	case "groupby":
		return groupbyFilter
	case "min":
		return func(f *frame, v value.Value, c *value.Call) (value.Value, error) { return extreme(f, v, c, "<") }
	case "max":
		return func(f *frame, v value.Value, c *value.Call) (value.Value, error) { return extreme(f, v, c, ">") }
	}
	return nil
}

// getter looks an attribute up in the values it gets: a path with dots, or an
// index. A nil attribute is the value itself.
func (f *frame) getter(attribute, otherwise value.Value) func(value.Value) (value.Value, error) {
	path := attributePath(attribute)
	return func(v value.Value) (value.Value, error) {
		for _, key := range path {
			var err error
			if v, err = f.item(v, key); err != nil {
				return nil, err
			}
			if otherwise != nil && value.IsUndefined(v) {
				v = otherwise
			}
		}
		return v, nil
	}
}

func attributePath(attribute value.Value) []value.Value {
	s, ok := attribute.(string)
	if !ok {
		if attribute == nil {
			return nil
		}
		return []value.Value{attribute}
	}
	var path []value.Value
	for _, part := range strings.Split(s, ".") {
		if digits := strings.Trim(part, "0123456789"); part != "" && digits == "" {
			path = append(path, parseDecimal(part))
			continue
		}
		path = append(path, part)
	}
	return path
}

func parseDecimal(digits string) value.Value {
	if n, ok := intOf(digits, 10); ok {
		return n
	}
	return digits
}

// folded is a getter that makes strings lower case.
func folded(c *value.Call, sensitive value.Value, get func(value.Value) (value.Value, error)) func(value.Value) (value.Value, error) {
	if value.Truth(sensitive) {
		return get
	}
	return func(v value.Value) (value.Value, error) {
		v, err := get(v)
		if s, ok := v.(string); ok && err == nil {
			return method(c, s, "lower")
		}
		return v, err
	}
}

func sortFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("sort", value.Optional("reverse", false), value.Optional("case_sensitive", false), value.Optional("attribute", nil))
	if err != nil {
		return nil, err
	}
	items, err := value.Iterate(v)
	if err != nil {
		return nil, err
	}
	reverse, err := count(args[0])
	if err != nil {
		return nil, err
	}
	var getters []func(value.Value) (value.Value, error)
	if s, ok := args[2].(string); ok {
		for _, one := range strings.Split(s, ",") {
			getters = append(getters, folded(c, args[1], f.getter(one, nil)))
		}
	} else {
		getters = append(getters, folded(c, args[1], f.getter(args[2], nil)))
	}
	err = value.Sort(items, func(item value.Value) (value.Value, error) {
		key := make([]value.Value, len(getters))
		for i, get := range getters {
			var err error
			if key[i], err = get(item); err != nil {
				return nil, err
			}
		}
		return value.NewList(key...), nil
	}, reverse != 0)
	return value.NewList(items...), err
}

func dictsortFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("dictsort", value.Optional("case_sensitive", false), value.Optional("by", "key"), value.Optional("reverse", false))
	if err != nil {
		return nil, err
	}
	at := 0
	switch args[1] {
	case "key":
	case "value":
		at = 1
	default:
		return nil, bad(`You can only sort by either "key" or "value"`)
	}
	d, ok := v.(*value.Dict)
	if !ok {
		if _, err := method(c, v, "items"); err != nil {
			return nil, err
		}
		d = value.NewDict()
	}
	list := pairs(d)
	key := folded(c, args[0], func(item value.Value) (value.Value, error) {
		pair, ok := item.(*value.Tuple)
		if !ok {
			return item, nil
		}
		return pair.Elems[at], nil
	})
	reverse, err := count(args[2])
	if err != nil {
		return nil, err
	}
	return list, value.Sort(list.Elems, key, reverse != 0)
}

func uniqueFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("unique", value.Optional("case_sensitive", false), value.Optional("attribute", nil))
	if err != nil {
		return nil, err
	}
	get := folded(c, args[0], f.getter(args[1], nil))
	seen := map[any]bool{}
	var it value.Streamer
	return lazy(c, func() (value.Value, bool, error) {
		var err error
		if it == nil {
			if it, err = f.iterator(v); err != nil {
				return nil, false, err
			}
		}
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			by, err := get(item)
			if err != nil {
				return nil, false, err
			}
			key, err := value.Key(by)
			if err != nil {
				return nil, false, err
			}
			if value.IsUndefined(by) {
				key = value.Undefined{} // all of them are one
			}
			if !seen[key] {
				seen[key] = true
				return item, true, nil
			}
		}
	}), nil
}

func extreme(f *frame, v value.Value, c *value.Call, op string) (value.Value, error) {
	args, err := c.Bind("min", value.Optional("case_sensitive", false), value.Optional("attribute", nil))
	if err != nil {
		return nil, err
	}
	items, err := value.Iterate(v)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return f.none("No aggregated item, sequence was empty."), nil
	}
	get := folded(c, args[0], f.getter(args[1], nil))
	best := items[0]
	bestKey, err := get(best)
	if err != nil {
		return nil, err
	}
	for _, item := range items[1:] {
		key, err := get(item)
		if err != nil {
			return nil, err
		}
		better, err := value.Order(op, key, bestKey)
		if err != nil {
			return nil, err
		}
		if better {
			best, bestKey = item, key
		}
	}
	return best, nil
}
