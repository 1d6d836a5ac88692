package pyre

import (
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// replacement is the template of sub: text and groups in turn.
type replacement []piece

type piece struct {
	text  string
	group int // -1 for text
}

func (r replacement) expand(m *Match) string {
	var b strings.Builder
	for _, p := range r {
		if p.group < 0 {
			b.WriteString(p.text)
		} else if s, ok := m.text.slice(m.spans[p.group]).(string); ok {
			b.WriteString(s)
		}
	}
	return b.String()
}

// readReplacement understands \1, \g<1>, \g<name>, \n and the like.
func readReplacement(s string, p *Pattern) (replacement, error) {
	var r replacement
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			r = append(r, piece{plain.String(), -1})
			plain.Reset()
		}
	}
	group := func(n, at int) error {
		if n > p.groups {
			return bad(at, "invalid group reference %d", n)
		}
		flush()
		r = append(r, piece{"", n})
		return nil
	}
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			end := strings.IndexByte(s[i:], '\\')
			if end < 0 {
				end = len(s) - i
			}
			plain.WriteString(s[i : i+end])
			i += end
			continue
		}
		if i+1 == len(s) {
			return nil, bad(i, "bad escape (end of pattern)")
		}
		c := s[i+1]
		switch {
		case c == 'g':
			n, next, err := namedGroup(s, i+2, p)
			if err != nil {
				return nil, err
			}
			if err := group(n, i+3); err != nil {
				return nil, err
			}
			i = next
		case c == '0':
			end := i + 2
			for end < len(s) && end < i+4 && s[end] >= '0' && s[end] <= '7' {
				end++
			}
			code, err := strconv.ParseUint(s[i+1:end], 8, 16)
			if err != nil {
				return nil, bad(i, "bad escape %s", s[i:end])
			}
			plain.WriteRune(rune(code & 0xff))
			i = end
		case c >= '1' && c <= '9':
			end := i + 2
			if end < len(s) && s[end] >= '0' && s[end] <= '9' {
				end++
			}
			n, err := strconv.Atoi(s[i+1 : end])
			if err != nil {
				return nil, bad(i+1, "invalid group reference %s", s[i+1:end])
			}
			if err := group(n, i+1); err != nil {
				return nil, err
			}
			i = end
		default:
			text, ok := controlEscape(c)
			if !ok {
				return nil, bad(i, `bad escape \%c`, c)
			}
			plain.WriteString(text)
			i += 2
			if text == `\` && c != '\\' {
				i-- // a backslash before anything else stands for itself
			}
		}
	}
	flush()
	return r, nil
}

// controlEscape answers \n and its like; false for other letters, and a
// backslash for what is no letter.
func controlEscape(c byte) (string, bool) {
	switch c {
	case 'n':
		return "\n", true
	case 't':
		return "\t", true
	case 'r':
		return "\r", true
	case 'f':
		return "\f", true
	case 'v':
		return "\v", true
	case 'a':
		return "\a", true
	case 'b':
		return "\b", true
	}
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		return "", false
	}
	return `\`, true
}

func namedGroup(s string, at int, p *Pattern) (n, next int, err error) {
	if at >= len(s) || s[at] != '<' {
		return 0, 0, bad(at, "missing <")
	}
	end := strings.IndexByte(s[at:], '>')
	if end < 0 {
		if at+1 == len(s) {
			return 0, 0, bad(at+1, "missing group name")
		}
		return 0, 0, bad(at+1, "missing >, unterminated name")
	}
	name := s[at+1 : at+end]
	if name == "" {
		return 0, 0, bad(at+1, "missing group name")
	}
	if n, err := strconv.ParseUint(name, 10, 16); err == nil {
		return int(n), at + end + 1, nil
	}
	n, ok := p.names[name]
	if !ok {
		return 0, 0, &value.Error{Class: "IndexError", Message: "unknown group name " + value.Repr(name)}
	}
	return n, at + end + 1, nil
}
