package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func objectFilter(name string) filter {
	switch name {
	case "attr":
		return attrFilter
	case "d", "default":
		return defaultFilter
	case "items":
		return itemsFilter
	case "pprint":
		return pprintFilter
	case "is_list":
		return isListFilter
	}
	return nil
}

func attrFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("attr", value.Required("name"))
	if err != nil {
		return nil, err
	}
	name, ok := args[0].(string)
	if !ok {
		return nil, value.Errorf("TypeError", "attribute name must be string, not '%s'", value.TypeName(args[0]))
	}
	found, ok := value.Attr(v, name)
	if everywhere(name) || ok && strings.HasPrefix(name, "_") && !value.IsUndefined(v) {
		return f.private(v, name), nil
	}
	if !ok {
		if u, undefined := v.(*value.Undefined); undefined {
			return nil, u.Fail()
		}
	}
	if !ok {
		return f.lacking(v, name), nil
	}
	return found, nil
}

func defaultFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("default", value.Optional("default_value", ""), value.Optional("boolean", false))
	if err != nil {
		return nil, err
	}
	if value.IsUndefined(v) || value.Truth(args[1]) && !value.Truth(v) {
		return args[0], nil
	}
	return v, nil
}

func itemsFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("items"); err != nil {
		return nil, err
	}
	var it value.Streamer
	return lazy(c, func() (value.Value, bool, error) {
		if it == nil {
			switch d := v.(type) {
			case *value.Undefined:
				return nil, false, nil
			case *value.Dict:
				it = &dictIterator{dict: d, size: d.Len(), keys: pairs(d).Elems}
			default:
				return nil, false, value.Errorf("TypeError", "Can only get item pairs from a mapping.")
			}
		}
		return it.Next()
	}), nil
}

func isListFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("is_list"); err != nil {
		return nil, err
	}
	_, ok := v.(*value.List)
	return ok, nil
}

func pprintFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("pprint"); err != nil {
		return nil, err
	}
	return pretty(v)
}
