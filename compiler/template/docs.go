package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// ParseDocs finds the {% docs %} blocks of a file of prose. Nothing else in it
// has to be Jinja: prose may speak of templates without being one.
func ParseDocs(f *source.File) ([]*Block, error) {
	var errs diag.List
	place := &places{file: f}
	l := lexer{src: normalize(f.Text, place), place: place, errs: &errs}
	var blocks []*Block
	for {
		open := nextTag(l.src, l.pos)
		if open < 0 {
			break
		}
		l.pos = open + 2
		switch l.src[open+1] {
		case '#':
			l.skipTo("#}")
		case '%':
			if after, ok := l.word(open+2, "raw", false); ok {
				l.pos = after
				l.until("endraw", true)
			} else if isDocs(l.src[open+2:]) {
				blocks = append(blocks, l.docsBlock(open))
			}
		}
	}
	return blocks, errs.Err()
}

func isDocs(tag string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeftFunc(strings.TrimLeft(tag, "+-"), isSpace), "docs")
	return ok && rest != "" && isSpace(rune(rest[0]))
}

// skipTo moves behind a closing sign; nowhere when there is none.
func (l *lexer) skipTo(end string) {
	if i := strings.Index(l.src[l.pos:], end); i >= 0 {
		l.pos += i + len(end)
	}
}

func (l *lexer) docsBlock(open int) *Block {
	l.tokens = nil
	if sign := l.sign(l.pos); sign != 0 {
		l.pos++
	}
	l.emit(tokTagBegin, "", open, l.pos)
	l.tag(open, tokTagEnd)
	l.docs(open)
	if end, ok := l.word(min(l.pos+2, len(l.src)), "enddocs", true); ok {
		begin := l.pos
		l.emit(tokTagBegin, "", begin, begin+2)
		l.emit(tokName, "enddocs", begin+2, end)
		l.pos = end
		l.emit(tokTagEnd, "", begin, end)
	}
	l.emit(tokEOF, "", l.pos, l.pos)
	p := parser{tokens: l.tokens, i: 2, place: l.place, src: l.src, errs: l.errs}
	p.docsTag(open)
	if len(p.blocks) == 0 {
		return &Block{Kind: BlockDocs}
	}
	return p.blocks[0]
}
