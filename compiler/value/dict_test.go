package value_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// TestDictAtAnySize does the same to a dict and to a list of pairs, over sizes
// that are searched one by one and sizes that have an index.
func TestDictAtAnySize(t *testing.T) {
	type pair struct {
		hash any
		key  value.Value
		val  int64
	}
	keys := []func(i int) value.Value{
		func(i int) value.Value { return fmt.Sprint("k", i) },
		func(i int) value.Value { return int64(i) },
		func(i int) value.Value { return float64(i) },
		func(i int) value.Value { return i%2 == 0 },
		func(i int) value.Value { return value.NewTuple(int64(i), "x") },
		func(int) value.Value { return nil },
	}
	for _, kinds := range []int{1, 2, len(keys)} {
		r := rand.New(rand.NewPCG(1, uint64(kinds)))
		d := value.NewDict()
		var want []pair
		for step := range 4000 {
			k := keys[r.IntN(kinds)](r.IntN(120))
			h, err := value.Key(k)
			require.NoError(t, err)
			at := -1
			for i, p := range want {
				if p.hash == h {
					at = i
				}
			}
			switch {
			case r.IntN(5) < 2 || step%1000 > 900: // the dict shrinks at times
				v, ok := d.Delete(k)
				require.Equal(t, at >= 0, ok)
				if ok {
					require.Equal(t, want[at].val, v)
					want = append(want[:at], want[at+1:]...)
				}
			case at >= 0:
				require.NoError(t, d.Set(k, int64(step)))
				want[at].val = int64(step)
			default:
				require.NoError(t, d.Set(k, int64(step)))
				want = append(want, pair{h, k, int64(step)})
			}
			require.Equal(t, len(want), d.Len())
			i := 0
			for k, v := range d.All() {
				require.Equal(t, want[i].key, k)
				require.Equal(t, want[i].val, v)
				got, ok := d.Get(k)
				require.True(t, ok)
				require.Equal(t, v, got)
				i++
			}
			require.Equal(t, len(want), i)
			require.Equal(t, d.Keys(), d.Copy().Keys())
		}
	}
}

// record is an Object that has keys, as the row of a table.
type record struct{ names, values []value.Value }

func (record) TypeName() string { return "Row" }

func (r record) Attr(name string) (value.Value, bool) {
	return &value.Func{Name: name, Fn: func(*value.Call) (value.Value, error) { return value.NewList(r.names...), nil }}, name == "keys"
}

func (r record) Items() []value.Value { return r.values }

func (r record) Item(key value.Value) (value.Value, bool) {
	for i, name := range r.names {
		if value.Equal(name, key) && i < len(r.values) {
			return r.values[i], true
		}
	}
	return nil, false
}

func TestDictOfAnObjectWithKeys(t *testing.T) {
	d := value.NewDict()
	require.NoError(t, d.Merge(record{[]value.Value{"a", "b"}, []value.Value{int64(1), "xy"}}))
	require.Equal(t, "{'a': 1, 'b': 'xy'}", value.Repr(d))
	require.ErrorContains(t, d.Merge(record{[]value.Value{"c"}, nil}), "'c'")
}
