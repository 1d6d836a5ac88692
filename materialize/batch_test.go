package materialize_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

func TestBatches(t *testing.T) {
	for _, c := range []struct {
		name          string
		config        []any
		adds          bool
		now, from, to string
		first, last   string // start of the first, end of the last
		count         int
		missing       string
		firstID       string
	}{
		{name: "from nothing", config: []any{"batch_size", "day", "begin", "2026-01-01"}, now: "2026-01-03 12:30:00", first: "2026-01-01 00:00", last: "2026-01-04 00:00", count: 3, firstID: "20260101"},
		{name: "from within a batch", config: []any{"batch_size", "month", "begin", "2026-01-15"}, now: "2026-03-03 12:30:00", first: "2026-01-01 00:00", last: "2026-04-01 00:00", count: 3},
		{name: "one back", config: []any{"batch_size", "day"}, adds: true, now: "2026-01-03 12:30:00", first: "2026-01-02 00:00", last: "2026-01-04 00:00", count: 2},
		{name: "none back", config: []any{"batch_size", "hour", "lookback", int64(0)}, adds: true, now: "2026-01-03 12:30:00", first: "2026-01-03 12:00", last: "2026-01-03 13:00", count: 1, firstID: "20260103T12"},
		{name: "three back, over a year's end", config: []any{"batch_size", "month", "lookback", int64(3)}, adds: true, now: "2026-01-31 12:30:00", first: "2025-10-01 00:00", last: "2026-02-01 00:00", count: 4},
		{name: "on the border", config: []any{"batch_size", "day"}, adds: true, now: "2026-01-03 00:00:00", first: "2026-01-01 00:00", last: "2026-01-03 00:00", count: 2},
		{name: "a stretch", config: []any{"batch_size", "day"}, adds: true, now: "2026-01-03 12:30:00", from: "2025-12-30 10:00:00", to: "2026-01-01 01:00:00", first: "2025-12-30 00:00", last: "2026-01-02 00:00", count: 3},
		{name: "years", config: []any{"batch_size", "year", "begin", "2024-05-05"}, now: "2026-01-03 12:30:00", first: "2024-01-01 00:00", last: "2027-01-01 00:00", count: 3, firstID: "2024"},
		{name: "before it begins", config: []any{"batch_size", "day", "begin", "2027-01-01"}, now: "2026-01-03 12:30:00", first: "2027-01-01 00:00", last: "2027-01-01 00:00", count: 1},
		{name: "no begin", config: []any{"batch_size", "day"}, now: "2026-01-03 12:30:00", missing: "begin"},
		{name: "no size", now: "2026-01-03 12:30:00", missing: "batch_size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := &manifest.Node{Name: "orders", Config: manifest.NewConfig(value.DictOf(append([]any{"event_time", "at"}, c.config...)...), nil)}
			at := func(text string) time.Time {
				if text == "" {
					return time.Time{}
				}
				parsed, ok := materialize.ParseTime(text)
				require.True(t, ok)
				return parsed
			}
			batches, err := materialize.Batches(n, c.adds, materialize.BatchSpan{Now: at(c.now), From: at(c.from), To: at(c.to)})
			if c.missing != "" {
				var failure *diag.Failure
				require.ErrorAs(t, err, &failure)
				require.Contains(t, failure.Error(), "microbatch needs "+c.missing)
				return
			}
			require.NoError(t, err)
			require.Len(t, batches, c.count)
			require.Equal(t, c.first, batches[0].Start.Format("2006-01-02 15:04"))
			require.Equal(t, c.last, batches[len(batches)-1].End.Format("2006-01-02 15:04"))
			for i := 1; i < len(batches); i++ {
				require.Equal(t, batches[i-1].End, batches[i].Start)
			}
			if c.firstID != "" {
				require.Equal(t, c.firstID, batches[0].ID(n))
			}
		})
	}
}

// A microbatch model replaces the rows of the batches that it builds, and no
// others.
func TestMicrobatch(t *testing.T) {
	for _, key := range []string{"", "id"} {
		s := newShop(t)
		n := s.model("orders", "materialized", "incremental", "incremental_strategy", "microbatch", "event_time", "at",
			"batch_size", "day", "begin", "2026-01-01", "order_by", "id", "unique_key", key)
		run := func(now, v string, days ...int) {
			t.Helper()
			in := s.input(n, "")
			r, adds := materialize.TargetOf(in)
			if adds {
				session, err := s.adapter.Session(t.Context())
				require.NoError(t, err)
				in.Target, err = materialize.ReadTarget(t.Context(), session, s.adapter.Server().Version, r)
				require.NoError(t, err)
				require.NoError(t, session.Close())
			}
			at, _ := materialize.ParseTime(now)
			batches, err := materialize.Batches(n, adds, materialize.BatchSpan{Now: at})
			require.NoError(t, err)
			var built []int
			for i := range batches {
				built = append(built, batches[i].Start.Day())
				batches[i].SQL = fmt.Sprintf("SELECT %d AS id, toDateTime('%s', 'UTC') AS at, '%s' AS v", batches[i].Start.Day(), batches[i].Start.Format("2006-01-02 15:04:05"), v)
			}
			require.Equal(t, days, built)
			in.Batches, in.SQL = batches, batches[0].SQL
			plan, err := materialize.New(in)
			require.NoError(t, err)
			require.Equal(t, len(batches), strings.Count(plan.Text(), "fill it with the batch of"))
			result, err := materialize.Apply(t.Context(), s.adapter, plan, nil)
			require.NoError(t, err)
			require.EqualValues(t, len(batches), result.Rows)
		}
		run("2026-01-03 10:00", "first", 1, 2, 3)
		run("2026-01-04 10:00", "second", 3, 4)
		require.Equal(t, "[[1 first] [2 first] [3 second] [4 second]]", fmt.Sprint(s.rows("SELECT id, v FROM $.orders ORDER BY id")))
		require.Equal(t, []string{"orders"}, s.tables())
	}
}

