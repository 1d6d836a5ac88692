package pytime

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/chmod-sql/chmod/compiler/value"
)

// strptime reads written as the format says: Python turns the format into a
// regular expression, and so do we.
func strptime(written, format string) (*DateTime, error) {
	expression, err := strptimeExpression(format)
	if err != nil {
		return nil, err
	}
	found := expression.FindStringSubmatchIndex(written)
	if found == nil {
		return nil, value.Errorf("ValueError", "time data %s does not match format %s", value.Repr(written), value.Repr(format))
	}
	if found[1] != len(written) {
		return nil, value.Errorf("ValueError", "unconverted data remains: %s", written[found[1]:])
	}
	p := parsed{}
	for i, name := range expression.SubexpNames() {
		if name != "" && found[2*i] >= 0 {
			p[name] = written[found[2*i]:found[2*i+1]]
		}
	}
	return p.dateTime()
}

func strptimeExpression(format string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("(?is)^")
	for i := 0; i < len(format); {
		c := format[i]
		switch {
		case unicode.IsSpace(rune(c)):
			for i < len(format) && unicode.IsSpace(rune(format[i])) {
				i++
			}
			b.WriteString(`\s+`)
			continue
		case c != '%':
			end := strings.IndexFunc(format[i:], func(r rune) bool { return r == '%' || r < 0x80 && unicode.IsSpace(r) })
			if end < 0 {
				end = len(format) - i
			}
			b.WriteString(regexp.QuoteMeta(format[i : i+end]))
			i += end
			continue
		case i+1 == len(format):
			return nil, value.Errorf("ValueError", "stray %% in format '%s'", format)
		}
		part, ok := directiveExpression(format[i+1])
		if !ok {
			return nil, value.Errorf("ValueError", "'%c' is a bad directive in format '%s'", format[i+1], format)
		}
		b.WriteString(part)
		i += 2
	}
	expression, err := regexp.Compile(b.String())
	if err != nil { // a directive that comes twice has a group twice
		return nil, value.Errorf("error", "a directive comes twice in format '%s'", format)
	}
	return expression, nil
}

func directiveExpression(letter byte) (string, bool) {
	switch letter {
	case 'a':
		return `(?P<a>sun|mon|tue|wed|thu|fri|sat)`, true
	case 'A':
		return `(?P<A>sunday|monday|tuesday|wednesday|thursday|friday|saturday)`, true
	case 'b', 'h':
		return `(?P<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`, true
	case 'B':
		return `(?P<B>january|february|march|april|may|june|july|august|september|october|november|december)`, true
	case 'c':
		return both(`%a %b %d %H:%M:%S %Y`)
	case 'x':
		return both(`%m/%d/%y`)
	case 'X':
		return both(`%H:%M:%S`)
	case 'd':
		return `(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])`, true
	case 'f':
		return `(?P<f>[0-9]{1,6})`, true
	case 'H':
		return `(?P<H>2[0-3]|[0-1]\d|\d)`, true
	case 'I':
		return `(?P<I>1[0-2]|0[1-9]|[1-9])`, true
	case 'G':
		return `(?P<G>\d\d\d\d)`, true
	case 'j':
		return `(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])`, true
	case 'm':
		return `(?P<m>1[0-2]|0[1-9]|[1-9])`, true
	case 'M':
		return `(?P<M>[0-5]\d|\d)`, true
	case 'p':
		return `(?P<p>am|pm)`, true
	case 'S':
		return `(?P<S>6[0-1]|[0-5]\d|\d)`, true
	case 'U':
		return `(?P<U>5[0-3]|[0-4]\d|\d)`, true
	case 'W':
		return `(?P<W>5[0-3]|[0-4]\d|\d)`, true
	case 'u':
		return `(?P<u>[1-7])`, true
	case 'V':
		return `(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)`, true
	case 'w':
		return `(?P<w>[0-6])`, true
	case 'y':
		return `(?P<y>\d\d)`, true
	case 'Y':
		return `(?P<Y>\d\d\d\d)`, true
	case 'z':
		return `(?P<z>[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|z)`, true
	case 'Z':
		return `(?P<Z>utc|gmt)`, true
	case '%':
		return `%`, true
	}
	return "", false
}

// both is a directive that stands for several.
func both(format string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case '%':
			i++
			part, _ := directiveExpression(format[i])
			b.WriteString(part)
		case ' ':
			b.WriteString(`\s+`)
		default:
			b.WriteString(regexp.QuoteMeta(format[i : i+1]))
		}
	}
	return b.String(), true
}

// parsed is what each directive matched.
type parsed map[string]string

// number is a part as a number, or what stands for it when it is absent.
func (p parsed) number(name string, absent int64) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p[name]), 10, 64)
	if err != nil {
		return absent
	}
	return n
}

