package template

import (
	"sync"

	"github.com/chmod-sql/chmod/compiler/value"
)

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

// tokens are slices that parsers are done with: no tree keeps a token, and a
// project has millions of them.
var tokens = sync.Pool{New: func() any { return new([]token) }}

func takeTokens() *[]token { return tokens.Get().(*[]token) }

// giveTokens gives back what takeTokens gave, with its slice as it has grown.
func giveTokens(spare *[]token, used []token) {
	const most = 1 << 16
	if cap(used) > most {
		return // of one large file
	}
	clear(used) // or it would keep files in memory
	*spare = used[:0]
	tokens.Put(spare)
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
