package view

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// pieces keeps each write.
type pieces []string

func (p *pieces) Write(text []byte) (int, error) {
	*p = append(*p, string(text))
	return len(text), nil
}

// TestGathered holds lines until there are enough of them or it is told to let
// go.
func TestGathered(t *testing.T) {
	var got pieces
	g := NewGathered(&got, 8)
	write := func(text string) {
		n, err := g.Write([]byte(text))
		require.NoError(t, err)
		require.Equal(t, len(text), n)
	}
	write("a\n")
	g.Hold()
	for _, line := range []string{"bb\n", "cc\n", "dd\n", "ee\n"} {
		write(line)
	}
	require.Equal(t, pieces{"a\n", "bb\ncc\ndd\n"}, got)
	require.NoError(t, g.Release())
	require.NoError(t, g.Release())
	write("f\n")
	require.Equal(t, pieces{"a\n", "bb\ncc\ndd\n", "ee\n", "f\n"}, got)
}
