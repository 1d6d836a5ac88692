package materialize

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Within bounds the rows of the SQL that are added to a table, by a column: those
// from a time on and before another.
type Within struct {
	Column   string
	From, To time.Time // UTC, meant as the column's own wall clock
}

// BackfillAsked is what a backfill is asked for. Column and Size may be left to
// the model.
type BackfillAsked struct {
	From, To     time.Time
	Column, Size string
}

// Backfill is how the rows of a stretch of time of an incremental model are
// computed again, piece by piece.
type Backfill struct {
	Column, Size string
	// Strategy is the model's, in dbt's words.
	Strategy string
	Pieces   []Within
	// Widened says that the pieces begin before or end after what was asked for,
	// since whole partitions are replaced.
	Widened bool
}

// mostPieces bounds the pieces of a backfill.
const mostPieces = 10_000

// NewBackfill cuts a backfill into pieces. Its error is a *diag.Failure.
func NewBackfill(in Input, asked BackfillAsked) (*Backfill, error) {
	in.Within = &Within{}
	p := newPlanner(in)
	b := p.backfill(asked)
	return b, p.diags.Err()
}

func (p *planner) backfill(asked BackfillAsked) *Backfill {
	name := p.in.Node.Name
	refuse := func(key, what, why, fix string) *Backfill {
		p.wrong(key, "no-backfill", name+": "+what, why, fix)
		return nil
	}
	if !incrementally(p.in.Node.Materialized()) {
		return refuse("materialized", "only incremental models are filled piece by piece", "this one is built from nothing each time", "chmod run builds it")
	}
	if p.in.State.anywhere(p.data, p.active()) == nil {
		return refuse("materialized", "there is no table yet", "a backfill computes rows of a table again while it serves", "build it first: chmod run --select "+name)
	}
	s, ok := p.strategy()
	if !ok {
		return nil
	}
	b := &Backfill{Strategy: strings.ReplaceAll(s.name, "delete_insert", "delete+insert"), Column: asked.Column, Size: strings.ToLower(asked.Size)}
	partition := p.partitionTime()
	switch {
	case s.name == "append":
		return refuse("incremental_strategy", "rows that are appended again would be there twice", "nothing tells which rows of the table they are",
			"give the model a unique_key, or use insert_overwrite or microbatch")
	case !slices.Contains([]string{"delete_insert", "insert_overwrite", "microbatch", "merge", "replace"}, s.name):
		return refuse("incremental_strategy", "a strategy of the project's own is not known to bear being repeated", "", "use one of delete+insert, merge, replace, insert_overwrite and microbatch")
	case s.name == "microbatch":
		if asked.Column != "" || asked.Size != "" {
			return refuse("batch_size", "the pieces of a microbatch model are its batches", "event_time and batch_size decide", "leave --column and --size out")
		}
		b.Column, b.Size = p.in.Node.Config.String("event_time"), batchSize(p.in.Node)
	}
	if b.Column == "" {
		b.Column = p.timeColumn(partition)
	}
	if b.Column == "" {
		return refuse("event_time", "it is not known which column has the time of a row", "", "name it: --column, or event_time in the config")
	}
	if b.Size == "" {
		b.Size = p.pieceSize(partition)
	}
	if !slices.Contains(chunkSizes, b.Size) {
		return refuse("chunk_by", fmt.Sprintf("%q is no size of a piece", b.Size), "", "use one of "+strings.Join(chunkSizes, ", "))
	}
	from, to := asked.From.UTC(), asked.To.UTC()
	if s.name == "insert_overwrite" {
		if partition.column != b.Column || partition.size == "" || slices.Index(chunkSizes, b.Size) < slices.Index(chunkSizes, partition.size) ||
			partition.size == "week" && b.Size != "week" || b.Size == "week" && slices.Index(chunkSizes, partition.size) > 2 {
			return refuse("partition_by", fmt.Sprintf("pieces by the %s of %s are no whole partitions", b.Size, b.Column),
				"insert_overwrite replaces whole partitions, which are by "+p.keyClause("partition_by"),
				"partition by a time, as in toYYYYMM(created_at), and leave --column and --size out")
		}
		from, to = beginning(from, b.Size, 0), upTo(to, b.Size)
		b.Widened = !from.Equal(asked.From.UTC()) || !to.Equal(asked.To.UTC())
	}
	if s.name == "microbatch" {
		from = beginning(from, b.Size, 0)
	}
	for at := from; at.Before(to); {
		next := beginning(at, b.Size, 1)
		if next.After(to) {
			next = to
		}
		b.Pieces = append(b.Pieces, Within{Column: b.Column, From: at, To: next})
		if at = next; len(b.Pieces) > mostPieces {
			return refuse("chunk_by", fmt.Sprintf("there are more than %d pieces", mostPieces), "", "take a bigger --size")
		}
	}
	return b
}

