package clustertest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/matrix"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

// watched are the readers of the orders: of each node's own rows and, on
// shards, of all rows through each node.
type watched []*readers

func (s *shop) watched() watched {
	if s.bed.Shards > 1 {
		return watched{s.read("orders_local"), s.read("orders")}
	}
	return watched{s.read("orders")}
}

func (w watched) announce(generation uint64, nodes []int) {
	for _, r := range w {
		r.Announce(generation, nodes...)
	}
}

func (w watched) stop() matrix.Saw {
	var saw matrix.Saw
	for _, r := range w {
		saw = saw.Add(matrix.Total(r.Stop()))
	}
	return saw
}

// next is a generation that was not there before.
func (s *shop) next() uint64 {
	s.generations++
	return s.generations
}

// all are the numbers of all nodes.
func (s *shop) all() []int {
	var all []int
	for n := range s.bed.Nodes {
		all = append(all, n+1)
	}
	return all
}

// kept are the nodes that an invocation has not left out.
func (i *invocation) kept() []int {
	return slices.DeleteFunc(i.all(), func(n int) bool { return i.cluster.Left(i.bed.Nodes[n-1].Addr) != nil })
}

// same reports a node that has other rows than those of a generation, or any
// relation that is not the project's.
func (s *shop) same(generation uint64) error {
	tables, want := []string{"orders"}, []string{"orders"}
	if s.bed.Shards > 1 {
		tables, want = []string{"orders", "orders_local"}, []string{"orders", "orders_local"}
	}
	for n, node := range s.bed.Nodes {
		if found := s.tables(n + 1); !slices.Equal(found, want) {
			return fmt.Errorf("node %d has %v", n+1, found)
		}
		for _, table := range tables {
			var slice watch.Slice
			if table == "orders_local" {
				slice = watch.Slice{Of: uint64(s.bed.Shards), Rest: uint64(node.Shard - 1)}
			}
			sum := slice.Sum(generation)
			rows := s.bed.Rows(s.t, n+1, watch.SumOf(s.database+"."+table))
			if fmt.Sprint(rows[0]) != fmt.Sprint([]any{sum.Count, sum.Low, sum.High, sum.Check}) {
				return fmt.Errorf("%s of node %d has %v instead of %v", table, n+1, rows[0], sum)
			}
		}
	}
	return nil
}

var (
	generated = regexp.MustCompile("`?[a-z_]*`?\\.`?orders(_local)?__[^ `']*`?")
	query     = regexp.MustCompile(`\(?query-\d+\)?|[0-9a-f]{8}-[0-9a-f-]{27}`)
	spaces    = regexp.MustCompile(`\s+`)
)

// plain is what chmod said, without what differs from run to run.
func (s *shop) plain(text string) string {
	for n, node := range s.bed.Nodes {
		text = strings.ReplaceAll(text, node.Addr, fmt.Sprintf("node %d", n+1))
	}
	text = strings.ReplaceAll(text, adapters.QuoteIdent(s.database), "shop")
	text = strings.ReplaceAll(text, s.database, "shop")
	text = generated.ReplaceAllString(text, "TEMPORARY")
	text = query.ReplaceAllString(text, "")
	text = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	const enough = 220
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "") + " ..."
	}
	return text
}
