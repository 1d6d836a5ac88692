package value

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Sliceable is an Object that answers x[start:stop:step]; an absent bound is
// nil.
type Sliceable interface {
	Slice(start, stop, step Value) (Value, error)
}

// Slice is v[start:stop:step]; an absent bound is nil.
func Slice(v, start, stop, step Value) (Value, error) {
	switch v := v.(type) {
	case string:
		return sliceText(v, start, stop, step)
	case *List:
		r, err := span(start, stop, step, len(v.Elems))
		return NewList(r.pick(v.Elems)...), err
	case *Tuple:
		r, err := span(start, stop, step, len(v.Elems))
		return NewTuple(r.pick(v.Elems)...), err
	case *Undefined:
		if v.Leniency == Chainable {
			return v, nil
		}
		return nil, v.Fail()
	case *Dict:
		return nil, Errorf("TypeError", "unhashable type: 'slice'")
	case Sliceable:
		return v.Slice(start, stop, step)
	}
	return nil, Errorf("TypeError", "'%s' object is not subscriptable", TypeName(v))
}

// run is a slice worked out: count indexes from first on, step apart.
type run struct{ first, step, count int }

func (r run) pick(elems []Value) []Value {
	picked := make([]Value, 0, r.count)
	for i, at := 0, r.first; i < r.count; i, at = i+1, at+r.step {
		picked = append(picked, elems[at])
	}
	return picked
}

func span(start, stop, step Value, n int) (run, error) {
	by, err := sliceIndex(step, 1)
	if err != nil {
		return run{}, err
	}
	if by == 0 {
		return run{}, Errorf("ValueError", "slice step cannot be zero")
	}
	// Beyond the length in either direction all steps are the same.
	by = min(max(by, -n-1), n+1)
	low, high := 0, n
	first, last := 0, n
	if by < 0 {
		low, high = -1, n-1
		first, last = n-1, -1
	}
	for _, bound := range []struct {
		v  Value
		to *int
	}{{start, &first}, {stop, &last}} {
		if bound.v == nil {
			continue
		}
		i, err := sliceIndex(bound.v, 0)
		if err != nil {
			return run{}, err
		}
		if i < 0 {
			i += n
		}
		*bound.to = min(max(i, low), high)
	}
	r := run{first: first, step: by}
	switch {
	case by > 0 && last > first:
		r.count = (last-first-1)/by + 1
	case by < 0 && last < first:
		r.count = (first-last-1)/-by + 1
	}
	return r, nil
}

func sliceIndex(v Value, absent int) (int, error) {
	if v == nil {
		return absent, nil
	}
	i, ok := indexOf(v)
	if !ok {
		return 0, Errorf("TypeError", "slice indices must be integers or None or have an __index__ method")
	}
	return max(i, -math.MaxInt/2), nil // room to add a length
}

func sliceText(s string, start, stop, step Value) (Value, error) {
	n := utf8.RuneCountInString(s)
	r, err := span(start, stop, step, n)
	if err != nil {
		return nil, err
	}
	switch {
	case r.count == 0:
		return "", nil
	case r.step == 1 && n == len(s):
		return s[r.first : r.first+r.count], nil
	case r.step == 1:
		from := offsetOf(s, r.first)
		return s[from : from+offsetOf(s[from:], r.count)], nil
	}
	chars := []rune(s)
	var b strings.Builder
	for i, at := 0, r.first; i < r.count; i, at = i+1, at+r.step {
		b.WriteRune(chars[at])
	}
	return b.String(), nil
}
