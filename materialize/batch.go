package materialize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Batch is a stretch of time of a microbatch model, and its SQL for that.
type Batch struct {
	Start, End time.Time // UTC; End is not in it
	SQL        string
}

// ID names a batch by its start, as dbt does.
func (b Batch) ID(n *manifest.Node) string {
	layouts := map[string]string{"hour": "20060102T15", "month": "200601", "year": "2006"}
	return b.Start.Format(cmp.Or(layouts[batchSize(n)], "20060102"))
}

// Label is a batch for people.
func (b Batch) Label() string {
	return strings.TrimSuffix(b.Start.Format("2006-01-02 15:04"), " 00:00")
}

// Microbatch reports whether a model is built batch by batch.
func Microbatch(n *manifest.Node) bool {
	return n.ResourceType == manifest.Model && incrementally(n.Materialized()) &&
		strings.EqualFold(n.Config.String("incremental_strategy"), "microbatch")
}

func batchSize(n *manifest.Node) string { return strings.ToLower(n.Config.String("batch_size")) }

// BatchSpan bounds the batches of a run; zero times leave it to the model.
type BatchSpan struct {
	Now, From, To time.Time
}

// Batches are the stretches of time that a run of a microbatch model is made
// of, without SQL. With adds, there is a table that they are added to.
func Batches(n *manifest.Node, adds bool, span BatchSpan) ([]Batch, error) {
	size := batchSize(n)
	if !slices.Contains([]string{"hour", "day", "month", "year"}, size) {
		return nil, missing(n, "batch_size", "hour, day, month or year")
	}
	if n.Config.String("event_time") == "" {
		return nil, missing(n, "event_time", "the column with the time of a row")
	}
	end := span.To
	if end.IsZero() {
		end = span.Now
	}
	end = end.UTC()
	if floor := truncate(end, size); !floor.Equal(end) {
		end = offset(floor, size, 1)
	}
	start := span.From
	switch {
	case !start.IsZero():
		start = truncate(start, size)
	case !adds:
		begin, ok := timeOf(n.Config.Value("begin"))
		if !ok {
			return nil, missing(n, "begin", "the time of the first rows, as in 2026-01-31")
		}
		start = truncate(begin, size)
	default:
		back := lookback(n)
		if truncate(span.Now, size).Equal(span.Now.UTC()) {
			back++ // the batch that ends now is still one of the past
		}
		start = offset(span.Now, size, -back)
	}
	if !start.Before(end) {
		return []Batch{{Start: start, End: start}}, nil // one without rows
	}
	var batches []Batch
	for ; start.Before(end); start = offset(start, size, 1) {
		batches = append(batches, Batch{Start: start, End: offset(start, size, 1)})
	}
	batches[len(batches)-1].End = end
	return batches, nil
}

func missing(n *manifest.Node, key, what string) error {
	span := n.Config.Place(key)
	if !span.Known() {
		span = source.Span(n.Span)
	}
	var list diag.List
	list.Add(diag.Diagnostic{
		Code: "missing-config", Span: span, What: fmt.Sprintf("%s: microbatch needs %s", n.Name, key), Fix: "set it: " + what,
	})
	return list.Err()
}

func lookback(n *manifest.Node) int {
	if back, ok := n.Config.Value("lookback").(int64); ok && back >= 0 {
		return int(back)
	}
	return 1
}

// timeOf reads a time as configs and flags write it; without a zone it is UTC.
func timeOf(v value.Value) (time.Time, bool) {
	text, ok := v.(string)
	if s, isStringer := v.(value.Stringer); !ok && isStringer {
		text, ok = s.Str(), true
	}
	if !ok {
		return time.Time{}, false
	}
	return ParseTime(text)
}

// ParseTime reads 2026-01-31, or that with a time of day.
func ParseTime(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05.999999"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// truncate is the start of the batch that a time is in.
func truncate(t time.Time, size string) time.Time {
	t = t.UTC()
	y, m, d := t.Date()
	switch size {
	case "hour":
		return time.Date(y, m, d, t.Hour(), 0, 0, 0, time.UTC)
	case "day":
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case "month":
		return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
}

// offset is the start of another batch, so many from the one of a time.
func offset(t time.Time, size string, by int) time.Time {
	t = truncate(t, size)
	switch size {
	case "hour":
		return t.Add(time.Duration(by) * time.Hour)
	case "day":
		return t.AddDate(0, 0, by)
	case "month":
		return t.AddDate(0, by, 0)
	}
	return t.AddDate(by, 0, 0)
}
