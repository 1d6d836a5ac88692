package watch

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func answer(s Sum) *adapters.Table {
	return &adapters.Table{Rows: [][]any{{s.Count, s.Low, s.High, s.Check}}}
}

// TestReadersNotice is that readers see what is wrong when it is.
func TestReadersNotice(t *testing.T) {
	node := Node{}
	one, two := node.Slice.Sum(1), node.Slice.Sum(2)
	require.Equal(t, uint64(Rows), one.Count)
	require.NotEqual(t, one.Check, two.Check)
	var s Seen
	s.judge(answer(one), nil, 0, node)
	s.judge(answer(two), nil, 0, node)
	s.judge(answer(two), nil, 2, node)
	s.judge(nil, &adapters.ServerError{Class: adapters.ClassMissing}, 2, node)
	s.judge(nil, &adapters.ServerError{Class: adapters.ClassNetwork}, 2, node)
	require.Equal(t, Seen{Polls: 5, Generations: []uint64{1, 2}, Missing: 1, Away: 1}, s)

	doubled := two
	doubled.Check++ // one row twice and one not at all
	for _, c := range []struct {
		answer *adapters.Table
		err    error
		due    uint64
		want   string
	}{
		{answer(Sum{}), nil, 0, "0 rows of the generations 0 to 0"},
		{answer(Sum{Count: 700, Low: 2, High: 2}), nil, 0, "700 rows of the generations 2 to 2"},
		{answer(Sum{Count: Rows, Low: 1, High: 2}), nil, 0, "1000 rows of the generations 1 to 2"},
		{answer(doubled), nil, 0, "1000 rows of the generations 2 to 2"},
		{answer(one), nil, 0, "generation 1 after 2 was read"},
		{answer(two), nil, 3, "generation 2 after 3 was announced"},
		{&adapters.Table{}, nil, 0, "0 rows instead of one of four numbers"},
		{answer(two), &adapters.ServerError{Class: adapters.ClassOther, Message: "it is broken"}, 0, "it is broken"},
	} {
		before := len(s.Wrong)
		s.judge(c.answer, c.err, c.due, node)
		require.Len(t, s.Wrong, before+1, c.want)
		require.Contains(t, s.Wrong[before], c.want)
	}
}

func TestShards(t *testing.T) {
	even, odd := Slice{Of: 2, Rest: 0}.Sum(7), Slice{Of: 2, Rest: 1}.Sum(7)
	require.Equal(t, uint64(Rows/2), even.Count)
	require.Equal(t, Slice{}.Sum(7).Check, even.Check+odd.Check)

	spread := Node{Spread: true}
	var s Seen
	s.judge(answer(spread.Slice.Sum(2)), nil, 0, spread)
	s.judge(answer(Sum{Count: Rows, Low: 1, High: 2}), nil, 2, spread)
	s.judge(answer(spread.Slice.Sum(1)), nil, 0, spread)
	require.Equal(t, Seen{Polls: 3, Generations: []uint64{2, 1}, Mixed: 1}, s)
	s.judge(nil, &adapters.ServerError{Class: adapters.ClassOther, Code: 32}, 0, spread)
	require.Equal(t, 1, s.Away)
	s.judge(answer(Sum{Count: 700, Low: 1, High: 2}), nil, 0, spread)
	s.judge(nil, &adapters.ServerError{Class: adapters.ClassOther, Code: 32}, 0, Node{})
	require.Len(t, s.Wrong, 2)
}
