package template

import "github.com/chmod-sql/chmod/compiler/value"

// kind is what a token is.
type kind uint8

const (
	tokEOF kind = iota
	tokData
	tokPrintBegin // {{
	tokPrintEnd   // }}
	tokTagBegin   // {%
	tokTagEnd     // %}
	tokName
	tokString
	tokInt
	tokFloat
	tokOp
	tokBad // already reported; the parser gives up on the tag silently
)

// token is one piece of a template. Its offsets count in the normalized text,
// see places.
type token struct {
	kind       kind
	text       string      // the name, the operator, the data
	val        value.Value // of a literal
	start, end int
}

func (t token) is(op string) bool    { return t.kind == tokOp && t.text == op }
func (t token) isName(n string) bool { return t.kind == tokName && t.text == n }
func (t token) endsTag() bool {
	return t.kind == tokTagEnd || t.kind == tokPrintEnd || t.kind == tokEOF
}
func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "the end of the file"
	case tokData:
		return "text"
	case tokPrintBegin:
		return "'{{'"
	case tokPrintEnd:
		return "'}}'"
	case tokTagBegin:
		return "'{%'"
	case tokTagEnd:
		return "'%}'"
	case tokName:
		return "the name '" + t.text + "'"
	case tokString:
		return "a string"
	case tokInt, tokFloat:
		return "a number"
	}
	return "'" + t.text + "'"
}
