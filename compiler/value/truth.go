package value

import "math/big"

// Truth is Python's bool(v).
func Truth(v Value) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int64:
		return v != 0
	case float64:
		return v != 0
	case *big.Int:
		return v.Sign() != 0
	case *List:
		return len(v.Elems) > 0
	case *Tuple:
		return len(v.Elems) > 0
	case *Dict:
		return v.Len() > 0
	case *Set:
		return v.Len() > 0
	case *Undefined:
		return false
	case Truther:
		return v.Truth()
	case Lengther:
		return v.Len() > 0
	}
	return true
}
