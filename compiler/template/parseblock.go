package template

import (
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

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

// macroBody parses the body of a block that is a function of its own: a loop
// around it cannot be left from inside.
func (p *parser) macroBody(tag string, start int, end string) []stmt {
	loops, inMacro := p.loops, p.inMacro
	p.loops, p.inMacro = 0, inMacro || tag != "call"
	body, _ := p.block(tag, start, end)
	p.loops, p.inMacro = loops, inMacro
	return body
}

// spanFrom is the span from an offset to the end of the tag at hand.
func (p *parser) spanFrom(start int) source.Span {
	return p.place.span(start, p.cur().end)
}
