package template

// statement parses one, from its name up to and with its end tag.
func (p *parser) statement() []stmt {
	start := p.tokens[p.i-1].start // of the "{%"
	t := p.cur()
	if t.kind != tokName {
		p.unexpected("the name of a tag")
		p.endTag(tokTagEnd)
		return nil
	}
	if !p.deeper() {
		p.shallower()
		p.endTag(tokTagEnd)
		return nil
	}
	defer p.shallower()
	p.i++
	var list []stmt
	switch t.text {
	case "if":
		list = []stmt{p.ifTag(start)}
	case "for":
		list = []stmt{p.forTag(start)}
	case "set":
		list = []stmt{p.setTag(start)}
	case "do":
		list = []stmt{&doStmt{p.tuple(true)}}
	case "print":
		list = p.printTag()
	case "break":
		list = []stmt{&jumpStmt{breakLoop}}
		p.jump(t)
	case "continue":
		list = []stmt{&jumpStmt{continueLoop}}
		p.jump(t)
	case "with":
		list = []stmt{p.withTag(start)}
	case "filter":
		list = []stmt{p.filterTag(start)}
	case "call":
		list = []stmt{p.callTag(start)}
	case "autoescape":
		p.expression()
		body, _ := p.block("autoescape", start, "endautoescape")
		list = []stmt{&scopeStmt{body: body}}
	case "macro":
		list = []stmt{p.macroTag(start)}
	case "test", "data_test":
		list = []stmt{p.testTag(start, t.text)}
	case "materialization":
		list = []stmt{p.materializationTag(start)}
	case "snapshot":
		return []stmt{p.snapshotTag(start)}
	case "docs":
		return []stmt{p.docsTag(start)}
	default:
		p.unknownTag(t)
	}
	p.endTag(tokTagEnd)
	return list
}

func (p *parser) ifTag(start int) stmt {
	s := &ifStmt{}
	for {
		test := p.tuple(false)
		body, end := p.block("if", start, "elif", "else", "endif")
		s.branches = append(s.branches, branch{test, body})
		switch end {
		case "elif":
			continue
		case "else":
			s.other, _ = p.block("if", start, "endif")
		}
		return s
	}
}

func (p *parser) forTag(start int) stmt {
	s := &forStmt{}
	s.target = p.target(false)
	if !p.skipName("in") {
		p.unexpected("'in'")
	}
	s.iter = p.tuple(false)
	if p.skipName("if") {
		s.test = &loopTest{test: p.expression(), target: cloneTarget(s.target)}
	}
	s.recursive = p.skipName("recursive")
	s.span = p.since(start)
	p.loops++
	var end string
	s.body, end = p.block("for", start, "else", "endfor")
	p.loops--
	if end == "else" {
		s.other, _ = p.block("for", start, "endfor")
	}
	return s
}

// jump checks that a break or continue is inside of a loop.
func (p *parser) jump(t *token) {
	if p.loops == 0 {
		p.fail(p.spanOf(t), "'"+t.text+"' outside of a loop", "", "")
	}
}

func (p *parser) printTag() []stmt {
	var list []stmt
	for !p.broken && p.cur().kind != tokTagEnd {
		if len(list) > 0 && !p.expect(",") {
			break
		}
		list = append(list, &printStmt{p.expression()})
	}
	return list
}

func (p *parser) withTag(start int) stmt {
	s := &withStmt{}
	for !p.broken && p.cur().kind != tokTagEnd {
		if len(s.targets) > 0 && !p.expect(",") {
			break
		}
		s.targets = append(s.targets, p.target(false))
		p.expect("=")
		s.vals = append(s.vals, p.expression())
	}
	s.body, _ = p.block("with", start, "endwith")
	return s
}

func (p *parser) callTag(start int) stmt {
	m := &Macro{Kind: KindCall}
	if p.cur().is("(") {
		m.Params = p.signature()
	}
	at := p.spanOf(p.cur())
	x := p.expression()
	c, ok := x.(*callExpr)
	if !ok {
		p.fail(at, "'call' needs a call: a macro's name and its arguments in parentheses", "", "write '{% call name(...) %}'")
		c = &callExpr{fn: x}
	}
	for _, k := range c.args.kwargs {
		if k.name == "caller" {
			p.fail(k.span, "a call block passes 'caller' by itself", "", "leave out 'caller=', or write a call in '{{ }}'")
		}
	}
	c.caller = &callBlock{call: c, macro: m}
	m.body = p.macroBody("call", start, "endcall")
	m.Span = p.since(start)
	return c.caller
}
