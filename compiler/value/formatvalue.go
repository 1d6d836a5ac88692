package value

import (
	"math/big"
	"unicode/utf8"
)

// Format is Python's format(v, specification).
func Format(v Value, specification string) (string, error) {
	if specification == "" {
		return Str(v), Check(v)
	}
	switch v := v.(type) {
	case string:
		return formatText(v, specification)
	case bool, int64, *big.Int:
		return formatInt(v, specification)
	case float64:
		s, err := parseSpec(specification, "float")
		if err != nil {
			return "", err
		}
		return formatReal(v, s, "float")
	case Formatter:
		return v.Format(specification)
	}
	return "", Errorf("TypeError", "unsupported format string passed to %s.__format__", TypeName(v))
}

func unknownCode(kind rune, class string) error {
	if kind > 32 && kind < 128 {
		return Errorf("ValueError", "Unknown format code '%c' for object of type '%s'", kind, class)
	}
	return Errorf("ValueError", "Unknown format code '\\x%x' for object of type '%s'", kind, class)
}

func formatText(text, specification string) (string, error) {
	s, err := parseSpec(specification, "str")
	if err != nil {
		return "", err
	}
	switch {
	case s.kind != 's':
		return "", unknownCode(s.kind, "str")
	case s.sign == ' ':
		return "", Errorf("ValueError", "Space not allowed in string format specifier")
	case s.sign != 0:
		return "", Errorf("ValueError", "Sign not allowed in string format specifier")
	case s.noNegZero:
		return "", Errorf("ValueError", "Negative zero coercion (z) not allowed in string format specifier")
	case s.alternate:
		return "", Errorf("ValueError", "Alternate form (#) not allowed in string format specifier")
	case s.align == '=':
		return "", Errorf("ValueError", "'=' alignment not allowed in string format specifier")
	}
	if s.precision >= 0 && s.precision < utf8.RuneCountInString(text) {
		text = text[:offsetOf(text, s.precision)]
	}
	return s.lay(text, 0, '<')
}
