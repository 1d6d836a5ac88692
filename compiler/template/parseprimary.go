package template

import (
	"strings"
)

// primary parses a name, a literal, or something in brackets.
func (p *parser) primary() expr {
	start, t := p.here(), p.cur()
	if p.broken {
		return &badExpr{}
	}
	switch t.kind {
	case tokName:
		p.i++
		return p.named(t)
	case tokString:
		p.i++
		if p.cur().kind != tokString {
			return &constExpr{node{p.spanOf(t)}, t.val}
		}
		// Strings side by side are one.
		var b strings.Builder
		for p.i--; p.cur().kind == tokString; p.i++ {
			s, _ := p.cur().val.(string)
			b.WriteString(s)
		}
		return &constExpr{node{p.since(start)}, b.String()}
	case tokInt, tokFloat:
		p.i++
		return &constExpr{node{p.spanOf(t)}, t.val}
	case tokOp:
		switch t.text {
		case "(":
			return p.parenthesis()
		case "[":
			return p.list()
		case "{":
			return p.dict()
		}
	}
	p.unexpected("an expression")
	return &badExpr{}
}

func (p *parser) named(t *token) expr {
	n := node{p.spanOf(t)}
	switch t.text {
	case "true", "True":
		return &constExpr{n, true}
	case "false", "False":
		return &constExpr{n, false}
	case "none", "None":
		return &constExpr{n, nil}
	}
	return &nameExpr{node: n, name: t.text}
}

func (p *parser) parenthesis() expr {
	start := p.here()
	p.i++
	if p.skip(")") {
		return &tupleExpr{node: node{p.since(start)}}
	}
	x := p.tuple(true)
	p.expect(")")
	if t, ok := x.(*tupleExpr); ok {
		t.span = p.since(start)
	}
	return x
}

func (p *parser) list() expr {
	start := p.here()
	p.i++
	var items []expr
	for !p.broken && !p.cur().is("]") {
		if len(items) > 0 && (!p.expect(",") || p.cur().is("]")) {
			break
		}
		items = append(items, p.expression())
	}
	p.expect("]")
	return &listExpr{node{p.since(start)}, items}
}

func (p *parser) dict() expr {
	start := p.here()
	if next := p.look(); next.is("{") && next.start == start+1 {
		p.fail(p.place.span(start, start+2), "'{{' inside of a tag", "a tag is Jinja already; braces around a name make no sense in it", "remove the inner '{{' and '}}'")
		return &badExpr{}
	}
	p.i++
	d := &dictExpr{}
	for !p.broken && !p.cur().is("}") {
		if len(d.keys) > 0 && (!p.expect(",") || p.cur().is("}")) {
			break
		}
		key := p.expression()
		p.expect(":")
		d.keys, d.vals = append(d.keys, key), append(d.vals, p.expression())
	}
	p.expect("}")
	d.span = p.since(start)
	return d
}
