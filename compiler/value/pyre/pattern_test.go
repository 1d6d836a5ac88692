package pyre_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pyre"
)

func call(t *testing.T, name string, args ...value.Value) (value.Value, error) {
	t.Helper()
	fn, ok := pyre.Module().Get(name)
	require.True(t, ok)
	return value.Invoke(fn, &value.Call{Args: args})
}

func TestPatternThatNeverEndsIsAnError(t *testing.T) {
	_, err := call(t, "match", "(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")
	var e *value.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "TimeoutError", e.Class)
}

func TestSubWithCallableGetsTheMatch(t *testing.T) {
	fn := &value.Func{Name: "f", Fn: func(c *value.Call) (value.Value, error) {
		group, ok := value.Item(c.Args[0], int64(1))
		require.True(t, ok)
		return "<" + value.Str(group) + ">", nil
	}}
	got, err := call(t, "sub", `(\w)\w*`, fn, "hello big world")
	require.NoError(t, err)
	require.Equal(t, "<h> <b> <w>", got)
}

func FuzzPattern(f *testing.F) {
	for _, p := range []string{`(?P<n>a)(?P=n)`, `[^\]a-z[]`, `(?i)x|y`, `a{,3}b{2,}`, `(?<=a)b(?!c)`, `\Z`, `(?(1)a|b)`, `\x41\u00e9\101`, `(?x) a # c`} {
		f.Add(p, "some text", `\1\g<0>`)
	}
	f.Fuzz(func(t *testing.T, pattern, text, template string) {
		if len(pattern) > 40 || len(text) > 60 {
			return
		}
		for _, args := range [][]value.Value{{"findall", pattern, text}, {"fullmatch", pattern, text}, {"sub", pattern, template, text}, {"split", pattern, text}} {
			_, err := call(t, args[0].(string), args[1:]...)
			var e *value.Error
			if err != nil && !errors.As(err, &e) {
				t.Fatalf("not Python's error: %v", err)
			}
		}
	})
}
