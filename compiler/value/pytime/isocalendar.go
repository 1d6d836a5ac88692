package pytime

import (
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// isoCalendar is a year of weeks, a week and a weekday from Monday, which is
// 1. It can be indexed and taken apart like a tuple.
type isoCalendar struct {
	parts [3]int64
}

func isoCalendarOf(t time.Time) *isoCalendar {
	year, week := t.ISOWeek()
	return &isoCalendar{[3]int64{int64(year), int64(week), int64(t.Weekday()+6)%7 + 1}}
}

func (i *isoCalendar) TypeName() string { return "datetime.IsoCalendarDate" }

func (i *isoCalendar) Attr(name string) (value.Value, bool) {
	switch name {
	case "year":
		return i.parts[0], true
	case "week":
		return i.parts[1], true
	case "weekday":
		return i.parts[2], true
	}
	return nil, false
}

func (i *isoCalendar) Items() []value.Value {
	return []value.Value{i.parts[0], i.parts[1], i.parts[2]}
}

func (i *isoCalendar) Len() int { return len(i.parts) }

func (i *isoCalendar) Item(key value.Value) (value.Value, bool) {
	return value.Item(value.NewTuple(i.Items()...), key)
}

func (i *isoCalendar) Equal(o value.Value) bool {
	if other, ok := o.(*isoCalendar); ok {
		return i.parts == other.parts
	}
	return value.Equal(value.NewTuple(i.Items()...), o)
}

func (i *isoCalendar) Repr() string {
	return fmt.Sprintf("datetime.IsoCalendarDate(year=%d, week=%d, weekday=%d)", i.parts[0], i.parts[1], i.parts[2])
}

// fromISOCalendar is the day of a year of weeks.
func fromISOCalendar(year, week, weekday int64) (time.Time, error) {
	if year < 1 || year > 9999 {
		return time.Time{}, value.Errorf("ValueError", "Year is out of range: %d", year)
	}
	// The fourth of January is always in week 1.
	fourth := time.Date(int(year), 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -int(fourth.Weekday()+6)%7)
	_, weeks := time.Date(int(year), 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	switch {
	case week < 1 || week > int64(weeks):
		return time.Time{}, value.Errorf("ValueError", "Invalid week: %d", week)
	case weekday < 1 || weekday > 7:
		return time.Time{}, value.Errorf("ValueError", "Invalid day: %d (range is [1, 7])", weekday)
	}
	return moveDays(monday, (week-1)*7+weekday-1)
}
