package pyre

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// escape reads a backslash and what belongs to it.
func (t *translator) escape(inSet bool) error {
	if t.at+1 >= len(t.in) {
		return bad(t.at, "bad escape (end of pattern)")
	}
	r := t.in[t.at+1]
	if class := t.asciiClass(r, inSet); class != "" {
		t.text.WriteString(class)
		t.at += 2
		return nil
	}
	switch {
	case strings.ContainsRune("dDsSwWafnrtv", r), strings.ContainsRune("AbB", r) && !inSet, r == 'b':
		t.copy(2)
		return nil
	case r == 'Z' && !inSet:
		t.text.WriteString(`\z`)
		t.at += 2
		return nil
	case r == 'x':
		return t.codePoint(2)
	case r == 'u':
		return t.codePoint(4)
	case r == 'U':
		return t.codePoint(8)
	case r >= '0' && r <= '9':
		return t.digits(inSet)
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return bad(t.at, `bad escape \%c`, r)
	}
	t.literal(r)
	t.at += 2
	return nil
}

// literal writes a character so that it stands for itself alone.
func (t *translator) literal(r rune) {
	if r < 0x80 {
		fmt.Fprintf(&t.text, `\x%02x`, r)
		return
	}
	t.text.WriteRune(r)
}

// asciiClass is what a class means under re.ASCII; empty without the flag.
func (t *translator) asciiClass(r rune, inSet bool) string {
	if t.out.flags&flagASCII == 0 {
		return ""
	}
	chars := ""
	switch r {
	case 'w', 'W':
		chars = `a-zA-Z0-9_`
	case 'd', 'D':
		chars = `0-9`
	case 's', 'S':
		chars = ` \t\n\r\f\v`
	default:
		return ""
	}
	switch negated := r < 'a'; {
	case inSet && negated:
		return "" // cannot be written inside of a set; the wider class stands in
	case inSet:
		return chars
	case negated:
		return "[^" + chars + "]"
	}
	return "[" + chars + "]"
}

func (t *translator) codePoint(n int) error {
	start := t.at
	end := t.at + 2 + n
	if end > len(t.in) {
		return bad(start, "incomplete escape %s", string(t.in[start:]))
	}
	code, err := strconv.ParseUint(string(t.in[start+2:end]), 16, 32)
	if err != nil {
		return bad(start, "incomplete escape %s", string(t.in[start:end]))
	}
	if code > 0x10ffff {
		return bad(start, "bad escape %s", string(t.in[start:end]))
	}
	t.literal(rune(code))
	t.at = end
	return nil
}

// digits reads a reference to a group, or a character by its octal number.
func (t *translator) digits(inSet bool) error {
	start := t.at
	end := start + 1
	for end < len(t.in) && end < start+4 && t.in[end] >= '0' && t.in[end] <= '9' {
		end++
	}
	written := string(t.in[start+1 : end])
	octal := func(s string) bool { return strings.Trim(s, "01234567") == "" }
	if inSet || written[0] == '0' || len(written) == 3 && octal(written) {
		n := 0
		for n < len(written) && octal(written[n:n+1]) {
			n++
		}
		if n == 0 {
			return bad(start, `bad escape \%c`, written[0])
		}
		code, err := strconv.ParseUint(written[:n], 8, 16)
		if err != nil || code > 0o377 {
			return bad(start, `octal escape value \%s outside of range 0-0o377`, written[:n])
		}
		t.literal(rune(code))
		t.at = start + 1 + n
		return nil
	}
	written = written[:min(len(written), 2)]
	n, err := strconv.Atoi(written)
	if err != nil || n > t.out.groups {
		return bad(start+1, "invalid group reference %s", written)
	}
	t.text.WriteString(`\k<` + written + ">")
	t.at = start + 1 + len(written)
	return nil
}

// Escape is re.escape: text as a pattern that matches it.
func Escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escapeValue is Escape as templates call it.
func escapeValue(c *value.Call) (value.Value, error) {
	args, err := c.Bind("escape", value.Required("pattern"))
	if err != nil {
		return nil, err
	}
	s, err := subject(args[0])
	if err != nil {
		return nil, err
	}
	return Escape(s), nil
}
