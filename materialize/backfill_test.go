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

// backfillInput is a model with a table that has rows by time.
func backfillInput(config ...any) materialize.Input {
	table := adapters.TableInfo{Relation: adapters.Relation{Database: "shop", Name: "orders"}, Engine: "MergeTree"}
	catalog := &adapters.Catalog{Databases: map[string]adapters.Database{
		"shop": {Name: "shop", Engine: "Atomic", Tables: map[string]adapters.TableInfo{"orders": table}},
	}}
	version, err := adapters.ParseVersion("26.7.3.1")
	if err != nil {
		panic(err) // it is a constant
	}
	config = append([]any{"materialized", "incremental", "order_by", "id"}, config...)
	columns := []adapters.Column{{Name: "id", Type: "UInt64"}, {Name: "at", Type: "DateTime('Europe/Berlin')"}, {Name: "day", Type: "Date"}}
	in := materialize.Input{
		Node: &manifest.Node{
			UniqueID: "model.shop.orders", Name: "orders", ResourceType: manifest.Model, Schema: "shop", Alias: "orders",
			Config: manifest.NewConfig(value.DictOf(config...), nil),
		},
		SQL: "SELECT * FROM raw.orders", Server: adapters.Server{Version: version}, Invocation: invocation(), Columns: columns,
		State:  materialize.Observe(catalog, materialize.Liveness{Invocation: invocation(), Now: invocation().StartedAt}),
		Target: &materialize.Target{},
	}
	for _, c := range columns {
		in.Target.Columns = append(in.Target.Columns, adapters.ColumnInfo{Column: c})
	}
	in.Target.EngineFull = "MergeTree ORDER BY id"
	return in
}

