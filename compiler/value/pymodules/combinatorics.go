package pymodules

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/value"
)

// maxPlaces bounds how long the tuples may be: there is no end to them, and
// each costs memory.
const maxPlaces = 1 << 16

func pick(pool []value.Value, indexes []int) *value.Tuple {
	row := make([]value.Value, len(indexes))
	for i, n := range indexes {
		row[i] = pool[n]
	}
	return value.NewTuple(row...)
}

func product(c *value.Call) (next, error) {
	times := int64(1)
	for _, kw := range c.Kwargs {
		if kw.Name != "repeat" {
			return nil, value.Errorf("TypeError", "'%s' is an invalid keyword argument for product()", kw.Name)
		}
		n, err := number(kw.Value)
		if err != nil {
			return nil, err
		}
		if n < 0 {
			return nil, value.Errorf("ValueError", "repeat argument cannot be negative")
		}
		times = n
	}
	var once, pools [][]value.Value
	for _, a := range c.Args {
		items, err := value.Iterate(a)
		if err != nil {
			return nil, err
		}
		once = append(once, items)
	}
	if len(once) > 0 {
		if times > maxPlaces/int64(len(once)) {
			return nil, value.Errorf("MemoryError", "repeat argument too large")
		}
		pools = slices.Repeat(once, int(times))
	}
	at := make([]int, len(pools))
	done := slices.ContainsFunc(pools, func(p []value.Value) bool { return len(p) == 0 })
	return func() (value.Value, bool, error) {
		if done {
			return nil, false, nil
		}
		row := make([]value.Value, len(pools))
		for i, p := range pools {
			row[i] = p[at[i]]
		}
		done = true
		for i := len(pools) - 1; i >= 0; i-- {
			if at[i]++; at[i] < len(pools[i]) {
				done = false
				break
			}
			at[i] = 0
		}
		return value.NewTuple(row...), true, nil
	}, nil
}

func places(v value.Value, absent int) (int, error) {
	if v == nil {
		return absent, nil
	}
	n, ok := value.AsInt(v)
	if !ok {
		return 0, value.Errorf("TypeError", "Expected int as r")
	}
	if n < 0 {
		return 0, value.Errorf("ValueError", "r must be non-negative")
	}
	if n > maxPlaces {
		return 0, value.Errorf("MemoryError", "r is too large")
	}
	return int(n), nil
}

func upTo(n int) []int {
	ns := make([]int, n)
	for i := range ns {
		ns[i] = i
	}
	return ns
}

func permutations(_ *value.Call, args []value.Value) (next, error) {
	pool, err := value.Iterate(args[0])
	if err != nil {
		return nil, err
	}
	n := len(pool)
	r, err := places(args[1], n)
	if err != nil {
		return nil, err
	}
	if r > n {
		return over(nil), nil
	}
	indexes, cycles := upTo(n), make([]int, r)
	for i := range cycles {
		cycles[i] = n - i
	}
	first, done := true, false
	return func() (value.Value, bool, error) {
		if first {
			first = false
			return pick(pool, indexes[:r]), true, nil
		}
		for i := r - 1; i >= 0 && !done; i-- {
			if cycles[i]--; cycles[i] > 0 {
				j := n - cycles[i]
				indexes[i], indexes[j] = indexes[j], indexes[i]
				return pick(pool, indexes[:r]), true, nil
			}
			moved := indexes[i]
			copy(indexes[i:], indexes[i+1:])
			indexes[n-1] = moved
			cycles[i] = n - i
		}
		done = true
		return nil, false, nil
	}, nil
}

// combinations are in the order of their places; again lets a place come more
// than once.
func combinations(again bool) tool {
	return func(_ *value.Call, args []value.Value) (next, error) {
		pool, err := value.Iterate(args[0])
		if err != nil {
			return nil, err
		}
		r, err := places(args[1], 0)
		if err != nil {
			return nil, err
		}
		n := len(pool)
		if !again && r > n || again && n == 0 && r > 0 {
			return over(nil), nil
		}
		indexes := make([]int, r)
		if !again {
			indexes = upTo(r)
		}
		first, done := true, false
		return func() (value.Value, bool, error) {
			if first {
				first = false
				return pick(pool, indexes), true, nil
			}
			for i := r - 1; i >= 0 && !done; i-- {
				last := n - 1
				if !again {
					last = i + n - r
				}
				if indexes[i] == last {
					continue
				}
				indexes[i]++
				for j := i + 1; j < r; j++ {
					indexes[j] = indexes[i]
					if !again {
						indexes[j] += j - i
					}
				}
				return pick(pool, indexes), true, nil
			}
			done = true
			return nil, false, nil
		}, nil
	}
}
