package template

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// parser makes a tree of tokens. After a mistake it goes to the end of the
// tag: there its functions find nothing more to read, return at once, and
// parsing goes on with what follows.
type parser struct {
	tokens []token
	i      int
	place  *places
	src    string
	errs   *diag.List
	// broken is set from a mistake to the end of its tag.
	broken bool
	depth  int
	open   []openBlock
	macros []*Macro
	blocks []*Block
	// nested counts the blocks around, other than top-level ones.
	nested int
	// inMacro is set inside of macros.
	inMacro bool
	// loops counts the loops that a break could leave.
	loops int
	// lost is set when a block's end tag did not come: there is no end of it to
	// read either.
	lost bool
	// unknown holds tags already reported, so that their ends are not.
	unknown []string
	calls   []notedCall
}

// openBlock is a block whose end tag has not come yet.
type openBlock struct {
	tag  string
	ends []string
	span source.Span
}

// maxNesting bounds how deep expressions and blocks may lie in each other.
const maxNesting = 200

func (p *parser) cur() *token { return &p.tokens[p.i] }

func (p *parser) look() *token {
	if p.i+1 < len(p.tokens) {
		return &p.tokens[p.i+1]
	}
	return p.cur()
}

// next steps over a token, but never over the end of the file.
func (p *parser) next() *token {
	t := p.cur()
	if t.kind != tokEOF {
		p.i++
	}
	return t
}

func (p *parser) skip(op string) bool {
	if !p.broken && p.cur().is(op) {
		p.i++
		return true
	}
	return false
}

func (p *parser) skipName(name string) bool {
	if !p.broken && p.cur().isName(name) {
		p.i++
		return true
	}
	return false
}

// expect steps over an operator, or reports that it is not there.
func (p *parser) expect(op string) bool {
	if p.skip(op) {
		return true
	}
	p.unexpected("'" + op + "'")
	return false
}

func (p *parser) expectName(what string) (string, source.Span) {
	if t := p.cur(); !p.broken && t.kind == tokName {
		p.i++
		return t.text, p.spanOf(t)
	}
	p.unexpected(what)
	return "", source.Span{}
}

func (p *parser) spanOf(t *token) source.Span { return p.place.span(t.start, t.end) }

// since is the span from a token on to the last token read.
func (p *parser) since(start int) source.Span {
	end := start
	if p.i > 0 {
		end = max(end, p.tokens[p.i-1].end)
	}
	return p.place.span(start, end)
}

// here is where the next node starts.
func (p *parser) here() int { return p.cur().start }

func (p *parser) unexpected(wanted string) {
	t := p.cur()
	what := "unexpected " + t.describe()
	if wanted != "" {
		what = "expected " + wanted + ", got " + t.describe()
	}
	fix := ""
	if src := p.src[t.start:]; strings.HasPrefix(src, "=") && wanted == "'}}'" || strings.HasPrefix(src, "=") && wanted == "'%}'" {
		fix = "write == to compare"
	}
	p.fail(p.spanOf(t), what, "", fix)
}

// fail reports a mistake and gives up on the tag.
func (p *parser) fail(at source.Span, what, why, fix string) {
	p.failWith(diag.Diagnostic{Span: at, What: what, Why: why, Fix: fix})
}

func (p *parser) failWith(d diag.Diagnostic) {
	if p.broken {
		return
	}
	// A bad token has been reported by the lexer.
	if p.cur().kind != tokBad && !p.badAhead() {
		report(p.errs, d)
	}
	p.broken = true
	for !p.cur().endsTag() {
		p.i++
	}
}

// maxErrors is how many mistakes of one file are worth telling.
const maxErrors = 50

func report(errs *diag.List, d diag.Diagnostic) {
	d.Code = "jinja-syntax"
	if errs.Len() < maxErrors {
		errs.Add(d)
	}
}

// badAhead reports whether the tag holds a bad token further on in the line,
// which makes what the parser has to say about the tag a guess. On a later line
// it is the guess: a quote too many turns the rest of the file inside out, and
// the mistake is where the parser stumbles.
func (p *parser) badAhead() bool {
	here := p.cur().start
	for i := p.i; i < len(p.tokens) && !p.tokens[i].endsTag(); i++ {
		if t := p.tokens[i]; t.kind == tokBad {
			return t.start < here || strings.IndexByte(p.src[here:t.start], '\n') < 0
		}
	}
	return false
}

// endTag reads the end of a tag of the given kind.
func (p *parser) endTag(k kind) {
	if p.lost {
		p.lost, p.broken = false, false
		return
	}
	t := p.cur()
	if t.kind != k {
		want := "'%}'"
		if k == tokPrintEnd {
			want = "'}}'"
		}
		p.unexpected(want)
		t = p.cur()
	}
	if t.kind == k {
		p.i++
	}
	p.broken = false
}

// deeper guards recursion; call the result when done.
func (p *parser) deeper() bool {
	p.depth++
	if p.depth > maxNesting {
		p.fail(p.spanOf(p.cur()), "this is nested too deeply", "", "")
		return false
	}
	return true
}

func (p *parser) shallower() { p.depth-- }

// endsOuter reports whether a tag ends a block around the innermost one.
func (p *parser) endsOuter(tag string) bool {
	for i := 0; i+1 < len(p.open); i++ {
		if ends := p.open[i].ends; ends[len(ends)-1] == tag {
			return true
		}
	}
	return false
}

// body parses statements up to one of the end tags, whose name becomes the
// current token and is returned; "" at the end of the file.
func (p *parser) body(ends ...string) ([]stmt, string) {
	var list []stmt
	for {
		t := p.cur()
		switch t.kind {
		case tokEOF:
			return list, ""
		case tokData:
			list = append(list, p.place.data(t.text, t.start, t.end)...)
			p.i++
		case tokPrintBegin:
			p.i++
			x := p.tuple(true)
			p.endTag(tokPrintEnd)
			list = append(list, &printStmt{x})
		case tokTagBegin:
			p.i++
			if name := p.cur(); name.kind == tokName {
				if slices.Contains(ends, name.text) {
					return list, name.text
				}
				if p.endsOuter(name.text) {
					p.i--
					return list, ""
				}
			}
			list = append(list, p.statement()...)
		default:
			p.i++ // what a mistake left over
		}
	}
}
