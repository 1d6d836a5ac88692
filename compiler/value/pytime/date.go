package pytime

import (
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Date is Python's date.
type Date struct {
	day time.Time // midnight, UTC
}

// NewDate returns the day; the error is a ValueError in Python's words.
func NewDate(year, month, day int64) (*Date, error) {
	if err := checkDay(year, month, day); err != nil {
		return nil, err
	}
	return &Date{time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)}, nil
}

func checkDay(year, month, day int64) error {
	switch {
	case year < 1 || year > 9999:
		return value.Errorf("ValueError", "year %d is out of range", year)
	case month < 1 || month > 12:
		return value.Errorf("ValueError", "month must be in 1..12")
	case day < 1 || day > int64(time.Date(int(year), time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()):
		return value.Errorf("ValueError", "day is out of range for month")
	}
	return nil
}

// TypeName is datetime.date.
func (d *Date) TypeName() string { return "datetime.date" }

// Str is 2024-01-31.
func (d *Date) Str() string { return isoDay(d.day) }

func isoDay(t time.Time) string {
	return fmt.Sprintf("%04d-%02d-%02d", t.Year(), t.Month(), t.Day())
}

// Repr is datetime.date(2024, 1, 31).
func (d *Date) Repr() string {
	return fmt.Sprintf("datetime.date(%d, %d, %d)", d.day.Year(), d.day.Month(), d.day.Day())
}

// Format is strftime: "{:%Y}".format(d).
func (d *Date) Format(spec string) (string, error) { return strftime(d.day, nil, spec) }

// HashKey is the day.
func (d *Date) HashKey() any { return *d }

// Equal compares with another Date; a DateTime is never one.
func (d *Date) Equal(o value.Value) bool {
	other, ok := o.(*Date)
	return ok && d.day.Equal(other.day)
}

// Compare orders Dates.
func (d *Date) Compare(o value.Value) (int, bool, error) {
	switch o := o.(type) {
	case *Date:
		return d.day.Compare(o.day), true, nil
	case *DateTime:
		return 0, false, value.Errorf("TypeError", "can't compare datetime.datetime to datetime.date")
	}
	return 0, false, nil
}

// Operate answers date ± timedelta and date - date.
func (d *Date) Operate(op value.Op, other value.Value, reflected bool) (value.Value, bool, error) {
	switch o := other.(type) {
	case *Delta:
		days := o.days
		switch {
		case op == value.OpSub && !reflected:
			days = -days // whatever is less than a day does not count
		case op != value.OpAdd:
			return nil, false, nil
		}
		moved, err := moveDays(d.day, days)
		if err != nil {
			return nil, true, err
		}
		return &Date{moved}, true, nil
	case *Date:
		if op == value.OpSub && !reflected {
			return result(newDelta(ordinal(d.day)-ordinal(o.day), 0))
		}
	}
	return nil, false, nil
}

func moveDays(t time.Time, days int64) (time.Time, error) {
	if n := ordinal(t) + days; n < 1 || n > maxOrdinal {
		return t, overflow("date value out of range")
	}
	return t.AddDate(0, 0, int(days)), nil
}

const maxOrdinal = 3_652_059 // 9999-12-31

// ordinal counts days; that of 0001-01-01 is 1.
func ordinal(t time.Time) int64 {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return floorDiv(day.Unix(), secondsPerDay) + 719_163
}

func fromOrdinal(n int64) (time.Time, error) {
	if n < 1 || n > maxOrdinal {
		if n < 1 {
			return time.Time{}, value.Errorf("ValueError", "ordinal must be >= 1")
		}
		year := int64(10_000)
		if n < maxOrdinal*1000 {
			year = int64(time.Unix((n-719_163)*secondsPerDay, 0).UTC().Year())
		}
		return time.Time{}, value.Errorf("ValueError", "year %d is out of range", year)
	}
	return time.Unix((n-719_163)*secondsPerDay, 0).UTC(), nil
}

// Attr answers the parts and methods of a date.
func (d *Date) Attr(name string) (value.Value, bool) {
	switch name {
	case "isoformat":
		return method(name, nil, func([]value.Value) (value.Value, error) { return d.Str(), nil }), true
	case "strftime":
		return method(name, required("format"), func(args []value.Value) (value.Value, error) {
			format, err := text("strftime", args[0])
			if err != nil {
				return nil, err
			}
			s, err := strftime(d.day, nil, format)
			return s, err
		}), true
	case "replace":
		return method(name, []value.Param{value.Optional("year", int64(d.day.Year())), value.Optional("month", int64(d.day.Month())), value.Optional("day", int64(d.day.Day()))},
			makeDate), true
	}
	return dayAttr(d.day, name)
}

// dayAttr answers what dates and datetimes have in common.
func dayAttr(t time.Time, name string) (value.Value, bool) {
	var answer func() value.Value
	switch name {
	case "year":
		return int64(t.Year()), true
	case "month":
		return int64(t.Month()), true
	case "day":
		return int64(t.Day()), true
	case "weekday":
		answer = func() value.Value { return int64(t.Weekday()+6) % 7 }
	case "isoweekday":
		answer = func() value.Value { return int64(t.Weekday()+6)%7 + 1 }
	case "isocalendar":
		answer = func() value.Value { return isoCalendarOf(t) }
	case "toordinal":
		answer = func() value.Value { return ordinal(t) }
	case "ctime":
		answer = func() value.Value { return t.Format("Mon Jan _2 15:04:05 2006") }
	default:
		return nil, false
	}
	return method(name, nil, func([]value.Value) (value.Value, error) { return answer(), nil }), true
}

func makeDate(args []value.Value) (value.Value, error) {
	n, err := wholes(args)
	if err != nil {
		return nil, err
	}
	d, err := NewDate(n[0], n[1], n[2])
	if err != nil {
		return nil, err
	}
	return d, nil
}
