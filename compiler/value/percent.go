package value

import (
	"math/big"
	"strings"
	"unicode/utf8"
)

// percent is format % args.
func percent(format string, args Value) (Value, error) {
	p := percenter{text: format, single: args}
	if t, ok := tupleOf(args); ok {
		p.args = t.Elems
	} else {
		p.args = []Value{args}
		switch args.(type) {
		case *Dict, *List, *Undefined, Indexer:
			p.mapping = true
		}
	}
	for p.at < len(format) {
		i := strings.IndexByte(format[p.at:], '%')
		if i < 0 {
			i = len(format) - p.at
		}
		p.out.WriteString(format[p.at : p.at+i])
		p.at += i
		if p.at < len(format) {
			if err := p.directive(); err != nil {
				return nil, err
			}
		}
		if p.out.Len() > maxBytes {
			return nil, tooLarge("string")
		}
	}
	if p.used < len(p.args) && !p.mapping {
		return nil, Errorf("TypeError", "not all arguments converted during string formatting")
	}
	return p.out.String(), nil
}

type percenter struct {
	text    string
	at      int
	out     strings.Builder
	args    []Value
	used    int
	single  Value // what stands behind %
	mapping bool  // it may be asked for %(name)s
}

func (p *percenter) arg() (Value, error) {
	if p.used >= len(p.args) {
		return nil, Errorf("TypeError", "not enough arguments for format string")
	}
	p.used++
	return p.args[p.used-1], nil
}

// peek is the byte to be read; 0 at the end.
func (p *percenter) peek() byte {
	if p.at >= len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *percenter) directive() error {
	p.at++
	if p.peek() == '%' {
		p.at++
		p.out.WriteByte('%')
		return nil
	}
	s := spec{precision: -1}
	if p.peek() == '(' {
		if err := p.key(); err != nil {
			return err
		}
	}
	left := false
	for flag := true; flag; {
		switch p.peek() {
		case '-':
			left = true
		case '+':
			s.sign = '+'
		case ' ':
			if s.sign == 0 {
				s.sign = ' '
			}
		case '#':
			s.alternate = true
		case '0':
			s.zero = true
		default:
			flag = false
			continue
		}
		p.at++
	}
	width, err := p.number("width")
	if err != nil {
		return err
	}
	if width < 0 { // as -* would
		left, width = true, -width
	}
	s.width = width
	if p.peek() == '.' {
		p.at++
		precision, err := p.number("precision")
		if err != nil {
			return err
		}
		s.precision = max(precision, 0)
	}
	if c := p.peek(); c == 'h' || c == 'l' || c == 'L' {
		p.at++
	}
	if p.at >= len(p.text) {
		return Errorf("ValueError", "incomplete format")
	}
	kind, size := utf8.DecodeRuneInString(p.text[p.at:])
	at := p.at
	p.at += size
	v, err := p.arg()
	if err != nil {
		return err
	}
	if left {
		s.align, s.zero = '<', false
	}
	text, err := s.percent(kind, v, utf8.RuneCountInString(p.text[:at]))
	if err != nil {
		return err
	}
	p.out.WriteString(text)
	return nil
}

func (p *percenter) key() error {
	if !p.mapping {
		return Errorf("TypeError", "format requires a mapping")
	}
	start, open := p.at+1, 0
	for ; p.at < len(p.text); p.at++ {
		switch p.text[p.at] {
		case '(':
			open++
		case ')':
			open--
		}
		if open == 0 {
			break
		}
	}
	if open > 0 {
		return Errorf("ValueError", "incomplete format key")
	}
	v, err := Subscript(p.single, p.text[start:p.at])
	if err != nil {
		return err
	}
	p.at++
	p.args, p.used = []Value{v}, 0
	return nil
}

