package template

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// postfix parses attributes, subscripts and calls.
func (p *parser) postfix(start int, x expr) expr {
	for !p.broken {
		switch t := p.cur(); {
		case t.is("."):
			x = p.attribute(start, x)
		case t.is("["):
			x = p.subscript(start, x)
		case t.is("("):
			x = p.call(start, x)
		default:
			return x
		}
	}
	return x
}

// filters parses filters, tests, and calls of what they give.
func (p *parser) filters(start int, x expr) expr {
	for !p.broken {
		switch t := p.cur(); {
		case t.is("|"):
			p.i++
			x = p.filter(start, x)
		case t.isName("is"):
			x = p.test(start, x)
		case t.is("("):
			x = p.call(start, x)
		default:
			return x
		}
	}
	return x
}

func (p *parser) attribute(start int, x expr) expr {
	p.i++
	t := p.next()
	switch t.kind {
	case tokName:
		return &attrExpr{node{p.since(start)}, x, t.text}
	case tokInt:
		return &itemExpr{node{p.since(start)}, x, &constExpr{node{p.spanOf(t)}, t.val}}
	}
	p.i--
	p.unexpected("a name or a number after '.'")
	return x
}

func (p *parser) subscript(start int, x expr) expr {
	p.i++
	var keys []expr
	var slice *sliceExpr
	keyStart := p.here()
	for !p.broken && !p.cur().is("]") {
		if len(keys) > 0 && !p.expect(",") {
			break
		}
		at := p.spanOf(p.cur())
		key := p.subscribed()
		if s, ok := key.(*sliceExpr); ok && s.x == nil { // or the key is x[1:] itself
			slice = s
		}
		if keys = append(keys, key); slice != nil && len(keys) > 1 {
			// Jinja2 makes Python code of it that Python cannot read.
			p.fail(at, "a slice cannot stand beside other subscripts", "", "take one after the other: x[1:2][3]")
		}
	}
	keySpan := p.since(keyStart)
	p.expect("]")
	n := node{p.since(start)}
	if slice != nil && len(keys) == 1 {
		slice.node, slice.x = n, x
		return slice
	}
	if len(keys) != 1 {
		return &itemExpr{n, x, &tupleExpr{node{keySpan}, keys}}
	}
	return &itemExpr{n, x, keys[0]}
}

// subscribed is a key, or a slice that lacks what it is taken of.
func (p *parser) subscribed() expr {
	start := p.here()
	s := &sliceExpr{}
	if !p.cur().is(":") {
		x := p.expression()
		if !p.cur().is(":") {
			return x
		}
		s.start = x
	}
	p.expect(":")
	if !p.sliceEnds() {
		s.stop = p.expression()
	}
	if p.skip(":") && !p.sliceEnds() {
		s.step = p.expression()
	}
	s.span = p.since(start)
	return s
}

func (p *parser) sliceEnds() bool {
	t := p.cur()
	return p.broken || t.is(":") || t.is("]") || t.is(",")
}

func (p *parser) call(start int, fn expr) expr {
	args := p.arguments()
	c := &callExpr{node: node{p.since(start)}, fn: fn, args: args}
	p.noteCall(c)
	return c
}

func (p *parser) arguments() arguments {
	var a arguments
	open := p.spanOf(p.cur())
	p.expect("(")
	for first := true; !p.broken && !p.cur().is(")"); first = false {
		if !first && (!p.expect(",") || p.cur().is(")")) {
			break
		}
		t := p.cur()
		wrong := ""
		switch {
		case t.is("*"):
			if a.star != nil || a.starStar != nil {
				wrong = "only one '*' argument is possible, and in front of '**'"
			}
			p.i++
			a.star = p.expression()
		case t.is("**"):
			if a.starStar != nil {
				wrong = "only one '**' argument is possible"
			}
			p.i++
			a.starStar = p.expression()
		case t.kind == tokName && p.look().is("="):
			if a.starStar != nil {
				wrong = "arguments by name go in front of '**'"
			}
			if slices.ContainsFunc(a.kwargs, func(k keyword) bool { return k.name == t.text }) {
				wrong = "the argument '" + t.text + "' is given twice"
			}
			p.i += 2
			x := p.expression()
			a.kwargs = append(a.kwargs, keyword{t.text, x, p.place.span(t.start, p.tokens[p.i-1].end)})
		default:
			if len(a.kwargs) > 0 {
				wrong = "an argument without a name follows one with a name"
			} else if a.star != nil || a.starStar != nil {
				wrong = "an argument follows one with a star"
			}
			a.args = append(a.args, p.expression())
		}
		if wrong != "" {
			p.failWith(diag.Diagnostic{Span: p.spanOf(t), What: wrong, Notes: []diag.Note{{Span: open, Text: "in this call"}}})
		}
	}
	p.expect(")")
	return a
}

// filter parses the name and arguments of a filter, behind its '|'.
func (p *parser) filter(start int, x expr) *filterExpr {
	f := &filterExpr{x: x}
	name, span := p.dotted("the name of a filter")
	f.name = name
	if p.cur().is("(") {
		f.args = p.arguments()
	}
	f.span = p.since(start)
	if x == nil {
		f.span = span
	}
	f.run = filterNamed(name)
	return f
}

// dotted parses a name that may hold dots.
func (p *parser) dotted(what string) (string, source.Span) {
	name, span := p.expectName(what)
	for p.skip(".") {
		more, at := p.expectName(what)
		name, span = name+"."+more, span.Cover(at)
	}
	return name, span
}

func (p *parser) test(start int, x expr) expr {
	p.i++
	negated := p.skipName("not")
	t := &testExpr{x: x}
	t.name, _ = p.dotted("the name of a test")
	switch c := p.cur(); {
	case c.is("("):
		t.args = p.arguments()
	case p.broken:
	case c.isName("is"):
		p.fail(p.spanOf(c), "a test cannot be tested again", "", "write 'x is a and x is b'")
	case c.isName("else"), c.isName("or"), c.isName("and"):
	case c.kind == tokName, c.kind == tokString, c.kind == tokInt, c.kind == tokFloat, c.is("["), c.is("{"):
		argStart := p.here()
		t.args.args = []expr{p.postfix(argStart, p.primary())}
	}
	t.span = p.since(start)
	t.run = testNamed(t.name)
	if negated {
		return &unaryExpr{t.node, "not", t}
	}
	return t
}
