package template

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// expression parses one with an inline if.
func (p *parser) expression() expr {
	if !p.deeper() {
		p.shallower()
		return &badExpr{}
	}
	defer p.shallower()
	start := p.here()
	x := p.or()
	for p.skipName("if") {
		test := p.or()
		var other expr
		if p.skipName("else") {
			other = p.expression()
		}
		x = &condExpr{node{p.since(start)}, test, x, other}
	}
	return x
}

func (p *parser) or() expr {
	start := p.here()
	left := p.and()
	for p.skipName("or") {
		right := p.and()
		left = &logicExpr{node{p.since(start)}, true, left, right}
	}
	return left
}

func (p *parser) and() expr {
	start := p.here()
	left := p.not()
	for p.skipName("and") {
		right := p.not()
		left = &logicExpr{node{p.since(start)}, false, left, right}
	}
	return left
}

func (p *parser) not() expr {
	start := p.here()
	if !p.skipName("not") {
		return p.compare()
	}
	if !p.deeper() {
		p.shallower()
		return &badExpr{}
	}
	defer p.shallower()
	x := p.not()
	return &unaryExpr{node{p.since(start)}, "not", x}
}

func (p *parser) compare() expr {
	start := p.here()
	first := p.sum()
	var ops []string
	var rest []expr
	for !p.broken {
		t := p.cur()
		op := ""
		switch {
		case t.kind == tokOp:
			switch t.text {
			case "==", "!=", "<", "<=", ">", ">=":
				op = t.text
			}
		case t.isName("in"):
			op = "in"
		case t.isName("not") && p.look().isName("in"):
			p.i++
			op = "not in"
		}
		if op == "" {
			break
		}
		p.i++
		ops, rest = append(ops, op), append(rest, p.sum())
	}
	if ops == nil {
		return first
	}
	return &compareExpr{node{p.since(start)}, first, ops, rest}
}

func (p *parser) sum() expr {
	start := p.here()
	left := p.concat()
	for !p.broken && (p.cur().is("+") || p.cur().is("-")) {
		op := value.Op(p.next().text)
		right := p.concat()
		left = &binaryExpr{node{p.since(start)}, op, left, right}
	}
	return left
}

func (p *parser) concat() expr {
	start := p.here()
	first := p.product()
	if !p.cur().is("~") {
		return first
	}
	parts := []expr{first}
	for p.skip("~") {
		parts = append(parts, p.product())
	}
	return &concatExpr{node{p.since(start)}, parts}
}

func (p *parser) product() expr {
	start := p.here()
	left := p.power()
	for !p.broken {
		op := ""
		if t := p.cur(); t.kind == tokOp {
			switch t.text {
			case "*", "/", "//", "%":
				op = t.text
			}
		}
		if op == "" {
			break
		}
		p.i++
		right := p.power()
		left = &binaryExpr{node{p.since(start)}, value.Op(op), left, right}
	}
	return left
}

// power binds to the left and looser than a sign, unlike Python's.
func (p *parser) power() expr {
	start := p.here()
	left := p.unary(true)
	for p.skip("**") {
		right := p.unary(true)
		left = &binaryExpr{node{p.since(start)}, value.OpPow, left, right}
	}
	return left
}

// unary parses a sign or a primary. Filters apply to the sign as well, a
// subscript does too: -x|abs is (-x)|abs.
func (p *parser) unary(filters bool) expr {
	start := p.here()
	var x expr
	if op := p.cur().text; !p.broken && (p.cur().is("-") || p.cur().is("+")) {
		if !p.deeper() {
			p.shallower()
			return &badExpr{}
		}
		p.i++
		inner := p.unary(false)
		p.shallower()
		x = &unaryExpr{node{p.since(start)}, op, inner}
	} else {
		x = p.primary()
	}
	x = p.postfix(start, x)
	if filters {
		x = p.filters(start, x)
	}
	return x
}

// tuple parses an expression, or several with commas between them. It stops
// in front of a name that the caller reads itself.
func (p *parser) tuple(inlineIf bool) expr {
	start := p.here()
	var items []expr
	isTuple := false
	for !p.broken {
		if len(items) > 0 && !p.expect(",") {
			break
		}
		if p.tupleEnds() {
			break
		}
		if inlineIf {
			items = append(items, p.expression())
		} else {
			items = append(items, p.or())
		}
		if !p.cur().is(",") {
			break
		}
		isTuple = true
	}
	switch {
	case p.broken:
		return &badExpr{node{p.since(start)}}
	case isTuple:
		return &tupleExpr{node{p.since(start)}, items}
	case len(items) == 1:
		return items[0]
	}
	p.fail(p.spanOf(p.cur()), "expected an expression, got "+p.cur().describe(), "", "")
	return &badExpr{}
}

func (p *parser) tupleEnds() bool {
	t := p.cur()
	return t.endsTag() || t.is(")")
}
