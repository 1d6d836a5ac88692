package yaml

import (
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/source"
)

// simple reads the YAML that nearly all files of projects hold: mappings and
// lists in lines, with values that are words, quoted words, blocks of text and
// lists of words in brackets. It makes the same tree of them as the library
// does, at a fraction of the cost, and gives up at whatever else there is:
// whoever called it then asks the library, which also finds the mistakes.
type simple struct {
	*parser
	text string
	// at is the beginning of the line at hand, which begins with its indent
	// spaces, and content where it goes on after them.
	at, content int
	// gaveUp is set for good once there was something else.
	gaveUp bool

	slab    []Node
	entries []Entry // of the mappings being read
	items   []*Node // of the lists being read
}

const (
	// simpleDepth is how deep simple files are.
	simpleDepth = 40
	// simpleSize is how large they are.
	simpleSize = 8 << 20
	// slabSize is how many nodes are allocated at once.
	slabSize = 32
)

// parseSimple reads a file; false when it is not simple.
func (p *parser) parseSimple(text string) (*Node, bool) {
	if len(text) > simpleSize || !simpleText(text) {
		return nil, false
	}
	s := &simple{parser: p, text: text}
	if !s.line() || s.content != s.at {
		return nil, false
	}
	n := s.mapping(0, 0)
	if s.at < len(s.text) {
		s.gaveUp = true
	}
	return n, !s.gaveUp
}

// simpleText reports whether a text has only characters that mean the same
// everywhere: no tabs, no line breaks but "\n", nothing that cannot be
// printed.
func simpleText(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			if r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffd && r <= 0xffff {
				return false
			}
			i += size
			continue
		case c < ' ' && c != '\n' || c == 0x7f:
			return false
		}
		i++
	}
	return true
}

func (s *simple) node(kind Kind, start, end int) *Node {
	if len(s.slab) == 0 {
		s.slab = make([]Node, slabSize)
	}
	n := &s.slab[0]
	s.slab = s.slab[1:]
	n.Kind, n.size = kind, 1
	n.Span = source.Span{File: s.file, Start: start, End: end}
	return n
}

// giveUp ends the reading.
func (s *simple) giveUp() *Node {
	s.gaveUp = true
	return nil
}
