package template

import (
	"math/rand/v2"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func sequenceFilter(name string) filter {
	switch name {
	case "count", "length":
		return lengthFilter
	case "first":
		return firstFilter
	case "last":
		return lastFilter
	case "list":
		return listFilter
	case "join":
		return joinFilter
	case "reverse":
		return reverseFilter
	case "batch":
		return batchFilter
	case "slice":
		return sliceFilter
	case "sum":
		return sumFilter
	case "random":
		return randomFilter
	}
	return nil
}

func lengthFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("len"); err != nil {
		return nil, err
	}
	n, err := value.Len(v)
	return int64(n), err
}

func firstFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("first"); err != nil {
		return nil, err
	}
	it, err := f.iterator(v)
	if err != nil {
		return nil, err
	}
	item, ok, err := it.Next()
	if err != nil || ok {
		return item, err
	}
	return f.none("No first item, sequence was empty."), nil
}

func lastFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("last"); err != nil {
		return nil, err
	}
	items, err := reversible(v)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return f.none("No last item, sequence was empty."), nil
	}
	return items[len(items)-1], nil
}

// reversible lists what Python's reversed can go through.
func reversible(v value.Value) ([]value.Value, error) {
	switch v := v.(type) {
	case *value.Set, value.Streamer:
	case value.Object:
		if _, ok := v.(value.Iterable); ok {
			return value.Iterate(v)
		}
	default:
		if items, err := value.Iterate(v); err == nil {
			return items, nil
		} else if value.IsUndefined(v) {
			return nil, err
		}
	}
	return nil, value.Errorf("TypeError", "'%s' object is not reversible", value.TypeName(v))
}

func listFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("list"); err != nil {
		return nil, err
	}
	items, err := value.Iterate(v)
	return value.NewList(items...), err
}

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

func reverseFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("reverse"); err != nil {
		return nil, err
	}
	if s, ok := v.(string); ok {
		return value.Slice(s, nil, nil, int64(-1))
	}
	items, err := reversible(v)
	if err != nil {
		if items, err = value.Iterate(v); err != nil {
			return nil, bad("argument must be iterable")
		}
		back := value.NewList()
		for i := len(items) - 1; i >= 0; i-- {
			back.Elems = append(back.Elems, items[i])
		}
		return back, nil
	}
	next := len(items)
	return value.NewIterator(value.TypeName(v)+"_reverseiterator", func() (value.Value, bool, error) {
		next--
		if next < 0 {
			return nil, false, nil
		}
		return items[next], true, nil
	}), nil
}

func batchFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("batch", value.Required("linecount"), value.Optional("fill_with", nil))
	if err != nil {
		return nil, err
	}
	var it value.Streamer
	row := value.NewList()
	return lazy(c, func() (value.Value, bool, error) {
		var err error
		if it == nil {
			if it, err = f.iterator(v); err != nil {
				return nil, false, err
			}
		}
		if row == nil { // the last one is out
			return nil, false, nil
		}
		for {
			item, ok, err := it.Next()
			if err != nil {
				return nil, false, err
			}
			if !ok {
				break
			}
			if value.Equal(int64(len(row.Elems)), args[0]) {
				full := row
				row = value.NewList(item)
				return full, true, nil
			}
			row.Elems = append(row.Elems, item)
		}
		if len(row.Elems) == 0 {
			return nil, false, nil
		}
		if args[1] != nil && !value.Equal(int64(len(row.Elems)), args[0]) {
			n, err := size(args[0])
			if err != nil {
				return nil, false, err
			}
			for len(row.Elems) < n {
				if err := f.r.round(c.Span); err != nil {
					return nil, false, err
				}
				row.Elems = append(row.Elems, args[1])
			}
		}
		last := row
		row = nil
		return last, true, nil
	}), nil
}

func sliceFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("slice", value.Required("slices"), value.Optional("fill_with", nil))
	if err != nil {
		return nil, err
	}
	var items []value.Value
	n, k, offset := 0, -1, 0
	return lazy(c, func() (value.Value, bool, error) {
		k++
		if k == 0 {
			var err error
			if items, err = value.Iterate(v); err != nil {
				return nil, false, err
			}
			if n, err = size(args[0]); err != nil {
				return nil, false, err
			}
			if n == 0 {
				return nil, false, value.Errorf("ZeroDivisionError", "integer division or modulo by zero")
			}
		}
		if k >= n {
			return nil, false, nil
		}
		if err := f.r.round(c.Span); err != nil {
			return nil, false, err
		}
		size, extra := len(items)/n, len(items)%n
		start := offset + k*size
		if k < extra {
			offset++
		}
		part := value.NewList(append([]value.Value(nil), items[start:offset+(k+1)*size]...)...)
		if args[1] != nil && k >= extra {
			part.Elems = append(part.Elems, args[1])
		}
		return part, true, nil
	}), nil
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

func randomFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("random"); err != nil {
		return nil, err
	}
	n, err := value.Len(v)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return f.none("No random item, sequence was empty."), nil
	}
	i := int64(rand.IntN(n))
	item, ok := value.Item(v, i)
	if !ok {
		return nil, value.Errorf("KeyError", "%d", i)
	}
	return item, nil
}
