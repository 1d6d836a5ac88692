package value

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

type (
	none     struct{}
	tupleKey string
)

// Key maps a value to a comparable Go value such that values that Python
// holds equal map to equal ones. Lists, dicts and sets have none: TypeError.
func Key(v Value) (any, error) {
	switch v := v.(type) {
	case nil:
		return none{}, nil
	case string, int64:
		return v, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<62 {
			return int64(v), nil
		}
		return v, nil
	case *big.Int:
		return "\x00big" + v.String(), nil
	case *Tuple:
		var b strings.Builder
		for _, e := range v.Elems {
			k, err := Key(e)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%T:%v\x00", k, k)
		}
		return tupleKey(b.String()), nil
	case *List:
		return nil, Errorf("TypeError", "unhashable type: 'list'")
	case *Dict:
		return nil, Errorf("TypeError", "unhashable type: 'dict'")
	case *Set:
		return nil, Errorf("TypeError", "unhashable type: 'set'")
	}
	return v, nil
}
