package template

import (
	"math/rand/v2"

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

func reverseFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("reverse"); err != nil {
		return nil, err
	}
	if s, ok := v.(string); ok {
		return value.Slice(s, nil, nil, int64(-1))
	}
	items, err := reversible(v)
	if err != nil {
		if items, err = value.Iterate(v); value.IsUndefined(v) && err != nil {
			return nil, err
		} else if err != nil {
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
	return value.Subscript(v, int64(rand.IntN(n)))
}
