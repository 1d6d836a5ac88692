package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// raw lexes {% raw %} ... {% endraw %} when it starts here; false when the
// tag is another one.
func (l *lexer) raw(open int) bool {
	body, ok := l.word(open+2, "raw", false)
	if !ok {
		return false
	}
	l.pos = body
	if !l.until("endraw", true) {
		l.unclosed(open, body, "raw", "endraw")
	}
	return true
}

// docs lexes the text of {% docs name %}, which is not Jinja, up to its end
// tag.
func (l *lexer) docs(open int) {
	body := l.pos
	if !l.until("enddocs", false) {
		l.unclosed(open, body, "docs", "enddocs")
	}
}

func (l *lexer) unclosed(open, body int, tag, end string) {
	report(l.errs, diag.Diagnostic{
		Span: l.span(open, body),
		What: "this '" + tag + "' block is never closed",
		Fix:  "end it with '{% " + end + " %}'",
	})
	l.emit(tokBad, "", body, body)
	l.pos = len(l.src)
}

// until emits everything in front of the tag of the given name as data, and
// moves behind the tag when consume is set, else in front of it.
func (l *lexer) until(name string, consume bool) bool {
	start := l.pos
	for from := start; ; {
		i := strings.Index(l.src[from:], "{%")
		if i < 0 {
			return false
		}
		at := from + i
		if after, ok := l.word(at+2, name, true); ok {
			l.data(start, at, l.sign(at+2) == '-')
			l.pos = at
			if consume {
				l.pos = after
			}
			return true
		}
		from = at + 2
	}
}

// word reports whether a tag that consists of one word continues at the
// offset, and where the text after it starts.
func (l *lexer) word(at int, name string, plus bool) (int, bool) {
	if l.sign(at) != 0 {
		at++
	}
	rest := strings.TrimLeftFunc(l.src[at:], isSpace)
	if !strings.HasPrefix(rest, name) {
		return 0, false
	}
	rest = strings.TrimLeftFunc(rest[len(name):], isSpace)
	switch {
	case strings.HasPrefix(rest, "%}"):
		rest = rest[2:]
	case strings.HasPrefix(rest, "-%}"):
		rest = strings.TrimLeftFunc(rest[3:], isSpace)
	case plus && strings.HasPrefix(rest, "+%}"):
		rest = rest[3:]
	default:
		return 0, false
	}
	return len(l.src) - len(rest), true
}
