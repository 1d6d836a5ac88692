package value

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
)

// FromGo makes a value of plain Go data: maps (ordered by key), slices,
// numbers, text, pointers to them, and values themselves. Anything else
// becomes its text.
func FromGo(v any) Value {
	switch v := v.(type) {
	case nil, bool, int64, float64, string, *List, *Tuple, *Dict, *Set, *Undefined, Object:
		return v
	case *big.Int:
		return Int(v)
	case int:
		return int64(v)
	case []string:
		l := &List{Elems: make([]Value, len(v))}
		for i, s := range v {
			l.Elems[i] = s
		}
		return l
	case []any:
		l := &List{Elems: make([]Value, len(v))}
		for i, e := range v {
			l.Elems[i] = FromGo(e)
		}
		return l
	}
	return fromReflected(reflect.ValueOf(v))
}

func fromReflected(v reflect.Value) Value {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if v.Uint() > math.MaxInt64 {
			return new(big.Int).SetUint64(v.Uint())
		}
		return int64(v.Uint())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return FromGo(v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		l := &List{Elems: make([]Value, v.Len())}
		for i := range l.Elems {
			l.Elems[i] = FromGo(v.Index(i).Interface())
		}
		return l
	case reflect.Map:
		return fromMap(v)
	}
	return fmt.Sprint(v.Interface())
}

func fromMap(m reflect.Value) Value {
	type entry struct{ key, val Value }
	entries := make([]entry, 0, m.Len())
	for it := m.MapRange(); it.Next(); {
		entries = append(entries, entry{FromGo(it.Key().Interface()), FromGo(it.Value().Interface())})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c, err := Compare(a.key, b.key); err == nil {
			return c
		}
		if Repr(a.key) < Repr(b.key) {
			return -1
		}
		return 1
	})
	d := NewDict()
	for _, e := range entries {
		if err := d.Set(e.key, e.val); err != nil {
			d.Put(Repr(e.key), e.val)
		}
	}
	return d
}

// ToGo makes plain Go data of a value: nil, bool, int64, *big.Int, float64,
// string, []any and map[string]any, whose keys are the str of the dict's.
// Undefined is nil, and an Object stays what it is. A list or dict inside of
// itself is nil; one that lies in several places is the same slice or map in
// all of them.
func ToGo(v Value) any { return conversion{}.convert(v, 0) }

// conversion holds what lists and dicts have become; nil for open ones.
type conversion map[any]any

func (c conversion) convert(v Value, depth int) (plain any) {
	switch v := v.(type) {
	case *List, *Tuple, *Dict, *Set:
		if known, ok := c[v]; ok || depth > maxDepth {
			return known
		}
		c[v] = nil
		defer func() { c[v] = plain }()
	}
	switch v := v.(type) {
	case *List:
		return c.elems(v.Elems, depth)
	case *Tuple:
		return c.elems(v.Elems, depth)
	case *Set:
		return c.elems(v.Elems(), depth)
	case *Dict:
		m := make(map[string]any, v.Len())
		for k, e := range v.All() {
			m[Str(k)] = c.convert(e, depth+1)
		}
		return m
	case *Undefined:
		return nil
	}
	return v
}

func (c conversion) elems(elems []Value, depth int) any {
	plain := make([]any, len(elems))
	for i, e := range elems {
		plain[i] = c.convert(e, depth+1)
	}
	return plain
}
