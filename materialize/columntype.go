package materialize

import (
	"regexp"
	"strings"
)

// SameType reports whether two names of column types mean the same type:
// aliases, defaults, letter case and spaces do not count.
func SameType(a, b string) bool { return NormalType(a) == NormalType(b) }

// NormalType writes a column type in the one way that all its spellings share.
// What it cannot read it returns without the spaces around it.
func NormalType(text string) string {
	r := typeReader{text: text}
	out := r.columnType()
	r.space()
	if r.at < len(r.text) || r.failed || out == "" {
		return strings.TrimSpace(text)
	}
	return out
}

// untyped reports whether a type holds no value: that of NULL and [].
func untyped(t string) bool { return nothing.MatchString(t) }

var nothing = regexp.MustCompile(`\bNothing\b`)

// typeReader reads one column type.
type typeReader struct {
	text   string
	at     int
	depth  int
	failed bool
}

// columnType reads a name with its arguments.
func (r *typeReader) columnType() string {
	const deepest = 100
	if r.depth++; r.depth > deepest {
		r.failed = true
		return ""
	}
	defer func() { r.depth-- }()
	name := r.words()
	if name == "" {
		r.failed = true
		return ""
	}
	var args []string
	r.space()
	if r.next('(') {
		args = r.arguments()
	}
	return typeOf(name, args)
}

// arguments reads up to the closing parenthesis.
func (r *typeReader) arguments() []string {
	var args []string
	for r.space(); !r.next(')'); r.space() {
		if len(args) > 0 && !r.next(',') {
			r.failed = true
		}
		arg := r.argument()
		if r.failed || arg == "" {
			r.failed = true
			return nil
		}
		args = append(args, arg)
	}
	return args
}

// argument is a literal, a type, or a name followed by a type.
func (r *typeReader) argument() string {
	r.space()
	if r.at >= len(r.text) {
		return ""
	}
	switch c := r.text[r.at]; {
	case c == '\'':
		s := r.quoted('\'')
		if r.space(); r.next('=') { // an entry of an enum
			s += " = " + r.number()
		}
		return s
	case c == '`' || c == '"':
		name := r.quoted(c)
		if inner := name[1 : len(name)-1]; plainWord(inner) {
			name = inner
		}
		return name + " " + r.columnType()
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	}
	start := r.at
	word := r.word()
	r.space()
	if r.at < len(r.text) && r.text[r.at] != '(' && r.text[r.at] != ',' && r.text[r.at] != ')' {
		if t := r.columnType(); !r.failed {
			return word + " " + t
		}
		return ""
	}
	r.at = start
	return r.columnType()
}

func (r *typeReader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

func (r *typeReader) next(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *typeReader) word() string {
	start := r.at
	for r.at < len(r.text) && (r.text[r.at] == '_' || r.text[r.at] == '.' || alphanumeric(r.text[r.at])) {
		r.at++
	}
	return r.text[start:r.at]
}

// words reads a name of one word, or one of SQL's names of two.
func (r *typeReader) words() string {
	r.space()
	name := r.word()
	for range 2 {
		mark := r.at
		r.space()
		second := r.word()
		if second == "" || !twoWords[strings.ToUpper(name+" "+second)] {
			r.at = mark
			break
		}
		name += " " + second
	}
	return name
}

func (r *typeReader) number() string {
	r.space()
	start := r.at
	r.next('-')
	for r.at < len(r.text) && (r.text[r.at] == '.' || r.text[r.at] >= '0' && r.text[r.at] <= '9') {
		r.at++
	}
	return r.text[start:r.at]
}

func (r *typeReader) quoted(quote byte) string {
	size := quoted(r.text[r.at:], quote)
	s := r.text[r.at : r.at+size]
	r.at += size
	if len(s) < 2 || s[len(s)-1] != quote {
		r.failed = true
		return "''"
	}
	return s
}

// plainWord reports whether a name needs no quotes.
func plainWord(name string) bool {
	for i := range len(name) {
		if name[i] != '_' && !alphanumeric(name[i]) {
			return false
		}
	}
	return name != "" && (name[0] < '0' || name[0] > '9')
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
