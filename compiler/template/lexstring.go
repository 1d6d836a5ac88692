package template

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// str lexes a string literal; false when it has no end.
func (l *lexer) str() bool {
	start, quote := l.pos, l.src[l.pos]
	for i := start + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
		case quote:
			l.pos = i + 1
			text, problem := unescape(l.src[start+1 : i])
			if problem != "" {
				l.bad(start, l.pos, "this string cannot be read", problem)
				return true
			}
			l.literal(tokString, text, start)
			return true
		}
	}
	l.bad(start, start+1, "this string is never closed", "")
	l.pos = len(l.src)
	for _, end := range []string{"}}", "%}"} {
		if i := strings.Index(l.src[start:], end); i >= 0 {
			l.pos = min(l.pos, start+i)
		}
	}
	return true
}

// unescape resolves escapes as Python does: those it does not know stay as
// they are written. The second result says what is wrong.
func unescape(s string) (string, string) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, ""
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		i++
		if i >= len(s) {
			return "", `\ at end of string`
		}
		c := s[i]
		if plain := strings.IndexByte(`\'"abfnrtv`, c); plain >= 0 {
			b.WriteByte("\\'\"\a\b\f\n\r\t\v"[plain])
			i++
			continue
		}
		switch {
		case c == '\n':
			i++
		case c >= '0' && c <= '7':
			n := 0
			for k := 0; k < 3 && i < len(s) && s[i] >= '0' && s[i] <= '7'; k++ {
				n = n*8 + int(s[i]-'0')
				i++
			}
			b.WriteRune(rune(n))
		case c == 'x' || c == 'u' || c == 'U':
			width := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			n, ok := hexRune(s[i+1:], width)
			if !ok {
				return "", fmt.Sprintf(`\%c needs %d hexadecimal digits`, c, width)
			}
			b.WriteRune(n)
			i += 1 + width
		case c == 'N':
			return "", `\N is not supported; write the character itself`
		case c >= utf8.RuneSelf:
			// Python escapes the character before it looks for escapes, and so
			// the backslash meets the one put in front of it.
			r, size := utf8.DecodeRuneInString(s[i:])
			b.WriteString(escapeRune(r))
			i += size
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), ""
}

func hexRune(s string, width int) (rune, bool) {
	if len(s) < width {
		return 0, false
	}
	var n int64
	for i := range width {
		if !isHex(s[i]) {
			return 0, false
		}
		d := int64(s[i] | 0x20)
		if d >= 'a' {
			d -= 'a' - 10
		} else {
			d = int64(s[i] - '0')
		}
		n = n*16 + d
	}
	return rune(n), n <= utf8.MaxRune
}

func escapeRune(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}
