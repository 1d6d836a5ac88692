package value

import "unicode/utf8"

// Len is Python's len(v). An Undefined has 0.
func Len(v Value) (int, error) {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v), nil
	case *List:
		return len(v.Elems), nil
	case *Tuple:
		return len(v.Elems), nil
	case *Dict:
		return v.Len(), nil
	case *Set:
		return v.Len(), nil
	case *Undefined:
		return 0, Check(v)
	case Lengther:
		return v.Len(), nil
	}
	return 0, Errorf("TypeError", "object of type '%s' has no len()", TypeName(v))
}
