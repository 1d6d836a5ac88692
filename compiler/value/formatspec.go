package value

import (
	"strings"
	"unicode/utf8"
)

// spec is Python's format specification, as in {:>10,.2f}.
type spec struct {
	fill      string
	align     byte // one of < > = ^, or 0
	sign      byte // one of + - space, or 0
	noNegZero bool // z
	alternate bool // #
	zero      bool // 0 before the width
	width     int
	group     byte // , or _, or 0
	precision int  // -1 when absent
	kind      rune // 0 when absent
}

// maxPrecision bounds digits after the point: working them out costs time.
const maxPrecision = 1 << 20

func parseSpec(text, class string) (spec, error) {
	s := spec{precision: -1}
	rest := text
	if _, size := utf8.DecodeRuneInString(rest); size > 0 && len(rest) > size && strings.IndexByte("<>=^", rest[size]) >= 0 {
		s.fill, s.align, rest = rest[:size], rest[size], rest[size+1:]
	} else if rest != "" && strings.IndexByte("<>=^", rest[0]) >= 0 {
		s.align, rest = rest[0], rest[1:]
	}
	take := func(set string) byte {
		if rest == "" || strings.IndexByte(set, rest[0]) < 0 {
			return 0
		}
		c := rest[0]
		rest = rest[1:]
		return c
	}
	s.sign = take("+- ")
	s.noNegZero = take("z") != 0
	s.alternate = take("#") != 0
	if s.fill == "" && take("0") != 0 {
		s.zero, s.fill = true, "0"
		if s.align == 0 && class != "str" {
			s.align = '='
		}
	}
	var err error
	if s.width, rest, err = specNumber(rest); err != nil {
		return s, err
	}
	s.width = max(s.width, 0)
	s.group = take(",")
	if take("_") != 0 {
		if s.group != 0 {
			return s, Errorf("ValueError", "Cannot specify both ',' and '_'.")
		}
		s.group = '_'
	}
	if s.group != 0 && take(",") != 0 {
		if s.group == '_' {
			return s, Errorf("ValueError", "Cannot specify both ',' and '_'.")
		}
		return s, Errorf("ValueError", "Cannot specify ',' with ','.")
	}
	if take(".") != 0 {
		if s.precision, rest, err = specNumber(rest); err != nil {
			return s, err
		}
		if s.precision < 0 {
			return s, Errorf("ValueError", "Format specifier missing precision")
		}
	}
	kind, size := utf8.DecodeRuneInString(rest)
	if len(rest) > size {
		return s, Errorf("ValueError", "Invalid format specifier '%s' for object of type '%s'", text, class)
	}
	if size > 0 {
		s.kind = kind
	}
	if s.kind == 0 && class == "str" {
		s.kind = 's'
	}
	if s.group != 0 && !s.groups() {
		return s, s.cannotGroup()
	}
	return s, nil
}

// groups reports whether the kind of presentation has groups of digits.
func (s spec) groups() bool {
	switch s.kind {
	case 0, 'd', 'e', 'f', 'g', 'E', 'G', '%', 'F':
		return true
	case 'b', 'o', 'x', 'X':
		return s.group == '_'
	}
	return false
}

func (s spec) cannotGroup() error {
	if s.kind > 32 && s.kind < 128 {
		return Errorf("ValueError", "Cannot specify '%c' with '%c'.", s.group, s.kind)
	}
	return Errorf("ValueError", "Cannot specify '%c' with '\\x%x'.", s.group, s.kind)
}

// specNumber reads digits; -1 when there are none.
func specNumber(rest string) (int, string, error) {
	n, i := 0, 0
	for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
		n = n*10 + int(rest[i]-'0')
		if n > 1<<40 {
			return 0, rest, Errorf("ValueError", "Too many decimal digits in format string")
		}
		i++
	}
	if i == 0 {
		return -1, rest, nil
	}
	return n, rest[i:], nil
}

// lay puts body, which may start with a sign or prefix of head bytes, into the
// width. Zeros and other fill of "=" go behind the head.
func (s spec) lay(body string, head int, standard byte) (string, error) {
	missing := s.width - utf8.RuneCountInString(body)
	if missing <= 0 {
		return body, nil
	}
	fill := s.fill
	if fill == "" {
		fill = " "
	}
	if !fits(len(fill), missing) || len(body)+missing*len(fill) > maxBytes {
		return "", tooLarge("string")
	}
	align := s.align
	if align == 0 {
		align = standard
	}
	left := 0
	switch align {
	case '>':
		left = missing
	case '^':
		left = missing / 2
	case '=':
		return body[:head] + strings.Repeat(fill, missing) + body[head:], nil
	}
	return strings.Repeat(fill, left) + body + strings.Repeat(fill, missing-left), nil
}
