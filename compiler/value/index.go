package value

import (
	"math"
	"math/big"
)

// indexOf reads an int or a bool; ints beyond Go's are clamped to it.
func indexOf(v Value) (int, bool) {
	switch v := v.(type) {
	case int64:
		return int(v), true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case *big.Int:
		if v.Sign() < 0 {
			return math.MinInt, true
		}
		return math.MaxInt, true
	}
	return 0, false
}

// clamp turns an index of Python's into one of 0 to n.
func clamp(i, n int) int {
	if i < 0 {
		i = max(i+n, 0)
	}
	return min(i, n)
}

// bounds reads the optional start and end of find, count, startswith and
// index.
func bounds(start, end Value, n int) (from, to int, err error) {
	from, to = 0, n
	for _, bound := range []struct {
		v  Value
		to *int
	}{{start, &from}, {end, &to}} {
		if bound.v == nil {
			continue
		}
		i, ok := indexOf(bound.v)
		if !ok {
			return 0, 0, Errorf("TypeError", "slice indices must be integers or None or have an __index__ method")
		}
		*bound.to = i
	}
	// A start behind the end stays there: 'abc'.find('', 4) is -1.
	if from < 0 {
		from = max(from+n, 0)
	}
	return from, clamp(to, n), nil
}
