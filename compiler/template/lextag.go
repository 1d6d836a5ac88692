package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// tag lexes the inside of {{ }} or {% %}. Brackets are balanced first: "}}"
// ends nothing while a "{" is open.
func (l *lexer) tag(open int, end kind) {
	var brackets []bracket
	l.reported = false
	for {
		if (len(brackets) == 0 || l.endsOpen(end, brackets)) && l.tagEnd(end) {
			return
		}
		if l.pos >= len(l.src) || strings.HasPrefix(l.src[l.pos:], "{%") {
			l.openTag(open, end, brackets)
			return
		}
		start := l.pos
		r, size := utf8.DecodeRuneInString(l.src[start:])
		switch {
		case isSpace(r):
			l.skipSpace()
		case r >= '0' && r <= '9':
			l.number()
		case isNameRune(r):
			l.name()
		case (r == '\'' || r == '"') && l.str():
		default:
			op := operatorAt(l.src[start:])
			if op == "" {
				l.bad(start, start+size, "unexpected character '"+string(r)+"'", "")
				l.pos += size
				break
			}
			l.pos += len(op)
			l.emit(tokOp, op, start, l.pos)
			brackets = l.balance(brackets, op, start)
		}
	}
}

// bracket is one that is open.
type bracket struct {
	closes string
	at     int
}

func (l *lexer) balance(open []bracket, op string, at int) []bracket {
	switch op {
	case "(":
		return append(open, bracket{")", at})
	case "[":
		return append(open, bracket{"]", at})
	case "{":
		return append(open, bracket{"}", at})
	case ")", "]", "}":
		if len(open) == 0 {
			l.bad(at, at+1, "unexpected '"+op+"'", "nothing was opened that it could close")
			return open
		}
		last := open[len(open)-1]
		if last.closes != op {
			l.report(at, at+1, diag.Diagnostic{
				What:  "unexpected '" + op + "', expected '" + last.closes + "'",
				Notes: []diag.Note{{Span: l.span(last.at, last.at+1), Text: "to close this one"}},
			})
		}
		return open[:len(open)-1]
	}
	return open
}

// endsOpen reports a tag that ends although a bracket is open. Inside of "{"
// alone "}}" may be the end of two dicts.
func (l *lexer) endsOpen(end kind, brackets []bracket) bool {
	last := brackets[len(brackets)-1]
	rest := strings.TrimPrefix(l.src[l.pos:], "-")
	if end == tokPrintEnd && (last.closes == "}" || !strings.HasPrefix(rest, "}}")) ||
		end == tokTagEnd && !strings.HasPrefix(rest, "%}") {
		return false
	}
	l.report(last.at, last.at+1, diag.Diagnostic{
		What: "this '" + l.src[last.at:last.at+1] + "' is never closed",
		Fix:  "add the missing '" + last.closes + "'",
	})
	return true
}

// tagEnd lexes the end of the tag when it is here.
func (l *lexer) tagEnd(end kind) bool {
	closing := "}}"
	if end == tokTagEnd {
		closing = "%}"
	}
	rest, start := l.src[l.pos:], l.pos
	switch {
	case strings.HasPrefix(rest, closing):
		l.pos += 2
	case strings.HasPrefix(rest, "-"+closing):
		l.pos += 3
		l.emit(end, "", start, l.pos)
		l.skipSpace()
		return true
	case end == tokTagEnd && strings.HasPrefix(rest, "+%}"):
		l.pos += 3
	default:
		return false
	}
	l.emit(end, "", start, l.pos)
	return true
}

// openTag reports a tag that ends nowhere and pretends that it ended here.
func (l *lexer) openTag(open int, end kind, brackets []bracket) {
	begin, closing := "{{", "}}"
	if end == tokTagEnd {
		begin, closing = "{%", "%}"
	}
	d := diag.Diagnostic{
		What: "this '" + begin + "' is never closed",
		Fix:  "end it with '" + closing + "'",
	}
	if n := len(brackets); n > 0 {
		b := brackets[n-1]
		d.Notes = append(d.Notes, diag.Note{
			Span: l.span(b.at, b.at+1), Text: "and neither is this: '" + b.closes + "' is missing",
		})
	}
	l.report(open, open+2, d)
	l.emit(end, "", l.pos, l.pos)
}

func (l *lexer) bad(start, end int, what, why string) {
	l.report(start, end, diag.Diagnostic{What: what, Why: why})
}

// report tells the first mistake of a tag; what follows it in the tag is
// seldom worth telling.
func (l *lexer) report(start, end int, d diag.Diagnostic) {
	if !l.reported {
		d.Span = l.span(start, end)
		report(l.errs, d)
	}
	l.reported = true
	l.emit(tokBad, "", start, end)
}

func (l *lexer) name() {
	start := l.pos
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if !isNameRune(r) {
			break
		}
		l.pos += size
	}
	text := l.src[start:l.pos]
	if r, _ := utf8.DecodeRuneInString(text); r != '_' && !unicode.IsLetter(r) && !unicode.Is(unicode.Nl, r) {
		l.bad(start, l.pos, "'"+text+"' is no name", "names start with a letter or an underscore")
		return
	}
	l.emit(tokName, text, start, l.pos)
}

func isNameRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.In(r, unicode.Nd, unicode.Nl, unicode.Mn, unicode.Mc) || r == '·')
}

// operatorAt is the longest operator the text starts with.
func operatorAt(s string) string {
	if len(s) > 1 {
		switch s[:2] {
		case "//", "**", "==", "!=", ">=", "<=":
			return s[:2]
		}
	}
	if strings.IndexByte("+-/*%~[](){}><=.:|,;", s[0]) >= 0 {
		return s[:1]
	}
	return ""
}
