package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// parseLiteral is Python's ast.literal_eval; false for what is no literal.
func parseLiteral(s string) (value.Value, bool) {
	src := strings.TrimLeft(s, " \t")
	if src == "" || isSpace(rune(src[0])) {
		return nil, false
	}
	var errs diag.List
	place := &places{}
	l := lexer{src: normalize(src, place) + "}}", place: place, errs: &errs}
	l.tag(0, tokPrintEnd)
	if l.pos < len(l.src) {
		return nil, false
	}
	l.emit(tokEOF, "", l.pos, l.pos)
	p := parser{tokens: l.tokens, place: place, errs: &errs}
	x := p.tuple(true)
	p.endTag(tokPrintEnd)
	if errs.HasErrors() || jinjaOnly(l.tokens) {
		return nil, false
	}
	return literal(x)
}

// jinjaOnly reports whether there are constants that Python does not know.
func jinjaOnly(tokens []token) bool {
	for _, t := range tokens {
		if t.kind == tokName && (t.text == "true" || t.text == "false" || t.text == "none") {
			return true
		}
	}
	return false
}