// A batch replaces its own rows, whatever the time zones of the server and of the
// column are: those that refs give by the column's clock.
func TestBatchesOfOtherZones(t *testing.T) {
	for _, kind := range []string{"DateTime('Asia/Tokyo')", "DateTime64(3, 'America/New_York')", "Nullable(DateTime('UTC'))", "DateTime", "Date"} {
		s := newShop(t)
		n := s.model("orders", "materialized", "incremental", "incremental_strategy", "microbatch", "event_time", "at",
			"batch_size", "day", "begin", "2026-01-01", "order_by", "id")
		for _, v := range []string{"first", "second"} {
			in := s.input(n, "")
			_, adds := materialize.TargetOf(in)
			at, _ := materialize.ParseTime("2026-01-03 10:00")
			batches, err := materialize.Batches(n, adds, materialize.BatchSpan{Now: at})
			require.NoError(t, err)
			for i, b := range batches {
				day := b.Start.Format("2006-01-02")
				batches[i].SQL = fmt.Sprintf("SELECT number AS id, '%s' AS v, CAST(concat('%s ', leftPad(toString(number), 2, '0'), ':30:00') AS %s) AS at FROM numbers(24)", v, day, kind)
				if kind == "Date" {
					batches[i].SQL = fmt.Sprintf("SELECT number AS id, '%s' AS v, toDate('%s') AS at FROM numbers(24)", v, day)
				}
			}
			in = s.complete(in, s.always(batches[0].SQL))
			in.Batches, in.SQL = batches, batches[0].SQL
			for _, in := range materialize.InBatches(in) {
				plan, err := materialize.New(in)
				require.NoError(t, err)
				_, err = materialize.Apply(t.Context(), s.adapter, plan, nil)
				require.NoError(t, err)
			}
		}
		require.Equal(t, "[[first 24] [second 48]]", fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v ORDER BY v")), kind)
	}
}

// Batches that are added to a table are put in place one by one: a crash leaves
// whole batches only, and the next run makes the table right.
func TestMicrobatchKilledBetweenBatches(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "incremental_strategy", "microbatch", "event_time", "at",
		"batch_size", "day", "begin", "2026-01-01", "order_by", "id", "lookback", int64(2))
	inputs := func(now, v string) []materialize.Input {
		in := s.input(n, "")
		_, adds := materialize.TargetOf(in)
		at, _ := materialize.ParseTime(now)
		batches, err := materialize.Batches(n, adds, materialize.BatchSpan{Now: at})
		require.NoError(t, err)
		for i := range batches {
			batches[i].SQL = fmt.Sprintf("SELECT number + %d AS id, toDateTime('%s', 'UTC') AS at, '%s' AS v FROM numbers(2)",
				batches[i].Start.Day()*10, batches[i].Start.Format("2006-01-02 15:04:05"), v)
		}
		in.Batches, in.SQL = batches, batches[0].SQL
		return materialize.InBatches(in)
	}
	run := func(adapter adapters.Adapter, inputs []materialize.Input) error {
		for _, in := range inputs {
			if r, adds := materialize.TargetOf(in); adds {
				session, err := s.adapter.Session(t.Context())
				require.NoError(t, err)
				in.Target, err = materialize.ReadTarget(t.Context(), session, s.adapter.Server().Version, r)
				require.NoError(t, errors.Join(err, session.Close()))
			}
			plan, err := materialize.New(in)
			require.NoError(t, err)
			if _, err = materialize.Apply(t.Context(), adapter, plan, nil); err != nil {
				return err
			}
		}
		return nil
	}
	const days = 3
	first := inputs("2026-01-03 10:00", "v0")
	require.Len(t, first, 1, "a build from nothing is one table")
	require.NoError(t, run(s.adapter, first))
	seen := map[string]bool{}
	for kill, round := 2, 1; ; kill, round = kill+7, round+1 {
		old, v := fmt.Sprintf("v%d", round-1), fmt.Sprintf("v%d", round)
		batches := inputs("2026-01-03 10:00", v)
		require.Len(t, batches, days)
		k := &killer{Adapter: s.adapter, at: kill, dead: true, after: kill%2 == 0}
		err := run(k, batches)
		done := 0
		for day := 1; day <= days; day++ {
			rows := fmt.Sprint(s.rows(fmt.Sprintf("SELECT v FROM $.orders WHERE toDayOfMonth(at) = %d", day)))
			if rows == fmt.Sprintf("[[%s] [%s]]", v, v) && done == day-1 {
				done++
				continue
			}
			require.Equal(t, fmt.Sprintf("[[%s] [%s]]", old, old), rows, "killed at statement %d, day %d", kill, day)
		}
		seen[fmt.Sprint(done)] = true
		require.NoError(t, run(s.adapter, inputs("2026-01-03 10:00", v)))
		require.Equal(t, fmt.Sprintf("[[%s 6]]", v), fmt.Sprint(s.rows("SELECT any(v), count() FROM $.orders")), "killed at statement %d", kill)
		require.Equal(t, []string{"orders"}, s.tables())
		if err == nil {
			break
		}
	}
	require.Len(t, seen, days+1, "it was killed between batches, too")
}
