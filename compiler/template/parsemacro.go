package template

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// macroTag parses {% macro name(args) %}.
func (p *parser) macroTag(start int) stmt {
	m := &Macro{Kind: KindMacro}
	m.Written, m.NameSpan = p.expectName("the name of the macro")
	m.Name = m.Written
	m.Params = p.signature()
	return p.define(m, "macro", start, "endmacro")
}

// testTag parses {% test name(args) %}, of which {% data_test %} is another
// spelling.
func (p *parser) testTag(start int, tag string) stmt {
	m := &Macro{Kind: KindTest}
	m.Written, m.NameSpan = p.expectName("the name of the test")
	m.Name = "test_" + m.Written
	m.Params = p.signature()
	return p.define(m, tag, start, "end"+tag)
}

// materializationTag parses {% materialization name, adapter='x' %}.
func (p *parser) materializationTag(start int) stmt {
	m := &Macro{Kind: KindMaterialization, Adapter: "default"}
	m.Written, m.NameSpan = p.expectName("the name of the materialization")
	languages := expr(&listExpr{items: []expr{&constExpr{val: "sql"}}})
	for p.skip(",") {
		option, at := p.expectName("'default', 'adapter' or 'supported_languages'")
		switch option {
		case "default", "":
		case "adapter":
			p.expect("=")
			x := p.expression()
			if name, ok := stringOf(x); ok {
				m.Adapter = name
			} else {
				p.fail(x.at(), "the adapter of a materialization must be a string", "", "")
			}
		case "supported_languages":
			p.expect("=")
			languages = p.expression()
		default:
			p.fail(at, "a materialization has no option '"+option+"'", "",
				diag.DidYouMean(option, []string{"adapter", "default", "supported_languages"}))
		}
	}
	m.Name = "materialization_" + m.Written + "_" + m.Adapter
	m.Params = []MacroParam{{Name: "supported_languages", def: languages}}
	if list, ok := languages.(*listExpr); ok {
		for _, item := range list.items {
			if s, ok := stringOf(item); ok {
				m.Languages = append(m.Languages, s)
			}
		}
	}
	return p.define(m, "materialization", start, "endmaterialization")
}

func stringOf(x expr) (string, bool) {
	c, ok := x.(*constExpr)
	if !ok {
		return "", false
	}
	s, ok := c.val.(string)
	return s, ok
}

func (p *parser) define(m *Macro, tag string, start int, end string) stmt {
	top := p.nested == 0
	m.body = p.macroBody(tag, start, end)
	m.Span = p.spanFrom(start)
	if top {
		p.macros = append(p.macros, m)
	}
	return &macroStmt{macro: m}
}

// signature parses a macro's parameters: names, dbt's optional types, and
// defaults.
func (p *parser) signature() []MacroParam {
	var params []MacroParam
	p.expect("(")
	for first := true; !p.broken && !p.cur().is(")"); first = false {
		if !first && !p.expect(",") {
			break
		}
		var param MacroParam
		param.Name, param.Span = p.expectName("the name of a parameter")
		if slices.ContainsFunc(params, func(o MacroParam) bool { return o.Name == param.Name }) {
			p.fail(param.Span, "the parameter '"+param.Name+"' is there twice", "", "")
		}
		if p.skip(":") {
			param.Type = p.typeName()
		}
		if p.skip("=") {
			param.def = p.expression()
			param.Default = param.def.at()
		} else if n := len(params); n > 0 && params[n-1].def != nil {
			p.fail(param.Span, "the parameter '"+param.Name+"' has no default but follows one that has", "",
				"move it to the front or give it a default")
		}
		params = append(params, param)
	}
	p.expect(")")
	return params
}

// typeName parses a type annotation: str, or list[str].
func (p *parser) typeName() string {
	name, _ := p.expectName("the name of a type")
	if !p.deeper() {
		p.shallower()
		return name
	}
	defer p.shallower()
	if p.skip("[") {
		name += "["
		for first := true; !p.broken && !p.cur().is("]"); first = false {
			if !first {
				p.expect(",")
				name += ", "
			}
			name += p.typeName()
		}
		p.expect("]")
		name += "]"
	}
	return name
}

// snapshotTag parses {% snapshot name %}, whose body is a template of its own.
func (p *parser) snapshotTag(start int) stmt {
	b := &Block{Kind: BlockSnapshot}
	b.Name, b.NameSpan = p.expectName("the name of the snapshot")
	bodyStart := p.cur().end
	top, calls := p.nested == 0, len(p.calls)
	body, _ := p.block("snapshot", start, "endsnapshot")
	bodyEnd := bodyStart
	if p.i >= 2 {
		bodyEnd = max(bodyStart, p.tokens[p.i-2].start)
	}
	b.Body = p.place.span(bodyStart, bodyEnd)
	b.template = &Template{file: p.place.file, body: body, calls: slices.Clone(p.calls[calls:])}
	p.finish(b, start, top)
	return &blockStmt{b}
}

// docsTag parses {% docs name %}, whose body is text.
func (p *parser) docsTag(start int) stmt {
	b := &Block{Kind: BlockDocs}
	b.Name, b.NameSpan = p.expectName("the name of the docs block")
	p.endTag(tokTagEnd)
	b.Body = p.place.span(p.tokens[p.i-1].end, p.tokens[p.i-1].end)
	if t := p.cur(); t.kind == tokData {
		b.Body, b.Text = p.spanOf(t), t.text
		p.i++
	}
	if p.cur().kind == tokTagBegin && p.look().isName("enddocs") {
		p.i += 2
	}
	p.finish(b, start, p.nested == 0)
	return &blockStmt{b}
}

func (p *parser) finish(b *Block, start int, top bool) {
	b.Span = p.spanFrom(start)
	p.endTag(tokTagEnd)
	if top {
		p.blocks = append(p.blocks, b)
	}
}
