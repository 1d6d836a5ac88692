package invocation

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
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

// TestSnapshotsInTurn: a run that began earlier than another one, and comes to its
// snapshot later, finds its changes later than that one's.
func TestSnapshotsInTurn(t *testing.T) {
	d := newDepot(t, 1, &sequence.Diary{}, engineSite(t), "snapshot")
	change := func(v string) {
		d.exec("INSERT INTO " + d.database + ".src SELECT toUInt32(" + v + ") AS seq, toUInt32(1) AS id, toDate('2026-01-01') AS day, '" + v + "' AS v")
	}
	finish := func(p *process) {
		t.Helper()
		<-p.ended
		require.NoError(t, p.err)
		d.remembers()
	}
	change("1")
	finish(d.start("run", IfLockedFail, 0, false))
	for at := range 4 {
		early := d.start("run", IfLockedWait, 1+at, false)
		require.True(t, early.pause())
		change(fmt.Sprint(2 + 2*at))
		finish(d.start("run", IfLockedFail, 0, false))
		change(fmt.Sprint(3 + 2*at))
		d.later()
		early.resume(false)
		finish(early)
		require.Equal(t, d.wants(), d.holds())
	}
	require.Len(t, d.past, 9)
}