func TestBackfillPieces(t *testing.T) {
	for name, c := range map[string]struct {
		config       []any
		column, size string
		from, to     string
		want         string
	}{
		"days by default":         {config: []any{"unique_key", "id", "event_time", "at"}, from: "2026-01-30", to: "2026-02-01 12:00", want: "at day 3: 2026-01-30 to 2026-01-31 .. 2026-02-01 to 2026-02-01 12:00:00"},
		"begins within":           {config: []any{"unique_key", "id", "event_time", "at"}, from: "2026-01-30 10:00", to: "2026-02-01", want: "at day 2: 2026-01-30 10:00:00 to 2026-01-31 .. 2026-01-31 to 2026-02-01"},
		"as partitions":           {config: []any{"unique_key", "id", "partition_by", "toYYYYMM(at)"}, from: "2026-01-30", to: "2026-03-01", want: "at month 2: 2026-01-30 to 2026-02-01 .. 2026-02-01 to 2026-03-01"},
		"as chunks":               {config: []any{"unique_key", "id", "chunk_by", value.DictOf("column", "at", "size", "week")}, from: "2026-01-05", to: "2026-01-19", want: "at week 2: 2026-01-05 to 2026-01-12 .. 2026-01-12 to 2026-01-19"},
		"as asked":                {config: []any{"unique_key", "id"}, column: "day", size: "QUARTER", from: "2026-01-01", to: "2026-07-01", want: "day quarter 2: 2026-01-01 to 2026-04-01 .. 2026-04-01 to 2026-07-01"},
		"whole partitions":        {config: []any{"incremental_strategy", "insert_overwrite", "partition_by", "toYYYYMM(at)"}, from: "2026-01-30", to: "2026-02-02", want: "at month 2 widened: 2026-01-01 to 2026-02-01 .. 2026-02-01 to 2026-03-01"},
		"partitions by a date":    {config: []any{"incremental_strategy", "insert_overwrite", "partition_by", "day"}, from: "2026-01-30", to: "2026-02-01", want: "day day 2: 2026-01-30 to 2026-01-31 .. 2026-01-31 to 2026-02-01"},
		"bigger than a partition": {config: []any{"incremental_strategy", "insert_overwrite", "partition_by", "day"}, size: "year", from: "2026-01-01", to: "2027-01-01", want: "day year 1: 2026-01-01 to 2027-01-01 .. 2026-01-01 to 2027-01-01"},
		"batches":                 {config: []any{"incremental_strategy", "microbatch", "event_time", "at", "batch_size", "month", "begin", "2020-01-01"}, from: "2026-01-15", to: "2026-02-10", want: "at month 2: 2026-01-01 to 2026-02-01 .. 2026-02-01 to 2026-02-10"},
		"rows would be doubled":   {config: []any{"event_time", "at"}, from: "2026-01-01", to: "2026-01-02", want: "no-backfill: rows that are appended again"},
		"no time":                 {config: []any{"unique_key", "id"}, from: "2026-01-01", to: "2026-01-02", want: "no-backfill: it is not known which column"},
		"a part of a partition":   {config: []any{"incremental_strategy", "insert_overwrite", "partition_by", "toYYYYMM(at)"}, size: "day", from: "2026-01-01", to: "2026-01-02", want: "no-backfill: pieces by the day of at are no whole partitions"},
		"weeks across months":     {config: []any{"incremental_strategy", "insert_overwrite", "partition_by", "toMonday(at)"}, size: "month", from: "2026-01-01", to: "2026-01-02", want: "no-backfill: pieces by the month"},
		"partitions by no time":   {config: []any{"incremental_strategy", "insert_overwrite", "partition_by", "id % 7", "event_time", "at"}, from: "2026-01-01", to: "2026-01-02", want: "no-backfill: pieces by the day of at are no whole"},
		"batches are fixed":       {config: []any{"incremental_strategy", "microbatch", "event_time", "at", "batch_size", "month", "begin", "2020-01-01"}, size: "day", from: "2026-01-15", to: "2026-02-10", want: "no-backfill: the pieces of a microbatch"},
		"no such size":            {config: []any{"unique_key", "id", "event_time", "at"}, size: "minute", from: "2026-01-15", to: "2026-02-10", want: `no-backfill: "minute" is no size`},
		"too many":                {config: []any{"unique_key", "id", "event_time", "at"}, size: "hour", from: "2016-01-15", to: "2026-02-10", want: "no-backfill: there are more than 10000"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := materialize.BackfillAsked{Column: c.column, Size: c.size}
			var ok bool
			asked.From, ok = materialize.ParseTime(c.from)
			require.True(t, ok)
			asked.To, ok = materialize.ParseTime(c.to)
			require.True(t, ok)
			b, err := materialize.NewBackfill(backfillInput(c.config...), asked)
			var failure *diag.Failure
			if errors.As(err, &failure) {
				d := failure.Diagnostics[0]
				require.True(t, strings.HasPrefix(d.Code+": "+strings.TrimPrefix(d.What, "orders: "), c.want), "%s: %s", d.Code, d.What)
				return
			}
			require.NoError(t, err)
			got := fmt.Sprintf("%s %s %d", b.Column, b.Size, len(b.Pieces))
			if b.Widened {
				got += " widened"
			}
			require.Equal(t, c.want, got+": "+b.Pieces[0].Label()+" .. "+b.Pieces[len(b.Pieces)-1].Label())
			for i, p := range b.Pieces[1:] {
				require.Equal(t, b.Pieces[i].To, p.From)
			}
		})
	}
}

// The piece bounds what is inserted, by the clock of the column, and the plan's
// turn begins after that.
func TestBackfillPlan(t *testing.T) {
	in := backfillInput("unique_key", "id", "event_time", "at")
	in.Within = &materialize.Within{Column: "at", From: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)}
	in.FullRefresh = true
	plan, err := materialize.New(in)
	require.NoError(t, err)
	text := plan.Text()
	require.Contains(t, text, "SELECT * FROM (\nSELECT * FROM raw.orders\n)\n"+
		"WHERE `at` >= toDateTime('2026-01-02 00:00:00', 'Europe/Berlin') AND `at` < toDateTime('2026-01-03 00:00:00', 'Europe/Berlin')")
	require.Contains(t, text, "fill it with the rows of 2026-01-02 to 2026-01-03")
	turns := 0
	for i, s := range plan.Steps {
		if s.Turn {
			turns++
			require.Equal(t, materialize.KindCheck, plan.Steps[i-1].Kind)
		}
	}
	require.Equal(t, 1, turns)
}
