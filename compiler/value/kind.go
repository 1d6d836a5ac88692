package value

import (
	"fmt"
	"math/big"
)

// TypeName is the name of the value's class in Python: str, NoneType, dict.
func TypeName(v Value) string {
	switch v := v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case int64, *big.Int:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case *List:
		return "list"
	case *Tuple:
		return "tuple"
	case *Dict:
		return "dict"
	case *Set:
		return "set"
	case *Undefined:
		return "Undefined"
	case Object:
		return v.TypeName()
	}
	return fmt.Sprintf("%T", v)
}

// AsString returns a str.
func AsString(v Value) (string, bool) { s, ok := v.(string); return s, ok }

// AsInt returns an int or a bool that fits 64 bits.
func AsInt(v Value) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// AsFloat returns a number of any kind as a float.
func AsFloat(v Value) (float64, bool) {
	n, ok := numberOf(v)
	if !ok {
		return 0, false
	}
	f, err := n.float()
	return f, err == nil
}

// IsCallable reports whether Call can be asked of the value.
func IsCallable(v Value) bool { _, ok := v.(Callable); return ok }

// IsUndefined reports whether the value does not exist.
func IsUndefined(v Value) bool { _, ok := v.(*Undefined); return ok }
