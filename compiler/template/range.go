package template

import (
	"fmt"

	"github.com/chmod-sql/chmod/compiler/value"
)

// ranged is Python's range: as long as asked for, and no list of it is made.
type ranged struct{ start, stop, step, n int }

// maxRange is the longest range that Jinja2's sandbox makes.
const maxRange = 100000

func newRange(c *value.Call) (value.Value, error) {
	if len(c.Kwargs) > 0 {
		return nil, value.Errorf("TypeError", "range() takes no keyword arguments")
	}
	if n := len(c.Args); n < 1 || n > 3 {
		return nil, value.Errorf("TypeError", "range expected 1 to 3 arguments, got %d", n)
	}
	ints := make([]int, len(c.Args))
	for i, a := range c.Args {
		n, err := count(a)
		if err != nil {
			return nil, err
		}
		ints[i] = n
	}
	r := ranged{stop: ints[0], step: 1}
	if len(ints) > 1 {
		r.start, r.stop = ints[0], ints[1]
	}
	if len(ints) > 2 {
		r.step = ints[2]
	}
	switch {
	case r.step == 0:
		return nil, value.Errorf("ValueError", "range() arg 3 must not be zero")
	case r.step > 0 && r.stop > r.start:
		r.n = (r.stop-r.start-1)/r.step + 1
	case r.step < 0 && r.stop < r.start:
		r.n = (r.start-r.stop-1)/-r.step + 1
	}
	if r.n > maxRange || r.n < 0 {
		return nil, value.Errorf("OverflowError", "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d).", maxRange)
	}
	return &r, nil
}

func (r *ranged) TypeName() string { return "range" }

func (r *ranged) Attr(name string) (value.Value, bool) {
	switch name {
	case "start":
		return int64(r.start), true
	case "stop":
		return int64(r.stop), true
	case "step":
		return int64(r.step), true
	case "index", "count":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind(name, value.Required("value"))
			if err != nil {
				return nil, err
			}
			return method(c, value.NewTuple(r.Items()...), name, args[0])
		}}, true
	}
	return nil, false
}

func (r *ranged) Len() int { return r.n }

func (r *ranged) Items() []value.Value {
	items := make([]value.Value, r.n)
	for i := range items {
		items[i] = int64(r.start + i*r.step)
	}
	return items
}

func (r *ranged) Item(key value.Value) (value.Value, bool) {
	i, ok := value.AsInt(key)
	if i < 0 {
		i += int64(r.n)
	}
	if !ok || i < 0 || i >= int64(r.n) {
		return nil, false
	}
	return int64(r.start + int(i)*r.step), true
}

func (r *ranged) Slice(start, stop, step value.Value) (value.Value, error) {
	// A slice of a range is a range again, and a tuple's slice knows which.
	cut, err := value.Slice(value.NewTuple(r.Items()...), start, stop, step)
	if err != nil {
		return nil, err
	}
	by := 1
	if step != nil {
		n, _ := value.AsInt(step)
		by = int(n)
	}
	part := &ranged{step: r.step * by}
	if t, ok := cut.(*value.Tuple); ok && len(t.Elems) > 0 {
		first, _ := value.AsInt(t.Elems[0])
		part.start, part.n = int(first), len(t.Elems)
	}
	part.stop = part.start + part.n*part.step
	return part, nil
}

func (r *ranged) Equal(o value.Value) bool {
	other, ok := o.(*ranged)
	return ok && r.n == other.n && (r.n == 0 || r.start == other.start && (r.n == 1 || r.step == other.step))
}

func (r *ranged) Str() string {
	if r.step == 1 {
		return fmt.Sprintf("range(%d, %d)", r.start, r.stop)
	}
	return fmt.Sprintf("range(%d, %d, %d)", r.start, r.stop, r.step)
}
