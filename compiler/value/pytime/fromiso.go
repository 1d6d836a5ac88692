package pytime

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

func invalidISO(s string) error {
	return value.Errorf("ValueError", "Invalid isoformat string: %s", value.Repr(s))
}

// digits reads exactly n digits at the start of s.
func digits(s string, n int) (int64, string, bool) {
	if len(s) < n {
		return 0, s, false
	}
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return 0, s, false
		}
	}
	v, err := strconv.ParseInt(s[:n], 10, 64)
	return v, s[n:], err == nil
}

// isoDate reads 2024-01-31, 20240131, 2024-W05-3 or 2024W053 at the start of
// s.
func isoDate(s string) (day time.Time, rest string, ok bool, err error) {
	year, rest, ok := digits(s, 4)
	if !ok {
		return day, s, false, nil
	}
	dashed := strings.HasPrefix(rest, "-")
	rest = strings.TrimPrefix(rest, "-")
	if strings.HasPrefix(rest, "W") {
		return isoWeekDate(year, rest[1:], dashed)
	}
	month, rest, ok := digits(rest, 2)
	if !ok || dashed && !strings.HasPrefix(rest, "-") {
		return day, s, false, nil
	}
	if dashed {
		rest = rest[1:]
	}
	n, rest, ok := digits(rest, 2)
	if !ok {
		return day, s, false, nil
	}
	if err := checkDay(year, month, n); err != nil {
		return day, s, false, err
	}
	return time.Date(int(year), time.Month(month), int(n), 0, 0, 0, 0, time.UTC), rest, true, nil
}

func isoWeekDate(year int64, s string, dashed bool) (day time.Time, rest string, ok bool, err error) {
	week, rest, ok := digits(s, 2)
	if !ok {
		return day, s, false, nil
	}
	weekday := int64(1)
	if dashed && strings.HasPrefix(rest, "-") || !dashed {
		if n, after, found := digits(strings.TrimPrefix(rest, "-"), 1); found {
			weekday, rest = n, after
		} else if dashed {
			return day, s, false, nil
		}
	}
	day, err = fromISOCalendar(year, week, weekday)
	return day, rest, err == nil, nil // Python does not say what is wrong with the week
}

func dateFromISO(s string) (*Date, error) {
	day, rest, ok, err := isoDate(s)
	if err != nil {
		return nil, err
	}
	if !ok || rest != "" {
		return nil, invalidISO(s)
	}
	return &Date{day}, nil
}

func dateTimeFromISO(s string) (*DateTime, error) {
	day, rest, ok, err := isoDate(s)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, invalidISO(s)
	}
	if rest == "" {
		return newDateTime(day, nil, 0), nil
	}
	_, size := utf8.DecodeRuneInString(rest) // any one character may stand between
	clock, ok, err := isoTime(rest[size:])
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, invalidISO(s)
	}
	return newDateTime(day.Add(time.Duration(clock.micros)*time.Microsecond), clock.zone, 0), nil
}

func clockFromISO(s string) (*Clock, error) {
	clock, ok, err := isoTime(strings.TrimPrefix(s, "T"))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, invalidISO(s)
	}
	return clock, nil
}

// isoTime reads 12, 12:30, 12:30:15.123456 or the same without colons, and an
// offset.
func isoTime(s string) (*Clock, bool, error) {
	clock, offset := s, ""
	if i := strings.IndexAny(s, "+-Z"); i >= 0 {
		clock, offset = s[:i], s[i:]
	}
	parts, ok := isoParts(clock)
	if !ok {
		return nil, false, nil
	}
	c, err := makeClock([]value.Value{parts[0], parts[1], parts[2], parts[3], nil, int64(0)})
	if err != nil {
		return nil, false, err
	}
	switch {
	case offset == "":
	case offset == "Z":
		c.zone = &Zone{}
	case offset[0] == 'Z':
		return nil, false, nil
	default:
		o, ok := isoParts(offset[1:])
		if !ok {
			return nil, false, nil
		}
		micros := ((o[0]*60+o[1])*60+o[2])*microsPerSecond + o[3]
		if micros >= microsPerDay {
			return nil, false, value.Errorf("ValueError", "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s.", deltaRepr(micros))
		}
		if offset[0] == '-' {
			micros = -micros
		}
		c.zone = &Zone{offset: micros}
	}
	return c, true, nil
}

// isoParts reads hours, minutes, seconds and microseconds.
func isoParts(s string) (parts [4]int64, ok bool) {
	var rest string
	if parts[0], rest, ok = digits(s, 2); !ok {
		return parts, false
	}
	colon := strings.HasPrefix(rest, ":")
	for i := 1; i < 3 && rest != ""; i++ {
		if rest[0] == '.' || rest[0] == ',' {
			return parts, false
		}
		if colon {
			if rest[0] != ':' {
				return parts, false
			}
			rest = rest[1:]
		}
		if parts[i], rest, ok = digits(rest, 2); !ok {
			return parts, false
		}
	}
	if rest == "" {
		return parts, true
	}
	if rest[0] != '.' && rest[0] != ',' || len(rest) < 2 {
		return parts, false
	}
	fraction := rest[1:]
	for i := range len(fraction) {
		if fraction[i] < '0' || fraction[i] > '9' {
			return parts, false
		}
	}
	n, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	parts[3] = n
	return parts, err == nil
}
