package value

import (
	"strings"
	"unicode/utf8"
)

type alignment byte

const (
	alignLeft   alignment = '<'
	alignRight  alignment = '>'
	alignCenter alignment = '^'
)

func strAlign(name string, to alignment) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		args, err := c.between("str", name, 1, 2)
		if err != nil {
			return nil, err
		}
		width, err := toIndex(args[0])
		if err != nil {
			return nil, err
		}
		fill := " "
		if len(c.Args) == 2 {
			f, ok := args[1].(string)
			if !ok {
				return nil, Errorf("TypeError", "The fill character must be a unicode character, not %s", TypeName(args[1]))
			}
			if utf8.RuneCountInString(f) != 1 {
				return nil, Errorf("TypeError", "The fill character must be exactly one character long")
			}
			fill = f
		}
		s := self.(string)
		missing := width - utf8.RuneCountInString(s)
		if missing <= 0 {
			return s, nil
		}
		left := 0
		switch to {
		case alignRight:
			left = missing
		case alignCenter: // str.center leans to the left for even widths, format does not
			left = missing/2 + missing&width&1
		}
		return pad(s, fill, left, missing-left)
	}
}

func pad(s, fill string, left, right int) (Value, error) {
	if !fits(len(fill), left) || !fits(len(fill), right) || len(s)+(left+right)*len(fill) > maxBytes {
		return nil, tooLarge("string")
	}
	return strings.Repeat(fill, left) + s + strings.Repeat(fill, right), nil
}

func strZfill(self Value, c *Call) (Value, error) {
	v, err := c.one("str.zfill")
	if err != nil {
		return nil, err
	}
	width, err := toIndex(v)
	if err != nil {
		return nil, err
	}
	s := self.(string)
	missing := width - utf8.RuneCountInString(s)
	if missing <= 0 {
		return s, nil
	}
	if !fits(1, missing) {
		return nil, tooLarge("string")
	}
	sign := ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign, s = s[:1], s[1:]
	}
	return sign + strings.Repeat("0", missing) + s, nil
}

func strExpandtabs(self Value, c *Call) (Value, error) {
	args, err := c.named("expandtabs", Optional("tabsize", int64(8)))
	if err != nil {
		return nil, err
	}
	size, err := toIndex(args[0])
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	column := 0
	for _, r := range self.(string) {
		switch {
		case r == '\t':
			if size <= 0 {
				continue
			}
			fill := size - column%size
			if fill > maxBytes-b.Len() {
				return nil, tooLarge("string")
			}
			b.WriteString(strings.Repeat(" ", fill))
			column += fill
			continue
		case r == '\n' || r == '\r':
			column = 0
		default:
			column++
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}
