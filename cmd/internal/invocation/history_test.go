package invocation

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"
)

// history is what a snapshot was seen to hold: versions by their ids.
type history map[string]version

type version struct {
	id       uint32
	v        string
	from, to int64 // to is 0 for what is current
}

// remembers looks at a snapshot's table: nothing that it held before is gone or
// has changed, but for its end, and of each row one version follows another.
func (d *depot) remembers() {
	d.t.Helper()
	if d.strategy != "snapshot" || d.holdsOn(0) == "no table" {
		return
	}
	rows := d.query("SELECT toString(dbt_scd_id), id, v, toInt64(toUnixTimestamp(dbt_valid_from)), toInt64(ifNull(toUnixTimestamp(dbt_valid_to), 0)) FROM " + d.database + ".orders")
	now, byRow := history{}, map[uint32][]version{}
	for _, row := range rows {
		v := version{row[1].(uint32), row[2].(string), row[3].(int64), row[4].(int64)}
		require.NotContains(d.t, now, row[0], "%v is there twice", v)
		now[row[0].(string)] = v
		byRow[v.id] = append(byRow[v.id], v)
	}
	for key, was := range d.past {
		is, there := now[key]
		require.True(d.t, there, "%v is gone", was)
		if was.to == 0 {
			was.to = is.to
		}
		require.Equal(d.t, was, is)
	}
	for _, all := range byRow {
		slices.SortFunc(all, func(a, b version) int { return int(a.from - b.from) })
		for i, v := range all {
			last := i == len(all)-1
			require.True(d.t, last && v.to == 0 || v.to > v.from, "%v ends before it begins", fmt.Sprint(all))
			require.True(d.t, last || v.to <= all[i+1].from && (v.to < all[i+1].from || v.v != all[i+1].v), "%v", fmt.Sprint(all))
		}
	}
	d.past = now
}
