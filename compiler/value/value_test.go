package value_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

func python(t *testing.T, err error, class, message string) {
	t.Helper()
	var e *value.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, class+": "+message, e.Class+": "+e.Message)
}

func TestUndefinedIsNothing(t *testing.T) {
	for _, leniency := range []value.Leniency{value.Plain, value.Chainable} {
		u := &value.Undefined{Name: "x", Leniency: leniency}
		require.Empty(t, value.Str(u))
		require.Equal(t, "Undefined", value.Repr(u))
		require.Equal(t, "[Undefined]", value.Str(value.NewList(u)))
		require.False(t, value.Truth(u))
		require.True(t, value.Equal(u, &value.Undefined{Name: "y"}))
		require.False(t, value.Equal(u, nil))
		require.False(t, value.Equal("", u))
		n, err := value.Len(u)
		require.NoError(t, err)
		require.Zero(t, n)
		items, err := value.Iterate(u)
		require.NoError(t, err)
		require.Empty(t, items)
		in, err := value.Contains(u, "a")
		require.NoError(t, err)
		require.False(t, in)
		text, err := value.Mod("%s!", u)
		require.NoError(t, err)
		require.Equal(t, "!", text)
		for _, op := range []value.Op{"+", "-", "*", "/", "//", "%", "**"} {
			_, err := value.Arithmetic(op, u, int64(1))
			python(t, err, "UndefinedError", "'x' is undefined")
			_, err = value.Arithmetic(op, int64(1), u)
			python(t, err, "UndefinedError", "'x' is undefined")
		}
		_, err = value.Add("a", u)
		python(t, err, "UndefinedError", "'x' is undefined")
		_, err = value.Order("<", u, int64(1))
		python(t, err, "UndefinedError", "'x' is undefined")
		_, err = value.Neg(u)
		python(t, err, "UndefinedError", "'x' is undefined")
		_, err = value.Add("a", u)
		python(t, err, "UndefinedError", "'x' is undefined")
	}
}

func TestPlainUndefinedHasNoParts(t *testing.T) {
	u := &value.Undefined{Name: "x", Of: "dict object"}
	_, ok := value.Attr(u, "a")
	require.False(t, ok)
	_, ok = value.Item(u, "a")
	require.False(t, ok)
	_, err := value.Subscript(u, "a")
	python(t, err, "UndefinedError", "'dict object' has no attribute 'x'")
	_, err = value.Invoke(u, &value.Call{})
	python(t, err, "UndefinedError", "'dict object' has no attribute 'x'")
}

func TestChainableUndefinedGivesItselfForItsParts(t *testing.T) {
	u := &value.Undefined{Name: "x", Leniency: value.Chainable}
	a, ok := value.Attr(u, "a")
	require.True(t, ok)
	require.Equal(t, &value.Undefined{Name: "a", Leniency: value.Chainable}, a)
	i, ok := value.Item(u, int64(0))
	require.True(t, ok)
	require.Equal(t, u, i)
	called, err := value.Invoke(u, &value.Call{})
	require.NoError(t, err)
	require.Equal(t, u, called)
}

func TestStrictUndefinedFailsInEveryUse(t *testing.T) {
	u := &value.Undefined{Name: "x", Leniency: value.Strict}
	require.Error(t, value.Check(u))
	_, err := value.Len(u)
	require.Error(t, err)
	_, err = value.Iterate(u)
	require.Error(t, err)
	_, err = value.Contains(u, "a")
	require.Error(t, err)
	_, err = value.Mod("%s", u)
	require.Error(t, err)
	_, err = value.Format(u, "")
	require.Error(t, err)
	require.NoError(t, value.Check(nil))
}

func TestWhatHoldsItselfIsPrintedOnce(t *testing.T) {
	l := value.NewList(int64(1))
	l.Elems = append(l.Elems, l)
	require.Equal(t, "[1, [...]]", value.Repr(l))
	d := value.DictOf("a", int64(1))
	d.Put("self", d)
	d.Put("l", l)
	require.Equal(t, "{'a': 1, 'self': {...}, 'l': [1, [...]]}", value.Str(d))
	_, err := value.MarshalJSON(d, value.JSONStyle{})
	python(t, err, "ValueError", "Circular reference detected")
	other := value.NewList(int64(1))
	other.Elems = append(other.Elems, other)
	require.False(t, value.Equal(l, other))
	require.True(t, value.Equal(l, l))
	_, _, err2 := orderBoth(l, other)
	python(t, err2, "RecursionError", "maximum recursion depth exceeded while comparing")
	require.Nil(t, value.ToGo(l).([]any)[1])
}

