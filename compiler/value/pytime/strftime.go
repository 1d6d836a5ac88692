package pytime

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// maxWidth bounds the width in %100d: more is not a date.
const maxWidth = 1000

// strftime writes t as C's strftime does in the C locale, with the flags and
// widths of glibc (%-d, %_H, %^a).
func strftime(t time.Time, z *Zone, format string) (string, error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 == len(format) {
			b.WriteString(format)
			return b.String(), nil
		}
		b.WriteString(format[:i])
		rest := format[i+1:]
		d := directive{}
		for rest != "" && strings.IndexByte("-_0^#", rest[0]) >= 0 {
			switch rest[0] {
			case '^':
				d.upper = true
			case '#':
				d.swap = true
			default:
				d.pad = rest[0]
			}
			rest = rest[1:]
		}
		for rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			if d.width = d.width*10 + int(rest[0]-'0'); d.width > maxWidth {
				return "", value.Errorf("ValueError", "the width in a date format is too large")
			}
			rest = rest[1:]
		}
		if rest == "" {
			b.WriteString(format[i:])
			return b.String(), nil
		}
		if text, ok := d.write(t, z, rest[0]); ok {
			b.WriteString(text)
		} else {
			b.WriteString(format[i : len(format)-len(rest)+1])
		}
		format = rest[1:]
		if b.Len() > 1<<24 {
			return "", value.Errorf("MemoryError", "the date is too long")
		}
	}
}

// directive is what stands between % and the letter.
type directive struct {
	pad         byte // - for none, _ for spaces, 0 for zeros; 0 when not said
	upper, swap bool
	width       int
}

func (d directive) number(n, width int, pad byte) string {
	if d.pad != 0 {
		pad = d.pad
	}
	if d.width > 0 {
		width = d.width
	}
	digits := strconv.Itoa(n)
	fill := "0"
	switch pad {
	case '-':
		return digits
	case '_':
		fill = " "
	}
	return strings.Repeat(fill, max(width-len(digits), 0)) + digits
}

func (d directive) text(s string) string {
	if d.upper || d.swap {
		s = strings.ToUpper(s)
	}
	fill := " "
	if d.pad == '0' {
		fill = "0"
	}
	return strings.Repeat(fill, max(d.width-len(s), 0)) + s
}

func hour12(t time.Time) int { return (t.Hour()+11)%12 + 1 }

// write answers one letter; false for one that C does not know.
func (d directive) write(t time.Time, z *Zone, letter byte) (string, bool) {
	isoYear, isoWeek := t.ISOWeek()
	weekday := int(t.Weekday())
	switch letter {
	case 'a':
		return d.text(t.Format("Mon")), true
	case 'A':
		return d.text(t.Format("Monday")), true
	case 'b', 'h':
		return d.text(t.Format("Jan")), true
	case 'B':
		return d.text(t.Format("January")), true
	case 'c':
		return d.text(t.Format("Mon Jan _2 15:04:05 ") + strconv.Itoa(t.Year())), true
	case 'C':
		return d.number(t.Year()/100, 2, '0'), true
	case 'd':
		return d.number(t.Day(), 2, '0'), true
	case 'D', 'x':
		return d.text(t.Format("01/02/06")), true
	case 'e':
		return d.number(t.Day(), 2, '_'), true
	case 'f':
		return fmt.Sprintf("%06d", t.Nanosecond()/1000), true
	case 'F':
		return d.text(strconv.Itoa(t.Year()) + t.Format("-01-02")), true
	case 'g':
		return d.number(isoYear%100, 2, '0'), true
	case 'G':
		return d.number(isoYear, 0, '0'), true
	case 'H':
		return d.number(t.Hour(), 2, '0'), true
	case 'I':
		return d.number(hour12(t), 2, '0'), true
	case 'j':
		return d.number(t.YearDay(), 3, '0'), true
	case 'k':
		return d.number(t.Hour(), 2, '_'), true
	case 'l':
		return d.number(hour12(t), 2, '_'), true
	case 'm':
		return d.number(int(t.Month()), 2, '0'), true
	case 'M':
		return d.number(t.Minute(), 2, '0'), true
	case 'n':
		return "\n", true
	case 'p':
		if d.swap {
			return strings.ToLower(t.Format("PM")), true
		}
		return d.text(t.Format("PM")), true
	case 'P':
		return d.text(strings.ToLower(t.Format("PM"))), true
	case 'r':
		return d.text(t.Format("03:04:05 PM")), true
	case 'R':
		return d.text(t.Format("15:04")), true
	case 's':
		return d.number(int(t.Unix()), 0, '0'), true
	case 'S':
		return d.number(t.Second(), 2, '0'), true
	case 't':
		return "\t", true
	case 'T', 'X':
		return d.text(t.Format("15:04:05")), true
	case 'u':
		return d.number((weekday+6)%7+1, 1, '0'), true
	case 'U':
		return d.number((t.YearDay()+6-weekday)/7, 2, '0'), true
	case 'V':
		return d.number(isoWeek, 2, '0'), true
	case 'w':
		return d.number(weekday, 1, '0'), true
	case 'W':
		return d.number((t.YearDay()+6-(weekday+6)%7)/7, 2, '0'), true
	case 'y':
		return d.number(t.Year()%100, 2, '0'), true
	case 'Y':
		return d.number(t.Year(), 0, '0'), true
	case 'z':
		if z == nil {
			return "", true
		}
		return offsetText(z.offset, ""), true
	case 'Z':
		if z == nil {
			return "", true
		}
		return z.name(), true
	case '%':
		return "%", true
	}
	return "", false
}
