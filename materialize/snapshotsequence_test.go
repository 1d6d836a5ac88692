package materialize_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// TestRandomSnapshots changes rows at random, takes snapshots of them, and
// breaks these off at any statement. The table holds the history that a model
// of it says, to the second.
func TestRandomSnapshots(t *testing.T) {
	deaths := 0
	enough := sequence.Each(t, 12, nil, func(t *testing.T, seed uint64, d *sequence.Diary) {
		q := newSnapshots(t, seed, d)
		for range 4 + q.random.IntN(6) {
			q.step()
		}
		q.change()
		q.take(nil, false)
		require.Equal(t, []string{"customers", "history"}, q.tables())
		deaths += q.deaths
	})
	t.Logf("%d runs were broken off", deaths)
	if enough {
		require.NotZero(t, deaths)
	}
}

// snapshots are rows, a snapshot of them, and what happened to them.
type snapshots struct {
	*shop
	*sequence.Diary
	scd2
	random *rand.Rand
	config []any
	// whole says that readers see all changes of a run at once.
	whole bool
	// openEnd is the end of versions that are current; 0 for NULL.
	openEnd int64
	points  bool // whether the SQL returns them
	now     int64
	rows    map[string]customer
	// pasts are what the table may hold: a run that was broken off has
	// published its changes, will have, or has not.
	pasts  []past
	deaths int
}

func newSnapshots(t *testing.T, seed uint64, d *sequence.Diary) *snapshots {
	q := &snapshots{shop: newShop(t), Diary: d, random: sequence.Random(seed, 2), rows: map[string]customer{}, pasts: []past{{}}}
	q.now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).Unix()
	q.byTime = q.random.IntN(2) == 0
	if q.byTime {
		q.dated, q.config = true, []any{"strategy", "timestamp", "updated_at", "at"}
	} else {
		q.config = []any{"strategy", "check"}
		if q.dated = q.random.IntN(4) == 0; q.dated {
			q.config = append(q.config, "updated_at", "at")
		}
		if q.byAll = q.random.IntN(2) == 0; q.byAll {
			q.config = append(q.config, "check_cols", "all")
		} else {
			q.checked = sequence.Pick(q.random, []string{"name"}, []string{"name", "region"})
			q.config = append(q.config, "check_cols", list(q.checked...))
		}
	}
	q.key = sequence.Pick(q.random, []string{"id"}, []string{"id"}, []string{"id", "region"})
	q.config = append(q.config, "unique_key", list(q.key...))
	q.deletes = sequence.Pick(q.random, "ignore", "invalidate", "new_record")
	if q.random.IntN(3) == 0 {
		q.openEnd = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		q.config = append(q.config, "dbt_valid_to_current", "toDateTime('2100-01-01 00:00:00', 'UTC')")
	}
	partition := sequence.Pick(q.random, "", "", "region", "dbt_valid_to", "toDayOfMonth(dbt_valid_from)")
	if partition == "dbt_valid_to" {
		partition = map[bool]string{true: "isNull(dbt_valid_to)", false: "toYear(dbt_valid_to)"}[q.openEnd == 0]
	}
	if q.whole = partition == ""; !q.whole {
		q.config = append(q.config, "partition_by", partition)
	}
	q.config = append(q.config, "order_by", sequence.Pick(q.random, "tuple()", "region", "dbt_valid_from"))
	if q.random.IntN(4) == 0 {
		q.config = append(q.config, "query_settings", value.DictOf("join_use_nulls", "1"))
	}
	q.points = q.random.IntN(4) == 0
	exec(t, q.adapter, "CREATE TABLE "+q.database+".customers (id Nullable(UInt32), region String, name Nullable(String), at DateTime('UTC'), points Int64) ENGINE = MergeTree ORDER BY tuple()")
	q.Note("%v", q.config)
	return q
}

// node is the snapshot, as its config is by now.
func (q *snapshots) node() *manifest.Node {
	return q.history(append(slices.Clone(q.config), "hard_deletes", q.deletes)...)
}

// step is something that happens.
func (q *snapshots) step() {
	q.change()
	switch n := q.random.IntN(20); {
	case n < 5:
		q.take(nil, q.random.IntN(5) == 0)
	case n < 14:
		q.take(&killer{
			Adapter: q.adapter, at: 1 + q.random.IntN(18), after: q.random.IntN(2) == 0, dead: q.random.IntN(3) > 0, half: q.random.IntN(3) == 0,
		}, q.random.IntN(10) == 0)
	case n < 16:
		q.points = !q.points
		q.Note("points: %v", q.points)
	case n < 17:
		// With its column, the table has what it means.
		if q.deletes != "new_record" {
			q.deletes = sequence.Pick(q.random, "ignore", "invalidate", "new_record")
		}
		q.Note("hard_deletes: %s", q.deletes)
	}
}