// upTo is the end of the unit that a time is in, or the time where one begins.
func upTo(t time.Time, size string) time.Time {
	if start := beginning(t, size, 0); start.Equal(t) {
		return t
	}
	return beginning(t, size, 1)
}

// timed is that a partition is a unit of time of a column.
type timed struct{ column, size string }

// partitionCalls are the functions of time that partitions are made by.
var partitionCalls = map[string]string{
	"toYYYYMM": "month", "toStartOfMonth": "month", "toYYYYMMDD": "day", "toDate": "day", "toStartOfDay": "day", "toMonday": "week",
	"toStartOfHour": "hour", "toStartOfQuarter": "quarter", "toStartOfYear": "year", "toYear": "year",
}

var partitionCall = regexp.MustCompile("^\\(?(\\w+)\\(\\s*`?(\\w+)`?\\s*\\)\\)?$")

// partitionTime reads partition_by as far as it is a unit of time. A column
// without a function is one of days only when it is a date.
func (p *planner) partitionTime() timed {
	text := strings.TrimSpace(p.keyClause("partition_by"))
	if m := partitionCall.FindStringSubmatch(text); m != nil {
		return timed{m[2], partitionCalls[m[1]]}
	}
	if p.in.Target != nil {
		if c, ok := p.in.Target.column(strings.Trim(text, "`")); ok && axisOf(c.Column).calendar() {
			size := map[axisKind]string{axisDate: "day", axisDate32: "day"}[axisOf(c.Column).kind]
			return timed{c.Name, size}
		}
	}
	return timed{}
}

func (p *planner) timeColumn(partition timed) string {
	cfg := p.in.Node.Config
	if c := cfg.String("event_time"); c != "" {
		return c
	}
	if by, ok := p.chunkBy(); ok && by.buckets == 0 && by.width == 0 {
		return by.column
	}
	if partition.size != "" {
		return partition.column
	}
	return ""
}

func (p *planner) pieceSize(partition timed) string {
	if partition.size != "" {
		return partition.size
	}
	if by, ok := p.chunkBy(); ok && by.size != "" {
		return by.size
	}
	if size := batchSize(p.in.Node); size != "" {
		return size
	}
	return "day"
}

// Label is a piece for people.
func (w Within) Label() string {
	show := func(t time.Time) string { return strings.TrimSuffix(t.Format(time.DateTime), " 00:00:00") }
	return show(w.From) + " to " + show(w.To)
}

// where is the condition for the rows within, and false when the column cannot
// be compared with times.
func (w Within) where(c adapters.Column) (string, bool) {
	a := axisOf(c)
	column := adapters.QuoteIdent(w.Column)
	return column + " >= " + a.wall(w.From) + " AND " + column + " < " + a.wall(w.To), a.calendar()
}

// wall is a point of time by the column's own clock.
func (a axis) wall(t time.Time) string {
	switch a.kind {
	case axisDate, axisDate32:
		return a.literal(a.value(t))
	case axisTime64:
		return fmt.Sprintf("toDateTime64(%s, %d%s)", adapters.Literal(t.UTC().Format(time.DateTime)), a.scale, a.zoneArgument())
	}
	return "toDateTime(" + adapters.Literal(t.UTC().Format(time.DateTime)) + a.zoneArgument() + ")"
}

func (a axis) zoneArgument() string {
	if a.zone == "" {
		return ""
	}
	return ", " + a.zone
}

