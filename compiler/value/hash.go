package value

import (
	"crypto/sha256"
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
		var h hashing
		return h.tuple(v, 0)
	case *List, *Dict, *Set:
		return nil, Errorf("TypeError", "unhashable type: '%s'", TypeName(v))
	case *Undefined:
		return undefinedKey{}, Check(v)
	case Hasher:
		return v.HashKey(), nil
	case Tupled:
		return Key(v.Tuple())
	}
	if !hashable(v) {
		return nil, Errorf("TypeError", "unhashable type: '%s'", TypeName(v))
	}
	return v, nil
}

// hashing is the making of one key. Tuples may hold each other many times over:
// each is read once, and long keys are digested.
type hashing struct{ known map[*Tuple]tupleKey }

// longKey is how long a tuple's key may be before it is digested.
const longKey = 256

func (h *hashing) tuple(t *Tuple, depth int) (any, error) {
	if depth > maxDepth {
		return nil, tooDeep("hashing")
	}
	if k, ok := h.known[t]; ok {
		return k, nil
	}
	var b []byte
	for _, e := range t.Elems {
		text, err := h.part(e, depth)
		if err != nil {
			return nil, err
		}
		// The length keeps ("a", "b") and ("ab",) apart.
		b = strconv.AppendInt(b, int64(len(text)), 10)
		b = append(append(b, ':'), text...)
	}
	if len(b) > longKey {
		sum := sha256.Sum256(b)
		b = append([]byte("#"), sum[:]...)
	}
	if depth > 0 {
		if h.known == nil {
			h.known = map[*Tuple]tupleKey{}
		}
		h.known[t] = tupleKey(b)
	}
	return tupleKey(b), nil
}

func (h *hashing) part(e Value, depth int) (string, error) {
	var k any
	var err error
	if inner, ok := e.(*Tuple); ok {
		k, err = h.tuple(inner, depth+1)
	} else {
		k, err = Key(e)
	}
	if err != nil {
		return "", err
	}
	switch k := k.(type) {
	case string:
		return "s" + k, nil
	case tupleKey:
		return "t" + string(k), nil
	}
	if reflect.TypeOf(k).Kind() == reflect.Pointer {
		return fmt.Sprintf("%T:%p", k, k), nil
	}
	return fmt.Sprintf("%T:%v", k, k), nil
}

// hashable reports whether Go's == works on an Object: one may be a struct
// that holds a slice.
func hashable(v any) bool { return v == nil || reflect.ValueOf(v).Comparable() }
