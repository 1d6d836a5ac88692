package yaml

import (
	"strings"
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

// line goes on to the next line with something on it, beginning with the one
// at hand; false at the end of the file.
func (s *simple) line() bool {
	for s.at < len(s.text) {
		i := s.at
		for i < len(s.text) && s.text[i] == ' ' {
			i++
		}
		if i < len(s.text) && s.text[i] != '\n' && s.text[i] != '#' {
			s.content = i
			return true
		}
		s.skipLine(i)
	}
	return false
}

// skipLine goes to the line behind the one that i is on.
func (s *simple) skipLine(i int) {
	if n := strings.IndexByte(s.text[i:], '\n'); n >= 0 {
		s.at = i + n + 1
		return
	}
	s.at = len(s.text)
}

func (s *simple) indent() int { return s.content - s.at }

// lineEnd is where the line that i is on ends.
func (s *simple) lineEnd(i int) int {
	if n := strings.IndexByte(s.text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s.text)
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

// mapping reads the mapping whose first key is at hand. Its keys are indented
// by so much; the first may stand behind a dash.
func (s *simple) mapping(indent, depth int) *Node {
	if depth > simpleDepth {
		return s.giveUp()
	}
	n := s.node(Mapping, s.content, s.content)
	first := len(s.entries)
	for {
		key, after := s.key()
		if key == nil {
			return s.giveUp()
		}
		val := s.value(after, indent, depth)
		if s.gaveUp {
			return nil
		}
		s.entries = append(s.entries, Entry{key, val})
		n.size += key.size + val.size
		n.Span.End = max(n.Span.End, val.Span.End)
		if !s.line() || s.indent() < indent || s.indent() == indent && s.dash() {
			break
		}
		if s.indent() > indent {
			return s.giveUp()
		}
	}
	own := make([]Entry, len(s.entries)-first)
	copy(own, s.entries[first:])
	s.entries = s.entries[:first]
	n.Entries = s.settle(own)
	return n
}

// key reads the key at hand, and gives where the line goes on behind its
// colon; nil when there is none.
func (s *simple) key() (*Node, int) {
	const longest = 200
	i := s.content
	if c := s.text[i]; !letter(c) && c != '+' {
		return nil, 0
	}
	for i < len(s.text) && (letter(s.text[i]) || digit(s.text[i]) || strings.IndexByte("+-./", s.text[i]) >= 0) {
		i++
	}
	if i >= len(s.text) || s.text[i] != ':' || i-s.content > longest {
		return nil, 0
	}
	if i+1 < len(s.text) && s.text[i+1] != ' ' && s.text[i+1] != '\n' {
		return nil, 0
	}
	n := s.node(Scalar, s.content, i)
	if n.plain(s.text[s.content:i]) != nil {
		return nil, 0
	}
	return n, i + 1
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// dash reports whether the line at hand is an item of a list.
func (s *simple) dash() bool {
	return s.text[s.content] == '-' && s.content+1 < len(s.text) && s.text[s.content+1] == ' '
}

// value reads what stands behind a key's colon, or below it.
func (s *simple) value(after, indent, depth int) *Node {
	i := after
	for i < len(s.text) && s.text[i] == ' ' {
		i++
	}
	if i < len(s.text) && s.text[i] != '\n' && (s.text[i] != '#' || i == after) {
		return s.scalar(i, indent)
	}
	s.skipLine(i)
	if s.line() {
		switch below := s.indent(); {
		case s.dash() && below >= indent:
			return s.list(below, depth+1)
		case below > indent:
			return s.mapping(below, depth+1)
		}
	}
	return s.node(Scalar, after, after) // nothing
}

// list reads the list whose first dash is at hand.
func (s *simple) list(indent, depth int) *Node {
	if depth > simpleDepth {
		return s.giveUp()
	}
	n := s.node(Sequence, s.content, s.content)
	first := len(s.items)
	for {
		item := s.item(indent, depth)
		if s.gaveUp {
			return nil
		}
		s.items = append(s.items, item)
		n.size += item.size
		n.Span.End = max(n.Span.End, item.Span.End)
		if !s.line() || s.indent() < indent || s.indent() == indent && !s.dash() {
			break
		}
		if s.indent() > indent {
			return s.giveUp()
		}
	}
	own := make([]*Node, len(s.items)-first)
	copy(own, s.items[first:])
	n.items = &own
	s.items = s.items[:first]
	return n
}

// item reads what stands behind a dash: a mapping that goes on below, or a
// value.
func (s *simple) item(indent, depth int) *Node {
	i := s.content + 1
	for i < len(s.text) && s.text[i] == ' ' {
		i++
	}
	if i >= len(s.text) || s.text[i] == '\n' || s.text[i] == '#' {
		return s.giveUp()
	}
	dash := s.content
	s.content = i
	if key, _ := s.key(); key != nil {
		return s.mapping(i-s.at, depth+1)
	}
	s.content = dash
	return s.scalar(i, indent)
}

// scalar reads the value at i, and goes to the line behind it. What goes on
// below is indented by more than indent.
func (s *simple) scalar(i, indent int) *Node {
	switch c := s.text[i]; c {
	case '"', '\'':
		return s.quoted(i)
	case '|', '>':
		return s.block(i, indent)
	case '[', '{':
		return s.flow(i)
	case '-':
		if i+1 >= len(s.text) || s.text[i+1] == ' ' || s.text[i+1] == '\n' {
			return s.giveUp()
		}
	case '?', ':', ',', ']', '}', '#', '&', '*', '!', '%', '@', '`':
		return s.giveUp()
	}
	text, comment, ok := s.words(i)
	if !ok {
		return s.giveUp()
	}
	from := s.at
	if !s.line() || s.indent() <= indent {
		return s.plain(i, text)
	}
	if comment {
		return s.giveUp()
	}
	return s.folded(i, text, from, indent)
}

// words is the rest of a line without quotes and without the comment at its
// end, and goes behind it.
func (s *simple) words(i int) (text string, comment, ok bool) {
	stop := s.lineEnd(i)
	text = s.text[i:stop]
	if at := strings.Index(text, " #"); at >= 0 {
		text, comment = text[:at], true
	}
	text = strings.TrimRight(text, " ")
	s.skipLine(stop)
	return text, comment, !strings.Contains(text, ": ") && !strings.HasSuffix(text, ":")
}

// folded goes on with a text without quotes that has further lines, from the
// line behind its first.
func (s *simple) folded(i int, first string, from, indent int) *Node {
	var b strings.Builder
	b.WriteString(first)
	for {
		empty := strings.Count(s.text[from:s.at], "\n")
		if strings.TrimLeft(s.text[from:s.at], " \n") != "" {
			return s.giveUp() // comments end it
		}
		if c := s.text[s.content]; !letter(c) && !digit(c) && c != '(' {
			return s.giveUp()
		}
		text, comment, ok := s.words(s.content)
		if !ok || comment {
			return s.giveUp()
		}
		if empty == 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.Repeat("\n", empty) + text)
		from = s.at
		if !s.line() || s.indent() <= indent {
			break
		}
	}
	n := s.plain(i, b.String())
	if n != nil {
		n.Span.End = end(s.file.Text, i, Plain, n.Text)
	}
	return n
}

func (s *simple) plain(i int, text string) *Node {
	n := s.node(Scalar, i, i+len(text))
	if n.plain(text) != nil {
		return s.giveUp()
	}
	return n
}

// quoted reads a text in quotes that is alone on its line.
func (s *simple) quoted(i int) *Node {
	n, stop := s.quotes(i, s.lineEnd(i))
	if n == nil || !s.closes(stop) {
		return s.giveUp()
	}
	s.skipLine(stop)
	return n
}

// closes reports whether nothing but a comment stands behind a value.
func (s *simple) closes(stop int) bool {
	rest := s.text[stop:s.lineEnd(stop)]
	left := strings.TrimLeft(rest, " ")
	return left == "" || left[0] == '#' && len(left) < len(rest)
}

// quotes reads a text in quotes that ends before limit; nil when there is none.
func (s *simple) quotes(i, limit int) (*Node, int) {
	quote, style := s.text[i], SingleQuoted
	if quote == '"' {
		style = DoubleQuoted
	}
	var b strings.Builder
	from := i + 1
	for at := from; at < limit; at++ {
		c := s.text[at]
		switch {
		case c == '\\' && quote == '"':
			decoded := byte(0)
			if at+1 < limit {
				decoded = escapes(s.text[at+1])
			}
			if decoded == 0 {
				return nil, 0
			}
			b.WriteString(s.text[from:at])
			b.WriteByte(decoded)
			at++
			from = at + 1
		case c != quote:
		case quote == '\'' && at+1 < limit && s.text[at+1] == quote:
			b.WriteString(s.text[from : at+1])
			at++
			from = at + 1
		default:
			text := s.text[from:at]
			if b.Len() > 0 {
				b.WriteString(text)
				text = b.String()
			}
			n := s.node(Scalar, i, at+1)
			n.Style, n.Text, n.isText = style, text, true
			return n, at + 1
		}
	}
	return nil, 0
}

// escapes is what a backslash and c stand for, or 0.
func escapes(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case 'n':
		return '\n'
	case 't':
		return '\t'
	}
	return 0
}

// flow reads a list or a mapping in brackets that is alone on its line.
func (s *simple) flow(i int) *Node {
	n, stop := s.brackets(i, s.lineEnd(i), 0)
	if n == nil || !s.closes(stop) {
		return s.giveUp()
	}
	s.skipLine(stop)
	return n
}

// part reads a value within brackets; nil when there is none.
func (s *simple) part(i, limit, depth int) (*Node, int) {
	switch s.text[i] {
	case '"', '\'':
		return s.quotes(i, limit)
	case '[', '{':
		return s.brackets(i, limit, depth+1)
	}
	return s.word(i, limit)
}

// brackets reads a list or a mapping that ends before limit; nil when there is
// none.
func (s *simple) brackets(i, limit, depth int) (*Node, int) {
	n, closing := s.node(Sequence, i, i), byte(']')
	var items []*Node
	if s.text[i] == '{' {
		n.Kind, closing = Mapping, '}'
	}
	if depth > simpleDepth {
		return nil, 0
	}
	for at := s.skipSpaces(i+1, limit); at < limit; {
		if s.text[at] == closing && len(items)+len(n.Entries) == 0 {
			n.Span.End = at + 1
			return n, at + 1
		}
		var key, val *Node
		if n.Kind == Mapping {
			if key, at = s.word(at, limit); key == nil || at+1 >= limit || s.text[at] != ':' || s.text[at+1] != ' ' || key.Span.End != at {
				return nil, 0
			}
			if at = s.skipSpaces(at+1, limit); at >= limit {
				return nil, 0
			}
		}
		if val, at = s.part(at, limit, depth); val == nil {
			return nil, 0
		}
		n.size += val.size
		if key == nil {
			items = append(items, val)
		} else {
			n.Entries = append(n.Entries, Entry{key, val})
			n.size += key.size
		}
		at = s.skipSpaces(at, limit)
		switch {
		case at < limit && s.text[at] == ',':
			if at = s.skipSpaces(at+1, limit); at < limit && s.text[at] == closing {
				return nil, 0
			}
		case at < limit && s.text[at] == closing:
			n.Span.End = at + 1
			n.Entries = s.settle(n.Entries)
			if len(items) > 0 {
				n.items = &items
			}
			return n, at + 1
		default:
			return nil, 0
		}
	}
	return nil, 0
}

func (s *simple) skipSpaces(i, limit int) int {
	for i < limit && s.text[i] == ' ' {
		i++
	}
	return i
}

// word reads an unquoted word within brackets; nil when there is none.
func (s *simple) word(i, limit int) (*Node, int) {
	stop := i
	for stop < limit && (letter(s.text[stop]) || digit(s.text[stop]) || stop > i && strings.IndexByte("-./ ", s.text[stop]) >= 0) {
		stop++
	}
	text := strings.TrimRight(s.text[i:stop], " ")
	if text == "" {
		return nil, 0
	}
	return s.plain(i, text), stop
}

// block reads a block of text behind | or >.
func (s *simple) block(i, indent int) *Node {
	style := Literal
	if s.text[i] == '>' {
		style = Folded
	}
	first := s.lineEnd(i)
	strip := false
	switch strings.TrimRight(s.text[i+1:first], " ") {
	case "":
	case "-":
		strip = true
	default:
		return s.giveUp()
	}
	s.skipLine(first)
	text, ok := s.lines(indent, style)
	if !ok {
		return s.giveUp()
	}
	if strip {
		text = strings.TrimSuffix(text, "\n")
	}
	n := s.node(Scalar, i, end(s.file.Text, i, style, text))
	n.Style, n.Text, n.isText = style, text, true
	return n
}

// lines reads the lines of a block of text and goes behind them. Lines that are
// indented further than the first are not simple when they are folded, and
// neither are empty ones in front of it.
func (s *simple) lines(parent int, style Style) (string, bool) {
	var b strings.Builder
	indent, empty, broken := 0, 0, false
	for s.at < len(s.text) {
		stop := s.lineEnd(s.at)
		line := s.text[s.at:stop]
		left := strings.TrimLeft(line, " ")
		own := len(line) - len(left)
		switch {
		case left == "":
			if indent == 0 || own > indent {
				return "", false
			}
			empty++
			s.skipLine(stop)
			continue
		case indent == 0 && own > parent:
			indent = own
		case indent == 0, own < indent && own > parent, own > indent && style == Folded:
			return "", false
		case own < indent:
			return b.String() + "\n", true
		case style == Folded && empty == 0:
			b.WriteByte(' ')
		case style == Folded:
			b.WriteString(strings.Repeat("\n", empty))
		default:
			b.WriteString(strings.Repeat("\n", empty+1))
		}
		b.WriteString(line[indent:])
		empty, broken = 0, stop < len(s.text)
		s.skipLine(stop)
	}
	if broken {
		b.WriteByte('\n')
	}
	return b.String(), indent > 0
}
