package clustertest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/compiler/value"
)

// shape is what columns a model's SQL returns, and what its table does about it.
type shape struct {
	draw    *rand.Rand // apart from what decides the rest
	policy  string     // on_schema_change
	extra   string     // the type of one column more; empty for none
	extraAt int        // the source's last seq when it came
	refresh bool       // the next run builds the table anew
}

func newShape(seed uint64) shape {
	draw := sequence.Random(seed, 4)
	return shape{draw: draw, policy: sequence.Pick(draw, "ignore", "append_new_columns", "sync_all_columns", "sync_all_columns")}
}

// reshape adds a column to what the SQL returns, widens it, or takes it away, as
// far as the table follows.
func (q *load) reshape() {
	q.refresh = q.refresh || q.strategy != "snapshot" && q.draw.IntN(8) == 0
	if q.draw.IntN(3) > 0 {
		return
	}
	next := map[string]string{"": "UInt32", "UInt32": sequence.Pick(q.draw, "UInt64", "UInt64", ""), "UInt64": ""}[q.extra]
	switch {
	case q.extra == "":
		q.extraAt = len(q.source)
	case q.strategy == "snapshot":
		next = "" // what a snapshot has of it stays
	case q.policy == "append_new_columns" && next == "":
		return // it does not take columns away
	case q.policy == "ignore":
		next, q.refresh = "", true // as it must
	}
	q.extra = next
	q.Note("extra column: %s, full refresh %v", q.extra, q.refresh)
}

// withExtra is SQL that returns the extra column, too.
func (q *load) withExtra(sql string) string {
	if q.extra == "" {
		return sql
	}
	return fmt.Sprintf("SELECT *, to%s(id * 2) AS extra FROM (%s)", q.extra, sql)
}

// settledShape looks at the extra column on every node.
func (q *load) settledShape() {
	q.t.Helper()
	for node := range q.bed.Nodes {
		rows := q.bed.Rows(q.t, node+1, "SELECT type FROM system.columns WHERE database = '"+q.database+"' AND table = 'entries' AND name = 'extra'")
		if q.policy != "ignore" {
			require.Equal(q.t, q.extra, strings.Trim(fmt.Sprint(rows), "[]"), "node %d", node+1)
		}
		if len(rows) > 0 {
			wrong := fmt.Sprintf("SELECT * FROM %s.entries WHERE extra != id * 2 AND (extra != 0 OR seq > %d)", q.database, q.extraAt)
			if q.policy == "ignore" {
				wrong = fmt.Sprintf("SELECT * FROM %s.entries WHERE extra != id * 2 AND extra != 0", q.database)
			}
			require.Empty(q.t, q.bed.Rows(q.t, node+1, wrong), "node %d", node+1)
		}
	}
}

// only is a list of one.
func only(item string) *value.List {
	l := value.NewList()
	l.Elems = append(l.Elems, item)
	return l
}
