package yaml

import (
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Date is a date written without quotes: datetime.date in Python.
type Date struct {
	Year, Month, Day int
}

// TypeName is "date".
func (d Date) TypeName() string { return "date" }

// Attr answers year, month and day.
func (d Date) Attr(name string) (value.Value, bool) {
	switch name {
	case "year":
		return int64(d.Year), true
	case "month":
		return int64(d.Month), true
	case "day":
		return int64(d.Day), true
	}
	return nil, false
}

// Str is the date as ISO 8601 writes it.
func (d Date) Str() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// String is Str, for printing.
func (d Date) String() string { return d.Str() }

// Repr is how Python shows it.
func (d Date) Repr() string { return fmt.Sprintf("datetime.date(%d, %d, %d)", d.Year, d.Month, d.Day) }

// Timestamp is a date with a time: datetime.datetime in Python.
type Timestamp struct {
	Time time.Time
	// Zoned tells whether a zone was written; without, Time is in UTC.
	Zoned bool
}

// TypeName is "datetime".
func (t Timestamp) TypeName() string { return "datetime" }

// Attr answers year, month, day, hour, minute, second and microsecond.
func (t Timestamp) Attr(name string) (value.Value, bool) {
	switch name {
	case "year":
		return int64(t.Time.Year()), true
	case "month":
		return int64(t.Time.Month()), true
	case "day":
		return int64(t.Time.Day()), true
	case "hour":
		return int64(t.Time.Hour()), true
	case "minute":
		return int64(t.Time.Minute()), true
	case "second":
		return int64(t.Time.Second()), true
	case "microsecond":
		return int64(t.Time.Nanosecond() / 1000), true
	}
	return nil, false
}

// Str is str() of a datetime.
func (t Timestamp) Str() string {
	layout := "2006-01-02 15:04:05"
	if t.Time.Nanosecond() != 0 {
		layout += ".000000"
	}
	if t.Zoned {
		layout += "-07:00"
	}
	return t.Time.Format(layout)
}

// String is Str, for printing.
func (t Timestamp) String() string { return t.Str() }

// timestamp reads 2001-12-14, 2001-12-14t21:59:43.10-05:00 and the like;
// false when the text is no such thing, an error when there is no such day.
func timestamp(text string) (value.Value, bool, error) {
	var year, month, day int
	rest := text
	if !take(&rest, &year, 4, 4) || !eat(&rest, "-") {
		return nil, false, nil
	}
	if len(text) == 10 && take(&rest, &month, 2, 2) && eat(&rest, "-") && take(&rest, &day, 2, 2) {
		return Date{year, month, day}, true, valid(text, year, month, day, 0, 0, 0)
	}
	rest = text[5:]
	if !take(&rest, &month, 1, 2) || !eat(&rest, "-") || !take(&rest, &day, 1, 2) {
		return nil, false, nil
	}
	if !eat(&rest, "T") && !eat(&rest, "t") {
		trimmed := strings.TrimLeft(rest, " \t")
		if trimmed == rest {
			return nil, false, nil
		}
		rest = trimmed
	}
	var hour, minute, second, nano int
	if !take(&rest, &hour, 1, 2) || !eat(&rest, ":") || !take(&rest, &minute, 2, 2) || !eat(&rest, ":") || !take(&rest, &second, 2, 2) {
		return nil, false, nil
	}
	if eat(&rest, ".") {
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		for _, c := range (rest[:n] + "000000")[:6] {
			nano = nano*10 + int(c-'0')
		}
		nano *= 1000
		rest = rest[n:]
	}
	zone, zoned, ok := zone(strings.TrimLeft(rest, " \t"))
	if !ok || rest != "" && !zoned {
		return nil, false, nil
	}
	err := valid(text, year, month, day, hour, minute, second)
	return Timestamp{Time: time.Date(year, time.Month(month), day, hour, minute, second, nano, zone), Zoned: zoned}, true, err
}

func zone(text string) (*time.Location, bool, bool) {
	switch text {
	case "":
		return time.UTC, false, true
	case "Z":
		return time.UTC, true, true
	}
	sign, rest := 1, text
	switch {
	case eat(&rest, "+"):
	case eat(&rest, "-"):
		sign = -1
	default:
		return nil, false, false
	}
	var hours, minutes int
	if !take(&rest, &hours, 1, 2) || eat(&rest, ":") && !take(&rest, &minutes, 2, 2) || rest != "" || hours > 23 {
		return nil, false, false
	}
	return time.FixedZone("", sign*(hours*3600+minutes*60)), true, true
}

func valid(text string, year, month, day, hour, minute, second int) error {
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if year == 0 || t.Year() != year || int(t.Month()) != month || t.Day() != day || t.Hour() != hour || t.Minute() != minute || t.Second() != second {
		return fmt.Errorf("%s is a date that does not exist", text)
	}
	return nil
}

// take reads a number of least to most digits off the front.
func take(s *string, into *int, least, most int) bool {
	n, v := 0, 0
	for n < len(*s) && n < most && digit((*s)[n]) {
		v = v*10 + int((*s)[n]-'0')
		n++
	}
	if n < least {
		return false
	}
	*s, *into = (*s)[n:], v
	return true
}

func eat(s *string, prefix string) bool {
	if !strings.HasPrefix(*s, prefix) {
		return false
	}
	*s = (*s)[len(prefix):]
	return true
}
