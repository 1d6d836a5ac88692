package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// lexer cuts a template into tokens, all of them in one go. It stops at
// nothing: what cannot be a token is reported and stepped over, so that the
// rest of the file is still checked.
type lexer struct {
	src    string
	pos    int
	place  *places
	tokens []token
	errs   *diag.List
	// reported is set once the tag at hand has an error.
	reported bool
}

func (l *lexer) emit(k kind, text string, start, end int) {
	l.tokens = append(l.tokens, token{kind: k, text: text, start: start, end: end})
}

func (l *lexer) span(start, end int) source.Span { return l.place.span(start, end) }

// run lexes everything.
func (l *lexer) run() []token {
	for l.pos < len(l.src) {
		l.template()
	}
	l.emit(tokEOF, "", len(l.src), len(l.src))
	return l.tokens
}

// template lexes text up to the next tag, and that tag.
func (l *lexer) template() {
	start, open := l.pos, nextTag(l.src, l.pos)
	if open < 0 {
		l.data(start, len(l.src), false)
		l.pos = len(l.src)
		return
	}
	sign := l.sign(open + 2)
	l.data(start, open, sign == '-')
	l.pos = open + 2
	if l.src[open+1] == '%' && l.raw(open) {
		return
	}
	if sign != 0 {
		l.pos++
	}
	switch l.src[open+1] {
	case '#':
		l.comment(open)
	case '{':
		l.emit(tokPrintBegin, "", open, l.pos)
		l.tag(open, tokPrintEnd)
	default:
		l.emit(tokTagBegin, "", open, l.pos)
		first := len(l.tokens)
		l.tag(open, tokTagEnd)
		if first < len(l.tokens) && l.tokens[first].isName("docs") {
			l.docs(open)
		}
	}
}

// nextTag finds the next "{{", "{%" or "{#".
func nextTag(src string, from int) int {
	for {
		i := strings.IndexByte(src[from:], '{')
		if i < 0 || from+i+1 >= len(src) {
			return -1
		}
		switch src[from+i+1] {
		case '{', '%', '#':
			return from + i
		}
		from += i + 1
	}
}

// sign is the whitespace control character at an offset, or 0.
func (l *lexer) sign(at int) byte {
	if at < len(l.src) && (l.src[at] == '-' || l.src[at] == '+') {
		return l.src[at]
	}
	return 0
}

func (l *lexer) data(start, end int, trim bool) {
	text := l.src[start:end]
	if trim {
		text = strings.TrimRightFunc(text, isSpace)
	}
	if text != "" {
		l.emit(tokData, text, start, start+len(text))
	}
}

func (l *lexer) comment(open int) {
	i := strings.Index(l.src[l.pos:], "#}")
	if i < 0 {
		report(l.errs, diag.Diagnostic{
			Span: l.span(open, open+2),
			What: "this comment is never closed",
			Fix:  "end it with '#}'",
		})
		l.pos = len(l.src)
		return
	}
	end := l.pos + i
	trim := i > 0 && l.src[end-1] == '-'
	l.pos = end + 2
	if trim {
		l.skipSpace()
	}
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if !isSpace(r) {
			return
		}
		l.pos += size
	}
}

// isSpace is Python's str.isspace for one character.
func isSpace(r rune) bool {
	if r < 0x80 {
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	}
	return unicode.IsSpace(r)
}
