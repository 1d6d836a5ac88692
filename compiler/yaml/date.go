package yaml

import (
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// timestamp reads 2001-12-14, 2001-12-14t21:59:43.10-05:00 and the like;
// false when the text is no such thing, an error when there is no such day.
func timestamp(text string) (value.Value, bool, error) {
	var year, month, day int
	rest := text
	if !take(&rest, &year, 4, 4) || !eat(&rest, "-") {
		return nil, false, nil
	}
	if len(text) == 10 && take(&rest, &month, 2, 2) && eat(&rest, "-") && take(&rest, &day, 2, 2) {
		if err := valid(text, year, month, day, 0, 0, 0); err != nil {
			return nil, true, err
		}
		d, err := pytime.NewDate(int64(year), int64(month), int64(day))
		return d, true, err
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
	offset, ok := offset(strings.TrimLeft(rest, " \t"))
	if !ok || rest != "" && offset == nil {
		return nil, false, nil
	}
	if err := valid(text, year, month, day, hour, minute, second); err != nil {
		return nil, true, err
	}
	return pytime.Written(time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC), offset), true, nil
}

// offset reads the distance from UTC; nil when none is written.
func offset(text string) (*time.Duration, bool) {
	var distance time.Duration
	switch text {
	case "":
		return nil, true
	case "Z":
		return &distance, true
	}
	sign, rest := 1, text
	switch {
	case eat(&rest, "+"):
	case eat(&rest, "-"):
		sign = -1
	default:
		return nil, false
	}
	var hours, minutes int
	if !take(&rest, &hours, 1, 2) || eat(&rest, ":") && !take(&rest, &minutes, 2, 2) || rest != "" || hours > 23 {
		return nil, false
	}
	distance = time.Duration(sign*(hours*60+minutes)) * time.Minute
	return &distance, true
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
