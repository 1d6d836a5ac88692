package pyre_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// What Python 3.11 finds, or says.
func TestGlobalFlagsStandAtTheStart(t *testing.T) {
	for pattern, want := range map[string]string{
		`(?i)(?s)a.w`:    "'A\\nw'",
		`(?is)(?m)a.w`:   "'A\\nw'",
		`(?#c)(?i)(?s)a`: "'A'",
	} {
		m, err := call(t, "search", pattern, "A\nwith b")
		require.NoError(t, err, pattern)
		group, ok := value.Attr(m, "group")
		require.True(t, ok)
		got, err := value.Invoke(group, &value.Call{})
		require.NoError(t, err)
		require.Equal(t, want, value.Repr(got), pattern)
	}
	for pattern, want := range map[string]string{
		`a(?i)`:         "at position 1",
		`(?i) (?s)a`:    "at position 5",
		`(?i)(?:)(?s)a`: "at position 8",
		`((?i)a)`:       "at position 1",
		`(?i)|(?s)a`:    "at position 5",
	} {
		_, err := call(t, "search", pattern, "A")
		require.ErrorContains(t, err, "global flags not at the start of the expression "+want, pattern)
	}
}
