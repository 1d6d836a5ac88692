package pyre

import (
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// translated is a Python pattern in the words of the engine, where every
// group has its number for a name: the engine would number named groups last.
type translated struct {
	text   string
	flags  int64          // those passed and those that the pattern sets for all of itself
	groups int            // how many there are
	names  map[string]int // of groups
	order  []string       // names as they come
}

func bad(at int, format string, args ...any) error {
	e := value.Errorf("error", format, args...)
	e.Message += " at position " + strconv.Itoa(at)
	return e
}

func translate(pattern string, flags int64) (*translated, error) {
	t := &translator{in: []rune(pattern), out: &translated{flags: flags, names: map[string]int{}}}
	for t.at < len(t.in) {
		if err := t.step(); err != nil {
			return nil, err
		}
	}
	t.out.text = t.text.String()
	return t.out, nil
}

type translator struct {
	in   []rune
	at   int
	text strings.Builder
	out  *translated
}

func (t *translator) rest() string {
	return string(t.in[t.at:min(t.at+16, len(t.in))])
}

func (t *translator) copy(n int) {
	for range n {
		if t.at < len(t.in) {
			t.text.WriteRune(t.in[t.at])
			t.at++
		}
	}
}

func (t *translator) verbose() bool { return t.out.flags&flagVerbose != 0 }

func (t *translator) step() error {
	switch t.in[t.at] {
	case '\\':
		return t.escape(false)
	case '[':
		return t.set()
	case '(':
		return t.open()
	case '{':
		if strings.HasPrefix(t.rest(), "{,") { // Python reads {,3} as {0,3}
			end := t.at + 2
			for end < len(t.in) && t.in[end] >= '0' && t.in[end] <= '9' {
				end++
			}
			if end < len(t.in) && t.in[end] == '}' {
				t.text.WriteString("{0")
				t.at++
				t.copy(end - t.at + 1)
				return nil
			}
		}
		t.copy(1)
	case '#':
		if t.verbose() {
			for t.at < len(t.in) && t.in[t.at] != '\n' {
				t.at++
			}
			return nil
		}
		t.text.WriteString(`\#`)
		t.at++
	default:
		t.copy(1)
	}
	return nil
}

// open reads an opening parenthesis and what makes it special.
func (t *translator) open() error {
	rest := t.rest()
	switch {
	case !strings.HasPrefix(rest, "(?"):
		t.out.groups++
		t.text.WriteString("(?<" + strconv.Itoa(t.out.groups) + ">")
		t.at++
		return nil
	case strings.HasPrefix(rest, "(?P<"):
		name, err := t.name(t.at+4, '>')
		if err != nil {
			return err
		}
		if first, ok := t.out.names[name]; ok {
			return bad(t.at+4, "redefinition of group name '%s' as group %d; was group %d", name, t.out.groups+1, first)
		}
		t.out.groups++
		t.out.names[name] = t.out.groups
		t.out.order = append(t.out.order, name)
		t.text.WriteString("(?<" + strconv.Itoa(t.out.groups) + ">")
		return nil
	case strings.HasPrefix(rest, "(?P="):
		at := t.at + 4
		name, err := t.name(at, ')')
		if err != nil {
			return err
		}
		n, ok := t.out.names[name]
		if !ok {
			return bad(at, "unknown group name '%s'", name)
		}
		t.text.WriteString(`\k<` + strconv.Itoa(n) + ">")
		return nil
	case strings.HasPrefix(rest, "(?P"):
		return bad(t.at+1, "unknown extension ?P%s", string(t.in[min(t.at+3, len(t.in)):min(t.at+4, len(t.in))]))
	case strings.HasPrefix(rest, "(?("):
		return t.condition()
	case strings.HasPrefix(rest, "(?#"):
		for t.at < len(t.in) && t.in[t.at] != ')' {
			t.at++
		}
		if t.at == len(t.in) {
			return bad(t.at, "missing ), unterminated comment")
		}
		t.at++
		return nil
	}
	for _, known := range []string{"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"} {
		if strings.HasPrefix(rest, known) {
			t.copy(len(known))
			return nil
		}
	}
	return t.inlineFlags()
}

func (t *translator) name(from int, end rune) (string, error) {
	at := from
	for at < len(t.in) && t.in[at] != end {
		at++
	}
	if at == len(t.in) {
		return "", bad(from, "missing %c, unterminated name", end)
	}
	name := string(t.in[from:at])
	if name == "" {
		return "", bad(from, "missing group name")
	}
	for i, r := range name {
		if r != '_' && !isLetter(r) && (i == 0 || r < '0' || r > '9') {
			return "", bad(from, "bad character in group name %s", value.Repr(name))
		}
	}
	t.at = at + 1
	return name, nil
}

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
}

// condition is (?(1)yes|no) or (?(name)yes|no).
func (t *translator) condition() error {
	from := t.at + 3
	end := from
	for end < len(t.in) && t.in[end] != ')' {
		end++
	}
	if end == len(t.in) {
		return bad(from, "missing ), unterminated name")
	}
	name := string(t.in[from:end])
	n, err := strconv.Atoi(name)
	if err != nil {
		var ok bool
		if n, ok = t.out.names[name]; !ok {
			return bad(from, "unknown group name %s", value.Repr(name))
		}
	}
	t.text.WriteString("(?(" + strconv.Itoa(n) + ")")
	t.at = end + 1
	return nil
}

// inlineFlags reads (?i), (?i:...) and (?i-s:...). Flags of types that only
// Python has are dropped.
func (t *translator) inlineFlags() error {
	from := t.at + 2
	var on, off strings.Builder
	side := &on
	at := from
	for ; at < len(t.in); at++ {
		switch r := t.in[at]; r {
		case 'i', 'm', 's', 'x':
			side.WriteRune(r)
		case 'a', 'u', 'L':
		case '-':
			side = &off
		case ')', ':':
			if r == ')' {
				for _, f := range on.String() {
					t.out.flags |= flagOf(f)
				}
				// Python takes such flags at the start alone, where they hold for all:
				// nothing but other flags and comments may come before them.
				if t.text.Len() > 0 {
					return bad(t.at, "global flags not at the start of the expression")
				}
				t.at = at + 1
				return nil
			}
			t.text.WriteString("(?" + on.String())
			if off.Len() > 0 {
				t.text.WriteString("-" + off.String())
			}
			t.text.WriteString(":")
			t.at = at + 1
			return nil
		default:
			return bad(t.at+1, "unknown extension ?%c", r)
		}
	}
	return bad(t.at, "missing -, : or )")
}

// set reads [...]. An opening bracket inside is no more than itself in Python.
func (t *translator) set() error {
	start := t.at
	t.copy(1)
	if t.at < len(t.in) && t.in[t.at] == '^' {
		t.copy(1)
	}
	for first := true; ; first = false {
		if t.at >= len(t.in) {
			return bad(start, "unterminated character set")
		}
		switch r := t.in[t.at]; {
		case r == ']' && !first:
			t.copy(1)
			return nil
		case r == ']' || r == '[':
			t.text.WriteRune('\\')
			t.copy(1)
		case r == '\\':
			if err := t.escape(true); err != nil {
				return err
			}
		default:
			t.copy(1)
		}
	}
}
