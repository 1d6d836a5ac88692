package template

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
)

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