// change adds, changes and removes rows: now, late, or without another time.
func (q *snapshots) change() {
	for range 1 + q.random.IntN(4) {
		c := customer{id: sequence.Pick(q.random, "1", "2", "3", "4", "5", "-"), region: sequence.Pick(q.random, "e", "w")}
		key := q.keyOf(c)
		was, there := q.rows[key]
		if there && q.random.IntN(4) == 0 {
			delete(q.rows, key)
			continue
		}
		c.name, c.points = sequence.Pick(q.random, "ann", "bob", "-"), q.random.IntN(3)
		switch q.random.IntN(4) {
		case 0:
			c.at = was.at
		case 1:
			c.at = q.now - 3*24*3600
		}
		if c.at == 0 {
			c.at = q.now - int64(q.random.IntN(4))*24*3600
		}
		q.rows[key] = c
	}
	null := func(text string) string {
		if text == "-" {
			return "NULL"
		}
		return "'" + text + "'"
	}
	var rows []string
	for _, key := range slices.Sorted(maps.Keys(q.rows)) {
		c := q.rows[key]
		rows = append(rows, fmt.Sprintf("(%s, '%s', %s, toDateTime(%d, 'UTC'), %d)", null(c.id), c.region, null(c.name), c.at, c.points))
	}
	exec(q.t, q.adapter, "TRUNCATE TABLE "+q.database+".customers")
	if len(rows) > 0 {
		exec(q.t, q.adapter, "INSERT INTO "+q.database+".customers VALUES "+strings.Join(rows, ", "))
	}
	q.Note("source: %s", strings.Join(rows, " "))
	q.now += sequence.Pick[int64](q.random, 0, 1, 7, 3600, 24*3600)
}

// take takes a snapshot, and breaks it off where k says. What it is to have
// done is compared.
func (q *snapshots) take(k *killer, refresh bool) {
	sql := "SELECT id, region, name, at FROM $.customers"
	if q.points {
		sql = "SELECT id, points, region, name, at FROM $.customers"
	}
	run := taking{node: q.node(), sql: sql, at: time.Unix(q.now, 0), refresh: refresh, through: q.adapter}
	var err error
	if k == nil {
		q.Note("run at %d, full refresh %v", q.now, refresh)
		err = q.taking(run)
	} else {
		run.through = k
		err = q.taking(run)
		q.Note("run at %d, full refresh %v, broken off at %d (after it %v, half %v, dead %v): %v", q.now, refresh, k.at, k.after, k.half, k.dead, err)
	}
	rows := slices.Collect(maps.Values(q.rows))
	var after []past
	for _, p := range q.pasts {
		after = append(after, q.after(p, rows, q.now, q.points))
	}
	found := q.found()
	if err == nil {
		q.pasts = q.likely(after, found)
		return
	}
	require.True(q.t, k != nil && k.count >= k.at && errors.Is(err, errKilled), "%v", err)
	q.deaths++
	for _, p := range slices.Clone(q.pasts) {
		if !p.there {
			continue
		}
		// It may have added columns before it died.
		q.pasts = append(q.pasts, []past{
			{there: true, points: p.points || q.points, deleted: p.deleted, periods: p.periods},
			{there: true, points: p.points, deleted: p.deleted || q.deletes == "new_record", periods: p.periods},
			{there: true, points: p.points || q.points, deleted: p.deleted || q.deletes == "new_record", periods: p.periods},
		}...)
	}
	q.pasts = distinct(append(q.pasts, after...))
	if q.whole {
		q.likely(q.pasts, found)
	}
}

// found is what the table holds.
func (q *snapshots) found() []string {
	has := map[string]bool{}
	for _, name := range q.sorted("SELECT name FROM system.columns WHERE database = '$' AND table = 'history'") {
		has[name] = true
	}
	if len(has) == 0 {
		return past{}.lines()
	}
	points, deleted := "0", "''"
	if has["points"] {
		points = "points"
	}
	if has["dbt_is_deleted"] {
		deleted = "dbt_is_deleted"
	}
	// What begins is the time of its version, too.
	require.Empty(q.t, q.shop.rows("SELECT * FROM $.history WHERE dbt_updated_at != dbt_valid_from"))
	lines := q.sorted(fmt.Sprintf("SELECT trim(concat(ifNull(toString(id), '-'), ' ', region, ' ', ifNull(name, '-'), ' ', toString(toUnixTimestamp(at)), ' ', toString(%s), ' ', toString(dbt_scd_id), ' ',"+
		" toString(toUnixTimestamp(dbt_valid_from)), '..', toString(if(isNull(dbt_valid_to) OR ifNull(toUnixTimestamp(dbt_valid_to), 0) = %d, 0, assumeNotNull(toUnixTimestamp(dbt_valid_to)))), ' ', %s)) FROM $.history", points, q.openEnd, deleted))
	slices.Sort(lines)
	return append(lines, past{there: true, points: has["points"], deleted: has["dbt_is_deleted"]}.lines()[0])
}

// likely are those of the pasts that the table holds.
func (q *snapshots) likely(pasts []past, found []string) []past {
	q.t.Helper()
	var likely []past
	for _, p := range distinct(pasts) {
		if slices.Equal(p.lines(), found) {
			likely = append(likely, p)
		}
	}
	if len(likely) == 0 {
		for _, p := range distinct(pasts) {
			q.Note("it may hold:\n  %s", strings.Join(p.lines(), "\n  "))
		}
		require.Equal(q.t, pasts[len(pasts)-1].lines(), found)
	}
	return likely
}

func distinct(pasts []past) []past {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(pasts), func(p past) bool {
		text := strings.Join(p.lines(), "\n")
		defer func() { seen[text] = true }()
		return seen[text]
	})
}
