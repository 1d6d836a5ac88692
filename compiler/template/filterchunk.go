package template

import "github.com/chmod-sql/chmod/compiler/value"

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