func orderBoth(a, b value.Value) (bool, bool, error) {
	less, err := value.Order("<", a, b)
	if err != nil {
		return false, false, err
	}
	more, err := value.Order(">", a, b)
	return less, more, err
}

func TestTooLargeIsAnErrorAndNotAnAllocation(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 80)
	for name, run := range map[string]func() (value.Value, error){
		"text times":     func() (value.Value, error) { return value.Mul("abc", int64(1)<<40) },
		"text times big": func() (value.Value, error) { return value.Mul("abc", huge) },
		"list times":     func() (value.Value, error) { return value.Mul(value.NewList(nil), int64(1)<<40) },
		"power":          func() (value.Value, error) { return value.Pow(int64(10), int64(1)<<40) },
		"power of big":   func() (value.Value, error) { return value.Pow(huge, huge) },
		"format width":   func() (value.Value, error) { return value.Format("a", "99999999999") },
		"format digits":  func() (value.Value, error) { return value.Format(1.5, ".999999999f") },
		"group width":    func() (value.Value, error) { return value.Format(int64(1), "0999999999,") },
		"percent width":  func() (value.Value, error) { return value.Mod("%999999999999d", int64(1)) },
		"percent digits": func() (value.Value, error) { return value.Mod("%.999999999d", int64(1)) },
		"percent star":   func() (value.Value, error) { return value.Mod("%*d", value.NewTuple(int64(1)<<60, int64(1))) },
		"center":         func() (value.Value, error) { return call("a", "center", int64(1)<<40) },
		"zfill":          func() (value.Value, error) { return call("a", "zfill", int64(1)<<62) },
		"expandtabs":     func() (value.Value, error) { return call("\t\t", "expandtabs", int64(1)<<40) },
		"replace": func() (value.Value, error) {
			return call(strings.Repeat("a", 1<<20), "replace", "a", strings.Repeat("b", 1000))
		},
		"join": func() (value.Value, error) {
			return call(strings.Repeat("-", 1<<20), "join", strings.Repeat("x", 1000))
		},
		"endless": func() (value.Value, error) {
			_, err := value.Iterate(value.NewIterator("count", func() (value.Value, bool, error) { return nil, true, nil }))
			return nil, err
		},
	} {
		_, err := run()
		var e *value.Error
		require.ErrorAs(t, err, &e, name)
		require.Contains(t, []string{"MemoryError", "OverflowError", "ValueError"}, e.Class, name)
	}
	doubled := value.Value(value.NewList("xxxxxxxx"))
	for range 40 {
		doubled = value.NewList(doubled, doubled)
	}
	require.Less(t, len(value.Str(doubled)), 80<<20)
}

func call(self value.Value, name string, args ...value.Value) (value.Value, error) {
	m, ok := value.Attr(self, name)
	if !ok {
		return nil, value.Errorf("AttributeError", "%s", name)
	}
	return value.Invoke(m, &value.Call{Args: args})
}

func TestEqualKeysAreOneKey(t *testing.T) {
	d := value.NewDict()
	large := new(big.Int).Lsh(big.NewInt(1), 70)
	for _, k := range []value.Value{int64(1), 1.0, true, "1", large, 1180591620717411303424.0, value.NewTuple("a", "b"), value.NewTuple("ab"), value.NewTuple(int64(1)), value.NewTuple(true), nil} {
		require.NoError(t, d.Set(k, value.Repr(k)))
	}
	require.Equal(t, "{1: 'True', '1': \"'1'\", 1180591620717411303424: '1.1805916207174113e+21', ('a', 'b'): \"('a', 'b')\", ('ab',): \"('ab',)\", (1,): '(True,)', None: 'None'}", value.Repr(d))
}

func TestGoDataBecomesValuesAndBack(t *testing.T) {
	type named string
	text := "p"
	v := value.FromGo(map[string]any{"b": []any{1, uint8(2), 2.5, nil, true}, "a": map[string]string{"k": "v"}, "c": []string{"x"}, "d": named("n"), "e": &text, "f": uint64(1 << 63), "g": (*string)(nil)})
	require.Equal(t, "{'a': {'k': 'v'}, 'b': [1, 2, 2.5, None, True], 'c': ['x'], 'd': 'n', 'e': 'p', 'f': 9223372036854775808, 'g': None}", value.Repr(v))
	back := value.ToGo(v).(map[string]any)
	require.Equal(t, []any{int64(1), int64(2), 2.5, nil, true}, back["b"])
	require.Equal(t, map[string]any{"k": "v"}, back["a"])
}

