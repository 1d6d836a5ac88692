package template

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

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
		list = []stmt{&doStmt{p.tuple(true, nil)}}
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

// block parses a body up to one of the end tags and steps over the end's
// name, which is returned; "" when the end never came.
func (p *parser) block(tag string, start int, ends ...string) ([]stmt, string) {
	opened := p.since(start)
	p.skip(":") // Python's habit, which Jinja allows
	p.endTag(tokTagEnd)
	p.open = append(p.open, openBlock{tag: tag, ends: ends, span: opened})
	p.nested++
	body, end := p.body(ends...)
	p.nested--
	p.open = p.open[:len(p.open)-1]
	if end != "" {
		p.i++
		return body, end
	}
	closing := ends[len(ends)-1]
	d := diag.Diagnostic{
		Span: opened,
		What: "this '" + tag + "' block is never closed",
		Fix:  "end it with '{% " + closing + " %}'",
	}
	if t := p.cur(); t.kind == tokTagBegin {
		d.What = "this '" + tag + "' block is not closed before the block around it ends"
		d.Notes = []diag.Note{{Span: p.spanOf(p.look()), Text: "the block around it ends here"}}
	}
	report(p.errs, d)
	p.lost = true
	return body, ""
}

// unknownTag reports a tag that does not exist, or not here.
func (p *parser) unknownTag(t *token) {
	at := p.spanOf(t)
	if name, isEnd := strings.CutPrefix(t.text, "end"); isEnd && slices.Contains(p.unknown, name) {
		p.quietly()
		return
	}
	switch t.text {
	case "import", "from", "include", "extends", "block":
		p.unknown = append(p.unknown, t.text)
		p.fail(at, "'"+t.text+"' is not available in dbt projects",
			"there are no templates to load: macros of the project and its packages are there without an import",
			"call macros by their names, or as 'package.macro()'")
		return
	case "else", "elif", "endraw":
		p.fail(at, "'"+t.text+"' without a block that it belongs to", "", "")
		return
	}
	if slices.Contains(endTags(), t.text) {
		d := diag.Diagnostic{Span: at, What: "'" + t.text + "' ends nothing: no '" + strings.TrimPrefix(t.text, "end") + "' block is open here"}
		if n := len(p.open); n > 0 {
			b := p.open[n-1]
			d.Notes = []diag.Note{{Span: b.span, Text: "the innermost open block is this '" + b.tag + "', which ends with '" + b.ends[len(b.ends)-1] + "'"}}
		}
		p.failWith(d)
		return
	}
	p.unknown = append(p.unknown, t.text)
	candidates := append(tags(), endTags()...)
	if n := len(p.open); n > 0 {
		candidates = append(candidates, p.open[n-1].ends...)
	}
	p.fail(at, "unknown tag '"+t.text+"'", "", diag.DidYouMean(t.text, candidates))
}

// quietly steps to the end of the tag without a word.
func (p *parser) quietly() {
	p.broken = true
	for !p.cur().endsTag() {
		p.i++
	}
}

func tags() []string {
	return []string{
		"if", "for", "set", "do", "print", "break", "continue", "with", "filter", "call", "autoescape",
		"macro", "test", "data_test", "materialization", "snapshot", "docs", "raw", "elif", "else",
	}
}

func endTags() []string {
	return []string{
		"endif", "endfor", "endset", "endwith", "endfilter", "endcall", "endautoescape", "endmacro",
		"endtest", "enddata_test", "endmaterialization", "endsnapshot", "enddocs", "endraw",
	}
}

func (p *parser) ifTag(start int) stmt {
	s := &ifStmt{}
	for {
		test := p.tuple(false, nil)
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
	isIn := func(t *token) bool { return t.isName("in") }
	s.target = p.target(false, isIn)
	if !p.skipName("in") {
		p.unexpected("'in'")
	}
	s.iter = p.tuple(false, func(t *token) bool { return t.isName("recursive") })
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

func (p *parser) setTag(start int) stmt {
	target := p.target(true, nil)
	if p.skip("=") {
		return &setStmt{target, p.tuple(true, nil)}
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
		s.targets = append(s.targets, p.target(false, nil))
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
	c.caller = &callBlock{call: c, macro: m}
	m.body = p.macroBody("call", start, "endcall")
	m.Span = p.since(start)
	return c.caller
}

// macroBody parses the body of a block that is a function of its own: a loop
// around it cannot be left from inside.
func (p *parser) macroBody(tag string, start int, end string) []stmt {
	loops, inMacro := p.loops, p.inMacro
	p.loops, p.inMacro = 0, inMacro || tag != "call"
	body, _ := p.block(tag, start, end)
	p.loops, p.inMacro = loops, inMacro
	return body
}

// target parses what can be assigned to.
func (p *parser) target(attrs bool, stop func(*token) bool) target {
	start := p.here()
	var items []target
	isTuple := false
	for !p.broken {
		if len(items) > 0 && !p.expect(",") {
			break
		}
		if p.tupleEnds(stop) {
			break
		}
		items = append(items, p.oneTarget(attrs))
		if !p.cur().is(",") {
			break
		}
		isTuple = true
	}
	switch {
	case p.broken:
	case isTuple:
		return &tupleTarget{node{p.since(start)}, items}
	case len(items) == 1:
		return items[0]
	default:
		p.unexpected("a name to assign to")
	}
	return &tupleTarget{}
}

func (p *parser) oneTarget(attrs bool) target {
	t := p.cur()
	if attrs && t.kind == tokName && p.look().is(".") {
		p.i += 2
		attr, _ := p.expectName("the name of an attribute")
		return &attrTarget{node: node{p.since(t.start)}, name: t.text, attr: attr}
	}
	x := p.primary()
	made := toTarget(x)
	if made == nil {
		p.fail(x.at(), "cannot assign to '"+x.at().Text()+"'", "only names can be assigned to", "")
		return &tupleTarget{}
	}
	return made
}

// toTarget turns an expression into a target; nil when it cannot be one.
func toTarget(x expr) target {
	switch x := x.(type) {
	case *nameExpr:
		return &nameTarget{node: x.node, name: x.name}
	case *tupleExpr:
		t := &tupleTarget{node: x.node}
		for _, item := range x.items {
			made := toTarget(item)
			if made == nil {
				return nil
			}
			t.items = append(t.items, made)
		}
		return t
	}
	return nil
}

func cloneTarget(t target) target {
	switch t := t.(type) {
	case *nameTarget:
		c := *t
		return &c
	case *tupleTarget:
		c := &tupleTarget{node: t.node}
		for _, item := range t.items {
			c.items = append(c.items, cloneTarget(item))
		}
		return c
	}
	return t
}

// spanFrom is the span from an offset to the end of the tag at hand.
func (p *parser) spanFrom(start int) source.Span {
	return p.place.span(start, p.cur().end)
}
