package adaptertest

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

// rowsOf are those from one number up to another.
func rowsOf(from, to int, row func(i int) []any) func() ([]any, error) {
	return func() ([]any, error) {
		if from >= to {
			return nil, io.EOF
		}
		from++
		return row(from - 1), nil
	}
}

func testInsertParts(t *testing.T, b *bed) {
	insertAll(t, b, func(st adapters.Statement, columns []adapters.Column, row func(i int) []any) (adapters.Summary, error) {
		from, size := 0, 1
		return b.session(t).InsertParts(t.Context(), st, columns, func() (func() ([]any, error), error) {
			if from >= insertRows {
				return nil, io.EOF
			}
			first := from
			from += size
			size = size*2 - 1 + from%2 // one of one row, and small and large ones
			return rowsOf(first, min(from, insertRows), row), nil
		})
	})
}

// testInsertPartsOrder has empty parts between others, and one that is larger
// than a block.
func testInsertPartsOrder(t *testing.T, b *bed) {
	table := b.database + ".t"
	b.exec(t, "CREATE TABLE "+table+" (n UInt64) ENGINE = Log")
	sizes := []int{0, 3, 100_000, 0, 1, 7, 20_000, 0}
	part, from := 0, 0
	summary, err := b.session(t).InsertParts(t.Context(), insertInto(table), numberColumns(), func() (func() ([]any, error), error) {
		if part == len(sizes) {
			return nil, io.EOF
		}
		first := from
		from += sizes[part]
		part++
		return rowsOf(first, from, func(i int) []any { return []any{uint64(i)} }), nil
	})
	require.NoError(t, err)
	require.Equal(t, uint64(from), summary.Progress.WrittenRows)
	require.EqualValues(t, from, one(t, b.query(t, "SELECT count() FROM "+table)))
	require.EqualValues(t, from, one(t, b.query(t, "SELECT countIf(n = at) FROM (SELECT n, rowNumberInAllBlocks() AS at FROM "+table+" SETTINGS max_threads = 1)")))
}

// testInsertPartsAbandoned breaks off in the parts and between them: of several
// errors that of the first row is told, and the session goes on.
func testInsertPartsAbandoned(t *testing.T, b *bed) {
	table := b.numbers(t)
	s := b.session(t)
	gone := errors.New("the file is gone")
	for _, c := range []struct {
		name string
		want string
		part func(n int) (func() ([]any, error), error)
	}{
		{"between parts", gone.Error(), func(n int) (func() ([]any, error), error) {
			if n == 3 {
				return nil, gone
			}
			return rowsOf(0, 10, func(i int) []any { return []any{uint64(i)} }), nil
		}},
		{"in parts", "part 2", func(n int) (func() ([]any, error), error) {
			return func() ([]any, error) {
				if n < 2 {
					return nil, io.EOF
				}
				return nil, fmt.Errorf("part %d", n)
			}, nil
		}},
		{"a value of another type", "UInt64", func(n int) (func() ([]any, error), error) {
			return rowsOf(0, 10, func(i int) []any { return []any{[]int{i}} }), nil
		}},
	} {
		n := 0
		_, err := s.InsertParts(t.Context(), insertInto(table), numberColumns(), func() (func() ([]any, error), error) {
			n++
			return c.part(n - 1)
		})
		require.ErrorContains(t, err, c.want, c.name)
		_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
		require.NoError(t, err, c.name)
	}
}