func TestWhatLiesInManyPlacesIsLookedAtOnce(t *testing.T) {
	l := value.NewList("0123456789abcdef")
	for range 200 {
		l = value.NewList(l, value.NewTuple(l))
	}
	require.Equal(t, math.MaxInt, value.Extent(l))
	plain := value.ToGo(l).([]any)
	for range 199 {
		below := plain[0].([]any)
		require.Same(t, &below[0], &plain[1].([]any)[0].([]any)[0])
		plain = below
	}
	require.Equal(t, []any{[]any{"0123456789abcdef"}, []any{[]any{"0123456789abcdef"}}}, plain)

	small := value.NewList("0123456789abcdef")
	d := value.NewDict()
	d.Put("a", small)
	d.Put("b", value.NewTuple(small, int64(1)))
	require.Equal(t, 1+1+3+1+(1+3+1), value.Extent(d))
	small.Elems = append(small.Elems, d)
	require.Equal(t, math.MaxInt, value.Extent(d))
}

func TestListsAreSharedAndViewsFollow(t *testing.T) {
	d := value.DictOf("a", int64(1))
	keys, err := call(d, "keys")
	require.NoError(t, err)
	d.Put("b", int64(2))
	require.Equal(t, "dict_keys(['a', 'b'])", value.Repr(keys))
	items, err := call(d, "items")
	require.NoError(t, err)
	require.Equal(t, "dict_items([('a', 1), ('b', 2)])", value.Repr(items))
	in, err := value.Contains(items, value.NewTuple("b", int64(2)))
	require.NoError(t, err)
	require.True(t, in)
	n, err := value.Len(keys)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	rest, err := value.Sub(keys, value.NewList("a"))
	require.NoError(t, err)
	require.Equal(t, "{'b'}", value.Repr(rest))
}

func TestSortIsStableAndCallsTheKey(t *testing.T) {
	l := value.NewList("bb", "a", "cc", "d")
	m, ok := value.Attr(l, "sort")
	require.True(t, ok)
	length := &value.Func{Name: "len", Fn: func(c *value.Call) (value.Value, error) {
		n, err := value.Len(c.Args[0])
		return int64(n), err
	}}
	for reverse, want := range map[bool]string{false: "['a', 'd', 'bb', 'cc']", true: "['bb', 'cc', 'a', 'd']"} {
		l.Elems = []value.Value{"bb", "a", "cc", "d"}
		_, err := value.Invoke(m, &value.Call{Kwargs: []value.Kwarg{{Name: "key", Value: length}, {Name: "reverse", Value: reverse}}})
		require.NoError(t, err)
		require.Equal(t, want, value.Repr(l))
	}
}

func TestDictsSurviveManyDeletions(t *testing.T) {
	d := value.NewDict()
	for i := range int64(1000) {
		require.NoError(t, d.Set(i, i))
		if i%10 != 0 {
			_, ok := d.Delete(i)
			require.True(t, ok)
		}
	}
	require.Equal(t, 100, d.Len())
	keys := d.Keys()
	require.Equal(t, int64(0), keys[0])
	require.Equal(t, int64(990), keys[99])
	v, ok := d.Get(500.0)
	require.True(t, ok)
	require.Equal(t, int64(500), v)
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	var a, b value.Value = "some text", "some text"
	d := value.DictOf("key", "v")
	var key value.Value = "key"
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if value.Str(a) == "" || !value.Truth(a) || !value.Equal(a, b) {
			panic("impossible")
		}
		if _, ok := value.Item(d, key); !ok {
			panic("impossible")
		}
	}))
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		if _, ok := value.Attr(a, "upper"); !ok {
			panic("impossible")
		}
	}), 1.0)
}

func BenchmarkMethod(b *testing.B) {
	c := &value.Call{}
	var s value.Value = "Some_Column"
	for b.Loop() {
		m, _ := value.Attr(s, "lower")
		if _, err := value.Invoke(m, c); err != nil {
			b.Fatal(err)
		}
	}
}
