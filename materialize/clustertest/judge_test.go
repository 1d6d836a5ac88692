package clustertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

// TestReadersNotice is that readers see what is wrong when it is.
func TestReadersNotice(t *testing.T) {
	answer := func(count, low, high uint64) *adapters.Table {
		return &adapters.Table{Rows: [][]any{{count, low, high}}}
	}
	var s seen
	s.judge(answer(1000, 1, 1), nil, 1000)
	s.judge(answer(1000, 2, 2), nil, 1000)
	s.judge(nil, &adapters.ServerError{Class: adapters.ClassMissing}, 1000)
	require.Empty(t, s.wrong)
	require.Equal(t, []uint64{1, 2}, s.generations)
	require.Equal(t, 1, s.missing)
	s.judge(answer(0, 0, 0), nil, 1000)
	s.judge(answer(700, 2, 2), nil, 1000)
	s.judge(answer(1000, 1, 2), nil, 1000)
	s.judge(nil, &adapters.ServerError{Class: adapters.ClassOther}, 1000)
	require.Len(t, s.wrong, 4)
}