// number reads a width or a precision, which may be * and stand among the
// arguments; 0 when there is none.
func (p *percenter) number(what string) (int, error) {
	if p.peek() != '*' {
		n, rest, err := specNumber(p.text[p.at:])
		if err != nil {
			return 0, Errorf("ValueError", "%s too big", what)
		}
		p.at = len(p.text) - len(rest)
		return max(n, 0), nil
	}
	p.at++
	v, err := p.arg()
	if err != nil {
		return 0, err
	}
	n, ok := AsInt(v)
	if !ok {
		return 0, Errorf("TypeError", "* wants int")
	}
	return int(min(max(n, -1<<40), 1<<40)), nil
}

// percent writes one value; at is where its kind stands in the format.
func (s spec) percent(kind rune, v Value, at int) (string, error) {
	switch kind {
	case 's', 'r', 'a':
		text := ""
		switch kind {
		case 's':
			if err := Check(v); err != nil {
				return "", err
			}
			text = Str(v)
		case 'r':
			text = Repr(v)
		default:
			text = asciiRepr(v)
		}
		if s.precision >= 0 && s.precision < utf8.RuneCountInString(text) {
			text = text[:offsetOf(text, s.precision)]
		}
		return s.lay(text, 0, '>')
	case 'c':
		text, err := percentChar(v)
		if err != nil {
			return "", err
		}
		return s.lay(text, 0, '>')
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return s.percentInt(kind, v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		n, ok := numberOf(v)
		if u, undefined := v.(*Undefined); undefined {
			return "", u.Fail()
		}
		if !ok {
			return "", Errorf("TypeError", "must be real number, not %s", TypeName(v))
		}
		f, err := n.float()
		if err != nil {
			return "", err
		}
		if s.zero {
			s.fill, s.align = "0", '='
		}
		s.kind = kind
		return formatReal(f, s, "float")
	}
	return "", Errorf("ValueError", "unsupported format character '%s' (0x%x) at index %d", printable(kind), kind, at)
}

func printable(r rune) string {
	if r >= 32 && r < 127 {
		return string(r)
	}
	return "?"
}

func percentChar(v Value) (string, error) {
	switch v := v.(type) {
	case string:
		if utf8.RuneCountInString(v) == 1 {
			return v, nil
		}
	case bool, int64, *big.Int:
		n := bigOf(v)
		if !n.IsInt64() || n.Int64() < 0 || n.Int64() > 0x10ffff {
			return "", Errorf("OverflowError", "%%c arg not in range(0x110000)")
		}
		return string(rune(n.Int64())), nil
	}
	return "", Errorf("TypeError", "%%c requires int or char")
}

func (s spec) percentInt(kind rune, v Value) (string, error) {
	num, ok := numberOf(v)
	decimal := kind == 'd' || kind == 'i' || kind == 'u'
	if u, undefined := v.(*Undefined); undefined && decimal {
		return "", u.Fail()
	}
	switch {
	case !ok && decimal:
		return "", Errorf("TypeError", "%%%c format: a real number is required, not %s", kind, TypeName(v))
	case !ok || num.isFloat && !decimal:
		return "", Errorf("TypeError", "%%%c format: an integer is required, not %s", kind, TypeName(v))
	}
	n := num.integer()
	if num.isFloat {
		whole, err := Truncate(num.real)
		if err != nil {
			return "", err
		}
		n = bigOf(whole)
	}
	base, prefix := 10, ""
	switch kind {
	case 'o':
		base, prefix = 8, "0o"
	case 'x', 'X':
		base, prefix = 16, "0"+string(kind)
	}
	digits := new(big.Int).Abs(n).Text(base)
	if kind == 'X' {
		digits = strings.ToUpper(digits)
	}
	if missing := s.precision - len(digits); missing > 0 {
		if !fits(1, missing) {
			return "", tooLarge("string")
		}
		digits = strings.Repeat("0", missing) + digits
	}
	if !s.alternate {
		prefix = ""
	}
	if s.zero {
		s.fill, s.align = "0", '='
	}
	return s.number(n.Sign() < 0, prefix, digits, "", 3)
}
