package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
)

func TestPositionCountsLinesAndCharacters(t *testing.T) {
	f := source.New("a.sql", "", "\ufeffone\r\nzwölf x\n")
	require.Equal(t, "one\r\nzwölf x\n", f.Text)
	at := source.Span{File: f, Start: len("one\r\nzwölf "), End: len("one\r\nzwölf x")}
	require.Equal(t, source.Position{Line: 2, Column: 7}, at.Begin())
	require.Equal(t, "x", at.Text())
	require.Equal(t, "a.sql:2:7", at.String())
	require.Equal(t, "one", f.Line(1))
	require.Equal(t, "zwölf x", f.Line(2))
	require.Empty(t, f.Line(9))
	require.Equal(t, at.Start, f.Offset(2, 7))
}

func TestPositionClampsOffsets(t *testing.T) {
	f := source.New("a.sql", "", "x")
	require.Equal(t, source.Position{Line: 1, Column: 1}, f.Position(-5))
	require.Equal(t, source.Position{Line: 1, Column: 2}, f.Position(99))
	require.Equal(t, 1, f.Offset(7, 7))
}

func TestCoverJoinsSpansOfOneFile(t *testing.T) {
	f, g := source.New("f", "", "abcdef"), source.New("g", "", "abcdef")
	a, b := source.Span{File: f, Start: 1, End: 2}, source.Span{File: f, Start: 4, End: 5}
	require.Equal(t, source.Span{File: f, Start: 1, End: 5}, b.Cover(a))
	require.Equal(t, a, a.Cover(source.Span{File: g, Start: 0, End: 6}))
	require.Equal(t, a, source.Span{}.Cover(a))
	require.Equal(t, "-", source.Span{}.String())
}
