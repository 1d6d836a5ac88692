package template

func (p *parser) setTag(start int) stmt {
	target := p.target(true)
	if p.skip("=") {
		return &setStmt{target, p.tuple(true)}
	}
	if t := p.cur(); !p.broken && !t.is("|") && t.kind != tokTagEnd {
		p.fail(p.spanOf(t), "expected '=' or the end of the tag, got "+t.describe(), "",
			"'{% set x = ... %}' sets a value, '{% set x %}...{% endset %}' a text")
	}
	if p.broken { // one or the other; an end tag is no news then
		p.unknown = append(p.unknown, "set")
		return &setStmt{target, &badExpr{}}
	}
	s := &setBlock{target: target}
	s.filter = p.filterChain()
	s.span = p.since(start)
	s.body, _ = p.block("set", start, "endset")
	return s
}

// filterChain parses "|a|b(c)"; nil when there is none.
func (p *parser) filterChain() *filterExpr {
	var f *filterExpr
	for p.skip("|") {
		f = p.chained(f)
	}
	return f
}

func (p *parser) chained(before *filterExpr) *filterExpr {
	if before == nil {
		return p.filter(p.here(), nil)
	}
	return p.filter(p.here(), before)
}

func (p *parser) filterTag(start int) stmt {
	s := &filterStmt{filter: p.filter(p.here(), nil)}
	for p.skip("|") {
		s.filter = p.chained(s.filter)
	}
	s.body, _ = p.block("filter", start, "endfilter")
	return s
}
