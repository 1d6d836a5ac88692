package template

import (
	"sort"
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
)

// places maps the text that is lexed, whose line ends are all "\n", to the
// file it was read from.
type places struct {
	file *source.File
	base int // where the text starts in the file
	// dropped holds, in order, the normalized offsets in front of which a
	// carriage return of the file was dropped.
	dropped []int
	// table is set for text that was decoded from a YAML scalar: the offset in
	// the file of each byte of the text, and one more for its end.
	table []int
	// whole is set instead when no such table can be made: everything is there.
	whole *source.Span
}

// normalize makes every line end "\n", as Jinja2 does, and remembers where it
// dropped what.
func normalize(text string, p *places) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\r' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '\n' {
			p.dropped = append(p.dropped, b.Len())
			continue
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *places) offset(at int) int {
	if len(p.dropped) > 0 {
		at += sort.SearchInts(p.dropped, at)
	}
	if p.table != nil {
		return p.table[min(at, len(p.table)-1)]
	}
	return p.base + at
}

// data are the statements that print a stretch of text: of one that a YAML
// scalar spells with other white space, one for each piece that the file has as
// it is. The stretch in the file may be longer than the text, which has lost
// line breaks to its neighbours.
func (p *places) data(text string, start, end int) []stmt {
	switch {
	case p.whole != nil:
		return []stmt{&dataStmt{text: text, span: *p.whole, vague: true}}
	case p.table == nil:
		return []stmt{&dataStmt{text: text, span: p.span(start, end)}}
	}
	var list []stmt
	for from := 0; from < len(text); {
		to := from + 1
		for to < len(text) && p.offset(start+to) == p.offset(start+to-1)+1 {
			to++
		}
		list = append(list, &dataStmt{text: text[from:to], span: p.span(start+from, start+to)})
		from = to
	}
	return list
}

func (p *places) span(start, end int) source.Span {
	if p.whole != nil {
		return *p.whole
	}
	return source.Span{File: p.file, Start: p.offset(start), End: p.offset(end)}
}
