package clustertest

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

// readers poll a table on every node.
type readers struct {
	*watch.Readers
	shop *shop
}

// read starts readers of a table: of one that holds a shard, when its name says
// so, of one that reads all shards otherwise.
func (s *shop) read(table string) *readers {
	var nodes []watch.Node
	for n, node := range s.bed.Nodes {
		w := watch.Node{Config: s.bed.Config(n + 1), Table: s.database + "." + table}
		if s.bed.Shards > 1 {
			if strings.HasSuffix(table, "_local") {
				w.Slice = watch.Slice{Of: uint64(s.bed.Shards), Rest: uint64(node.Shard - 1)}
			} else {
				w.Spread = true
			}
		}
		nodes = append(nodes, w)
	}
	return &readers{watch.Start(nodes), s}
}

// whole requires that no reader saw anything but whole generations, each later
// than the one before.
func (r *readers) whole() (polls, missing int) {
	r.shop.t.Helper()
	for n, s := range r.Stop() {
		require.Empty(r.shop.t, s.Wrong, "node %d", n+1)
		polls, missing = polls+s.Polls, missing+s.Missing
	}
	return polls, missing
}