// inWithin fills a table from the rows of a piece.
func (p *planner) inWithin(into adapters.Relation, columns []column, settings map[string]any) int {
	w := *p.in.Within
	at := slices.IndexFunc(p.in.Columns, func(c adapters.Column) bool { return c.Name == w.Column })
	c := adapters.Column{Name: w.Column, Type: "DateTime"}
	if at >= 0 {
		c = p.in.Columns[at]
	}
	condition, ok := w.where(c)
	switch {
	case p.in.Columns == nil: // nobody knows them yet
	case at < 0:
		p.wrong("event_time", "no-backfill", fmt.Sprintf("%s: the SQL returns no column %q", p.in.Node.Name, w.Column), "", "name one with --column")
	case !ok:
		p.wrong("event_time", "no-backfill", fmt.Sprintf("%s: %s is %s, which is no time", p.in.Node.Name, w.Column, c.Type), "", "name another one with --column")
	}
	if columns == nil {
		return p.insert(into, nil, settings)
	}
	number := p.insertWhere(into, condition, columns, settings)
	p.plan.Steps[number-1].Purpose = "fill it with the rows of " + w.Label()
	return number
}

// Survey asks for what a table has of the pieces: their number from 1, rows and
// partitions.
func (b *Backfill) Survey(in Input) (adapters.Statement, bool) {
	p := newPlanner(in)
	if len(b.Pieces) == 0 || p.in.Target == nil {
		return adapters.Statement{}, false
	}
	c, ok := p.in.Target.column(b.Column)
	a := axisOf(c.Column)
	if !ok || !a.calendar() {
		return adapters.Statement{}, false
	}
	ends := make([]string, len(b.Pieces))
	for i, w := range b.Pieces {
		ends[i] = a.wall(w.To)
	}
	column := adapters.QuoteIdent(b.Column)
	all := Within{Column: b.Column, From: b.Pieces[0].From, To: b.Pieces[len(b.Pieces)-1].To}
	where, _ := all.where(c.Column)
	partitions := "groupUniqArray(toString(" + p.ddl.partitionID() + "))"
	if p.sharded() {
		partitions = "CAST([], 'Array(String)')"
	}
	return adapters.Statement{SQL: "SELECT toUInt64(arrayFirstIndex(x -> " + column + " < x, [" + list(ends) + "])) AS piece, toUInt64(count()), " + partitions +
		"\nFROM " + p.whole.String() + "\nWHERE " + where + "\nGROUP BY piece ORDER BY piece", Comment: p.in.Comment}, true
}

// Estimate asks how many rows are read for a piece; false where a server does
// not tell.
func (b *Backfill) Estimate(in Input, columns []adapters.Column, w Within) (adapters.Statement, bool) {
	if !in.Server.Version.AtLeast(21, 9) {
		return adapters.Statement{}, false
	}
	at := slices.IndexFunc(columns, func(c adapters.Column) bool { return c.Name == b.Column })
	if at < 0 {
		return adapters.Statement{}, false
	}
	p := newPlanner(in)
	where, ok := w.where(columns[at])
	if !ok {
		return adapters.Statement{}, false
	}
	sql := p.sql()
	if b.Strategy != "microbatch" {
		sql = "SELECT * FROM (\n" + sql + "\n)\nWHERE " + where
	}
	return adapters.Statement{SQL: "EXPLAIN ESTIMATE\n" + sql, Settings: p.querySettings(), Comment: in.Comment}, true
}

// Work is what a backfill is known by.
func (b *Backfill) Work(sql string) string {
	first, last := b.Pieces[0], b.Pieces[len(b.Pieces)-1]
	return fingerprint(sql, b.Strategy, b.Column, b.Size, first.From.Format(time.RFC3339), last.To.Format(time.RFC3339))
}

// DescribeSQL reads the columns of a node's SQL.
func DescribeSQL(ctx context.Context, s adapters.Session, in Input) ([]adapters.Column, error) {
	p := newPlanner(in)
	sql, _ := p.around("DESCRIBE TABLE (\n", "\n)")
	table, _, err := s.Query(ctx, adapters.Statement{SQL: sql, Settings: p.querySettings(), Comment: in.Comment})
	if err != nil {
		return nil, err
	}
	return describedColumns(table)
}
