package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func joinFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("join", value.Optional("d", ""), value.Optional("attribute", nil))
	if err != nil {
		return nil, err
	}
	by, err := text(args[0])
	if err != nil {
		return nil, err
	}
	it, err := f.iterator(v)
	if err != nil {
		return nil, err
	}
	get := f.getter(args[1], nil)
	var b strings.Builder
	for first := true; ; first = false {
		item, ok, err := it.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return b.String(), nil
		}
		if item, err = get(item); err != nil {
			return nil, err
		}
		s, err := text(item)
		if err != nil {
			return nil, err
		}
		if !first {
			b.WriteString(by)
		}
		b.WriteString(s)
		if b.Len() > f.r.limits.Bytes {
			return nil, &LimitError{"bytes", f.r.limits.Bytes}
		}
	}
}

func sumFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("sum", value.Optional("attribute", nil), value.Optional("start", int64(0)))
	if err != nil {
		return nil, err
	}
	it, err := f.iterator(v)
	if err != nil {
		return nil, err
	}
	total, get := args[1], f.getter(args[0], nil)
	if _, ok := total.(string); ok {
		return nil, value.Errorf("TypeError", "sum() can't sum strings [use ''.join(seq) instead]")
	}
	for {
		item, ok, err := it.Next()
		if err != nil || !ok {
			return total, err
		}
		if item, err = get(item); err != nil {
			return nil, err
		}
		if total, err = value.Add(total, item); err != nil {
			return nil, err
		}
	}
}
