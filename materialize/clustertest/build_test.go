package clustertest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

// generation is SQL of 1000 rows that all name their generation.
func generation(n int) string {
	return watch.SQL(uint64(n))
}

func (s *shop) whole(table string) string {
	return "SELECT count(), min(generation), max(generation) FROM " + s.database + "." + table
}

func TestTablesAndViewsOnEveryReplica(t *testing.T) {
	s := newShop(t, "1x3")
	view := s.model("latest", "materialized", "view")
	for n := uint64(1); n <= 3; n++ {
		r, err := s.build(s.model("orders", "materialized", "table", "order_by", "id"), generation(int(n)))
		require.NoError(t, err)
		require.Empty(t, r.Warnings)
		require.EqualValues(t, 1000, r.Rows)
		_, err = s.build(view, fmt.Sprintf("SELECT *, %d AS of_view FROM %s.orders", n, s.database))
		require.NoError(t, err)
		for _, rows := range s.everywhere(s.whole("orders")) {
			require.Equal(t, [][]any{{uint64(1000), n, n}}, rows)
		}
		for _, rows := range s.everywhere("SELECT toUInt64(max(of_view)) FROM " + s.database + ".latest") {
			require.Equal(t, [][]any{{n}}, rows)
		}
	}
	for n := range s.bed.Nodes {
		require.Equal(t, []string{"latest", "orders"}, s.tables(n+1))
	}
	for _, rows := range s.everywhere("SELECT engine, total_replicas, active_replicas FROM system.replicas WHERE database = '" + s.database + "'") {
		require.Equal(t, [][]any{{"ReplicatedMergeTree", uint8(3), uint8(3)}}, rows)
	}
}

func TestShardedTables(t *testing.T) {
	s := newShop(t, "2x2")
	for n := uint64(1); n <= 2; n++ {
		r, err := s.build(s.model("orders", "materialized", "table", "order_by", "id", "sharding_key", "id"), generation(int(n)))
		require.NoError(t, err)
		require.EqualValues(t, 1000, r.Rows)
		for _, rows := range s.everywhere(s.whole("orders")) {
			require.Equal(t, [][]any{{uint64(1000), n, n}}, rows)
		}
		for _, rows := range s.everywhere(s.whole("orders_local")) {
			require.Equal(t, [][]any{{uint64(500), n, n}}, rows)
		}
	}
	for n := range s.bed.Nodes {
		require.Equal(t, []string{"orders", "orders_local"}, s.tables(n+1))
	}
}
