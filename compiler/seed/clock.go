package seed

import "time"

// parseTime reads 2006-01-02, optionally followed by a space or T and a time
// of day with a fraction of up to nine digits and an offset or Z. fraction is
// the number of those digits.
func parseTime(text []byte, location *time.Location) (t time.Time, fraction int, ok bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return t, 0, false
	}
	year, ok1 := pair(text, 0)
	years, ok2 := pair(text, 2)
	month, ok3 := pair(text, 5)
	day, ok4 := pair(text, 8)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return t, 0, false
	}
	year = 100*year + years
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return t, 0, false
	}
	if len(text) == 10 {
		return instant(year, month, day, 0, 0, location), 0, true
	}
	if len(text) < 19 || text[10] != ' ' && text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return t, 0, false
	}
	hour, ok1 := pair(text, 11)
	minute, ok2 := pair(text, 14)
	second, ok3 := pair(text, 17)
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return t, 0, false
	}
	rest := text[19:]
	nanos := 0
	if len(rest) > 0 && rest[0] == '.' {
		end := digits(rest, 1)
		fraction = end - 1
		if fraction == 0 || fraction > 9 {
			return t, 0, false
		}
		for i := range 9 {
			nanos *= 10
			if i < fraction {
				nanos += int(rest[1+i] - '0')
			}
		}
		rest = rest[end:]
	}
	if len(rest) > 0 {
		if location, ok = offset(rest); !ok {
			return t, 0, false
		}
	}
	return instant(year, month, day, 3600*hour+60*minute+second, nanos, location), fraction, true
}

// instant is time.Date for a valid day, and faster in UTC.
func instant(year, month, day, seconds, nanos int, location *time.Location) time.Time {
	if location != time.UTC {
		return time.Date(year, time.Month(month), day, 0, 0, seconds, nanos, location)
	}
	// Years from March on, so that the leap day is the last.
	if month <= 2 {
		year--
		month += 12
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
	return time.Unix(int64(days)*86400+int64(seconds), int64(nanos)).UTC()
}

// offset reads Z, +02, +0200 or +02:00.
func offset(text []byte) (*time.Location, bool) {
	if len(text) == 1 && (text[0] == 'Z' || text[0] == 'z') {
		return time.UTC, true
	}
	if len(text) < 3 || text[0] != '+' && text[0] != '-' {
		return nil, false
	}
	hours, ok := pair(text, 1)
	minutes := 0
	switch rest := text[3:]; {
	case !ok:
	case len(rest) == 2:
		minutes, ok = pair(rest, 0)
	case len(rest) == 3 && rest[0] == ':':
		minutes, ok = pair(rest, 1)
	case len(rest) != 0:
		ok = false
	}
	if !ok || hours > 14 || minutes > 59 {
		return nil, false
	}
	seconds := 3600*hours + 60*minutes
	if seconds == 0 {
		return time.UTC, true
	}
	if text[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

// pair reads two digits.
func pair(text []byte, at int) (int, bool) {
	a, b := text[at]-'0', text[at+1]-'0'
	return 10*int(a) + int(b), a <= 9 && b <= 9
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// span is from the earliest to the latest of some times. The zero span has
// none.
type span struct{ first, last time.Time }

func (s *span) add(t time.Time) {
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if s.last.IsZero() || t.After(s.last) {
		s.last = t
	}
}

func (s span) within(from, to time.Time) bool { return !s.first.Before(from) && !s.last.After(to) }

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