func (p parsed) has(name string) bool { _, ok := p[name]; return ok }

func (p parsed) dateTime() (*DateTime, error) {
	day, err := p.day()
	if err != nil {
		return nil, err
	}
	hour := p.number("H", 0)
	if p.has("I") && !p.has("H") {
		hour = p.number("I", 12) % 12
		if strings.EqualFold(p["p"], "pm") {
			hour += 12
		}
	}
	second := p.number("S", 0)
	if second > 59 { // leap seconds match, and are refused as datetime refuses them
		return nil, value.Errorf("ValueError", "second must be in 0..59")
	}
	micros, err := strconv.ParseInt((p["f"] + "000000")[:6], 10, 64)
	if err != nil {
		return nil, value.Errorf("ValueError", "invalid microseconds '%s'", p["f"])
	}
	micros += ((hour*60+p.number("M", 0))*60 + second) * microsPerSecond
	var z *Zone
	if p.has("z") {
		if z, err = zoneOf(p["z"]); err != nil {
			return nil, err
		}
	}
	return newDateTime(day.Add(time.Duration(micros)*time.Microsecond), z, 0), nil
}

// zoneOf reads +0200, +02:00 or Z.
func zoneOf(s string) (*Zone, error) {
	if strings.EqualFold(s, "z") {
		return &Zone{}, nil
	}
	sign := int64(1)
	if s[0] == '-' {
		sign = -1
	}
	whole, fraction, _ := strings.Cut(s[1:], ".")
	digits := strings.ReplaceAll(whole, ":", "") + "00"
	n, err := strconv.ParseInt(digits[:6], 10, 64)
	if err != nil {
		return nil, value.Errorf("ValueError", "invalid offset '%s'", s)
	}
	micros, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	if err != nil {
		return nil, value.Errorf("ValueError", "invalid offset '%s'", s)
	}
	offset := ((n/10000*60+n/100%100)*60+n%100)*microsPerSecond + micros
	if offset >= microsPerDay {
		return nil, value.Errorf("ValueError", "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s.", deltaRepr(sign*offset))
	}
	return &Zone{offset: sign * offset}, nil
}

// day works out the date from whichever parts there are.
func (p parsed) day() (time.Time, error) {
	year := p.number("Y", 1900)
	if p.has("y") && !p.has("Y") {
		year = p.number("y", 0) + 1900
		if year < 1969 {
			year += 100
		}
	}
	weekday := p.weekday()
	switch {
	case p.has("G") && p.has("V"):
		if weekday < 0 {
			return time.Time{}, value.Errorf("ValueError", "ISO year directive '%%G' must be used with the ISO week directive '%%V' and a weekday directive ('%%A', '%%a', '%%w', or '%%u').")
		}
		return fromISOCalendar(p.number("G", 0), p.number("V", 0), weekday+1)
	case p.has("j"):
		return moveDays(time.Date(int(year), 1, 1, 0, 0, 0, 0, time.UTC), p.number("j", 1)-1)
	case (p.has("U") || p.has("W")) && weekday >= 0 && (p.has("Y") || p.has("y")):
		return p.weekOfYear(year, weekday)
	}
	month := p.number("m", 1)
	for i := range 12 {
		name := time.Month(i + 1).String()
		if strings.EqualFold(p["B"], name) || strings.EqualFold(p["b"], name[:3]) {
			month = int64(i + 1)
		}
	}
	day := p.number("d", 1)
	if err := checkDay(year, month, day); err != nil {
		return time.Time{}, err
	}
	return time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC), nil
}

// weekday counts from Monday, 0; -1 when it is not known.
func (p parsed) weekday() int64 {
	switch {
	case p.has("u"):
		return p.number("u", 1) - 1
	case p.has("w"):
		return (p.number("w", 0) + 6) % 7
	}
	for i := range 7 {
		name := time.Weekday(i).String()
		if strings.EqualFold(p["A"], name) || strings.EqualFold(p["a"], name[:3]) {
			return int64(i+6) % 7
		}
	}
	return -1
}

// weekOfYear is a day of a week that is counted from the year's first Sunday
// or Monday.
func (p parsed) weekOfYear(year, weekday int64) (time.Time, error) {
	first := time.Date(int(year), 1, 1, 0, 0, 0, 0, time.UTC)
	start := int64(first.Weekday()+6) % 7 // from Monday
	week := p.number("W", 0)
	if p.has("U") {
		week, start, weekday = p.number("U", 0), int64(first.Weekday()), (weekday+1)%7
	}
	if week == 0 {
		return moveDays(first, weekday-start)
	}
	return moveDays(first, (7-start)%7+7*(week-1)+weekday)
}

func deltaRepr(offset int64) string { return micros(offset).Repr() }
