package value_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

const limit = 64 << 20

// requirePython fails for errors that are not Python's and for text beyond
// the limit.
func requirePython(t *testing.T, v value.Value, err error) {
	t.Helper()
	var python *value.Error
	if err != nil && !errors.As(err, &python) {
		t.Fatalf("not Python's error: %v", err)
	}
	if s, ok := v.(string); ok && len(s) > limit {
		t.Fatalf("%d bytes", len(s))
	}
}

func FuzzFormat(f *testing.F) {
	for _, s := range []string{"{}", "{0!r:>{1}}", "{a[0].b}", "{:099999999999,.3f}", "{:{}}", "{{{", "{:é^10}", "{:.99999999}", "{:_x}", "{:%}"} {
		f.Add(s, int64(3), 1.5, "a")
	}
	f.Fuzz(func(t *testing.T, format string, n int64, x float64, s string) {
		m, ok := value.Attr(format, "format")
		require.True(t, ok)
		d := value.DictOf("k", s)
		v, err := value.Invoke(m, &value.Call{Args: []value.Value{n, x, s, d}, Kwargs: []value.Kwarg{{Name: "a", Value: value.NewList(n, s)}}})
		requirePython(t, v, err)
		for _, subject := range []value.Value{n, x, s, true, nil} {
			text, err := value.Format(subject, format)
			requirePython(t, text, err)
		}
	})
}

func FuzzPercent(f *testing.F) {
	for _, s := range []string{"%d", "%(a)s", "%*.*f", "%-+ #010.5x", "%%", "%", "%99999999d", "%.9999999f", "%(", "%c"} {
		f.Add(s, int64(-5), 2.5, "x")
	}
	f.Fuzz(func(t *testing.T, format string, n int64, x float64, s string) {
		for _, args := range []value.Value{n, x, s, value.NewTuple(n, x, s, n), value.DictOf("a", n, "", s), value.NewList(n)} {
			v, err := value.Mod(format, args)
			requirePython(t, v, err)
		}
	})
}

func FuzzSlice(f *testing.F) {
	f.Add("héllo", int64(0), int64(-1), int64(1), byte(0))
	f.Add("", int64(-1<<63), int64(1<<62), int64(-1<<63), byte(3))
	f.Fuzz(func(t *testing.T, s string, start, stop, step int64, absent byte) {
		bound := func(n int64, bit byte) value.Value {
			if absent&bit != 0 {
				return nil
			}
			return n
		}
		items, err := value.Iterate(s)
		require.NoError(t, err)
		whole := value.NewList(items...)
		text, textErr := value.Slice(s, bound(start, 1), bound(stop, 2), bound(step, 4))
		list, listErr := value.Slice(whole, bound(start, 1), bound(stop, 2), bound(step, 4))
		require.Equal(t, textErr, listErr)
		if textErr != nil {
			return
		}
		joined, err := value.Iterate(text)
		require.NoError(t, err)
		if utf8.ValidString(s) {
			require.True(t, value.Equal(list, value.NewList(joined...)), "%q %v", text, list)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, 2.5, null, "é\u00e9"]}`, `[NaN, -Infinity, 1e999]`, `"\ud83d\ude00"`, `123456789012345678901234567890`, `[[[[`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.FromJSON(text)
		requirePython(t, nil, err)
		if err != nil {
			return
		}
		once, err := value.MarshalJSON(v, value.JSONStyle{})
		require.NoError(t, err)
		again, err := value.FromJSON(once)
		require.NoError(t, err)
		twice, err := value.MarshalJSON(again, value.JSONStyle{})
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}

func FuzzMethods(f *testing.F) {
	for _, name := range []string{"split", "center", "replace", "expandtabs", "join", "title", "translate", "zfill", "rsplit", "count"} {
		f.Add(name, "a b\tc", "b", int64(7))
	}
	f.Fuzz(func(t *testing.T, name, s, arg string, n int64) {
		m, ok := value.Attr(s, name)
		if !ok {
			return
		}
		for _, args := range [][]value.Value{{}, {arg}, {n}, {arg, n}, {n, arg}, {arg, arg, n}, {arg, n, n}} {
			v, err := value.Invoke(m, &value.Call{Args: args})
			requirePython(t, v, err)
		}
	})
}
