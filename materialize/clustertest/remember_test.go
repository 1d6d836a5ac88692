package clustertest

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"
)

// remember compares a snapshot's table with what it may hold after a run: one
// that has died has put all that it saw in place, will have, or none of it.
func (q *load) remember(i *invocation, ended bool) {
	q.t.Helper()
	if q.strategy != "snapshot" {
		return
	}
	var after []past
	for _, h := range q.pasts {
		next := slices.Clone(h)
		next.take(q.people, i.id.StartedAt.Unix())
		after = append(after, next)
	}
	if !ended {
		q.pasts = append(q.pasts, after...)
		return
	}
	q.loose.Wait()
	found := q.history(1)
	q.pasts = nil
	for _, h := range after {
		q.Note("it may hold %s", h)
		if h.String() == found {
			q.pasts = []past{h}
		}
	}
	require.NotEmpty(q.t, q.pasts, "it holds %s", found)
	q.remembers(q.pasts[0])
}

// history is what a snapshot's table holds on a node.
func (q *load) history(node int) string {
	q.t.Helper()
	var h past
	for _, row := range q.bed.Rows(q.t, node, "SELECT id, name, toInt64(toUnixTimestamp(dbt_valid_from)), toInt64(ifNull(toUnixTimestamp(dbt_valid_to), 0)) FROM "+q.database+".people") {
		h = append(h, version{int(row[0].(uint64)), fmt.Sprint(row[1]), row[2].(int64), row[3].(int64)})
	}
	return h.String()
}
