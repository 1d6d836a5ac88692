package value

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
)

type (
	noneKey      struct{}
	undefinedKey struct{}
	tupleKey     string
	bigKey       string
)

// Key maps a value to a comparable Go value such that values that Python
// holds equal map to equal ones. Lists, dicts and sets have none: TypeError.
func Key(v Value) (any, error) {
	switch v := v.(type) {
	case string, int64:
		return v, nil
	case nil:
		return noneKey{}, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case float64:
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			return v, nil
		}
		if math.Abs(v) < 1<<62 {
			return int64(v), nil
		}
		whole, _ := big.NewFloat(v).Int(nil)
		return Key(Int(whole))
	case *big.Int:
		return bigKey(v.String()), nil
	case *Tuple:
		return keyOfTuple(v, 0)
	case *List, *Dict, *Set:
		return nil, Errorf("TypeError", "unhashable type: '%s'", TypeName(v))
	case *Undefined:
		return undefinedKey{}, Check(v)
	case Hasher:
		return v.HashKey(), nil
	}
	if !hashable(v) {
		return nil, Errorf("TypeError", "unhashable type: '%s'", TypeName(v))
	}
	return v, nil
}

func keyOfTuple(t *Tuple, depth int) (any, error) {
	if depth > maxDepth {
		return nil, tooDeep("hashing")
	}
	var b []byte
	for _, e := range t.Elems {
		var k any
		var err error
		if inner, ok := e.(*Tuple); ok {
			k, err = keyOfTuple(inner, depth+1)
		} else {
			k, err = Key(e)
		}
		if err != nil {
			return nil, err
		}
		var text string
		switch k := k.(type) {
		case string:
			text = "s" + k
		case tupleKey:
			text = "t" + string(k)
		default:
			text = fmt.Sprintf("%T:%v", k, k)
			if reflect.TypeOf(k).Kind() == reflect.Pointer {
				text = fmt.Sprintf("%T:%p", k, k)
			}
		}
		// The length keeps ("a", "b") and ("ab",) apart.
		b = strconv.AppendInt(b, int64(len(text)), 10)
		b = append(append(b, ':'), text...)
	}
	return tupleKey(b), nil
}

// hashable reports whether Go's == works on an Object: one may be a struct
// that holds a slice.
func hashable(v any) bool { return v == nil || reflect.ValueOf(v).Comparable() }
