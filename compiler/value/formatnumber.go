package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

func formatInt(v Value, specification string) (string, error) {
	s, err := parseSpec(specification, "int")
	if err != nil {
		return "", err
	}
	n := bigOf(v)
	base, prefix := 10, ""
	switch s.kind {
	case 0, 'd', 'n':
	case 'b':
		base, prefix = 2, "0b"
	case 'o':
		base, prefix = 8, "0o"
	case 'x':
		base, prefix = 16, "0x"
	case 'X':
		base, prefix = 16, "0X"
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		num, _ := numberOf(v)
		f, err := num.float()
		if err != nil {
			return "", err
		}
		return formatReal(f, s, "int")
	case 'c':
		return formatChar(n, s)
	default:
		class := TypeName(v)
		return "", unknownCode(s.kind, class)
	}
	switch {
	case s.precision >= 0:
		return "", Errorf("ValueError", "Precision not allowed in integer format specifier")
	case s.noNegZero:
		return "", Errorf("ValueError", "Negative zero coercion (z) not allowed in integer format specifier")
	}
	digits := new(big.Int).Abs(n).Text(base)
	if s.kind == 'X' {
		digits = strings.ToUpper(digits)
	}
	if !s.alternate {
		prefix = ""
	}
	size := 3
	if base != 10 {
		size = 4
	}
	return s.number(n.Sign() < 0, prefix, digits, "", size)
}

func formatChar(n *big.Int, s spec) (string, error) {
	switch {
	case s.precision >= 0:
		return "", Errorf("ValueError", "Precision not allowed in integer format specifier")
	case s.noNegZero:
		return "", Errorf("ValueError", "Negative zero coercion (z) not allowed in integer format specifier")
	case s.sign != 0:
		return "", Errorf("ValueError", "Sign not allowed with integer format specifier 'c'")
	case s.alternate:
		return "", Errorf("ValueError", "Alternate form (#) not allowed with integer format specifier 'c'")
	case !n.IsInt64():
		return "", Errorf("OverflowError", "Python int too large to convert to C long")
	case n.Int64() < 0 || n.Int64() > 0x10ffff:
		return "", Errorf("OverflowError", "%%c arg not in range(0x110000)")
	}
	return s.lay(string(rune(n.Int64())), 0, '<')
}

// number puts sign, prefix, digits in groups and the rest together.
func (s spec) number(negative bool, prefix, digits, rest string, size int) (string, error) {
	head := ""
	switch {
	case negative:
		head = "-"
	case s.sign == '+' || s.sign == ' ':
		head = string(s.sign)
	}
	head += prefix
	if s.group != 0 {
		least := 0
		if s.align == '=' && s.fill == "0" {
			least = s.width - len(head) - len(rest)
		}
		if !fits(2, least) {
			return "", tooLarge("string")
		}
		digits = grouped(digits, s.group, size, least)
	}
	return s.lay(head+digits+rest, len(head), '>')
}

// grouped puts separators between digits, and zeros before them until they
// are at least so long.
func grouped(digits string, separator byte, size, least int) string {
	count := len(digits)
	if length := count + (count-1)/size; length < least {
		count = least - least/(size+1)
		if count+(count-1)/size < least {
			count++
		}
	}
	digits = strings.Repeat("0", max(count-len(digits), 0)) + digits
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%size == 0 {
			b.WriteByte(separator)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

func formatReal(f float64, s spec, class string) (string, error) {
	if s.precision > maxPrecision {
		return "", tooLarge("precision")
	}
	percent := ""
	kind, precision := s.kind, s.precision
	switch kind {
	case 0:
		if precision < 0 {
			kind = 'r'
		}
	case 'n':
		kind = 'g'
	case '%':
		f, kind, percent = f*100, 'f', "%"
	case 'e', 'E', 'f', 'F', 'g', 'G':
	default:
		return "", unknownCode(kind, class)
	}
	if precision < 0 {
		precision = 6
	}
	text := realText(math.Abs(f), kind, precision, s.alternate) + percent
	negative := math.Signbit(f) && !math.IsNaN(f)
	if s.noNegZero && isZero(text) {
		negative = false
	}
	whole := 0
	for whole < len(text) && text[whole] >= '0' && text[whole] <= '9' {
		whole++
	}
	if whole == 0 { // inf and nan have no digits to group
		s.group = 0
	}
	return s.number(negative, "", text[:whole], text[whole:], 3)
}

// isZero reports whether a written number is, as far as it is written.
func isZero(text string) bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	return strings.Trim(mantissa, "0.%") == ""
}

// realText writes f, which is not negative, as C's printf does; kind r is
// Python's repr and 0 its format with a precision alone.
func realText(f float64, kind rune, precision int, alternate bool) string {
	var s string
	switch {
	case math.IsInf(f, 0):
		s = "inf"
	case math.IsNaN(f):
		s = "nan"
	case kind == 'e' || kind == 'E':
		s = strconv.FormatFloat(f, 'e', precision, 64)
		if alternate && precision == 0 {
			s = strings.Replace(s, "e", ".e", 1)
		}
	case kind == 'f' || kind == 'F':
		s = strconv.FormatFloat(f, 'f', precision, 64)
		if alternate && precision == 0 {
			s += "."
		}
	case kind == 'r':
		s = floatText(f)
		if alternate && !strings.Contains(s, ".") {
			s = strings.Replace(s, "e", ".e", 1)
		}
	default:
		s = generalText(f, max(precision, 1), alternate, kind == 0)
	}
	if kind == 'E' || kind == 'F' || kind == 'G' {
		s = strings.ToUpper(s)
	}
	return s
}

// generalText is %g: so many digits, with an exponent when they do not reach
// the point; asReal keeps a digit behind the point, as repr does.
func generalText(f float64, precision int, alternate, asReal bool) string {
	scientific := strconv.FormatFloat(f, 'e', precision-1, 64)
	at := strings.IndexByte(scientific, 'e')
	exponent, err := strconv.Atoi(scientific[at+1:])
	if err != nil {
		return scientific // cannot be: strconv wrote it
	}
	digits := strings.Replace(scientific[:at], ".", "", 1)
	limit := precision
	if asReal {
		limit--
	}
	trim := func(s string) string {
		if !alternate && strings.Contains(s, ".") {
			s = strings.TrimRight(s, "0")
			s = strings.TrimSuffix(s, ".")
		}
		return s
	}
	if exponent < -4 || exponent >= limit {
		mantissa := digits[:1] + "." + digits[1:]
		return trim(mantissa) + scientific[at:]
	}
	switch {
	case exponent < 0:
		digits = "0." + strings.Repeat("0", -exponent-1) + digits
	case exponent+1 < len(digits):
		digits = digits[:exponent+1] + "." + digits[exponent+1:]
	default:
		digits += strings.Repeat("0", exponent+1-len(digits)) + "."
	}
	digits = trim(digits)
	if asReal && !strings.Contains(digits, ".") {
		digits += ".0"
	}
	return digits
}
