package yaml

import "strings"

// mapping reads the mapping whose first key is at hand. Its keys are indented
// by so much; the first may stand behind a dash.
func (s *simple) mapping(indent, depth int) *Node {
	n := s.open(Mapping, depth)
	first := len(s.entries)
	for more := n != nil; more; more = s.next(indent, false) {
		key, after := s.key()
		if key == nil {
			return s.giveUp()
		}
		val := s.value(after, indent, depth)
		if s.gaveUp {
			return nil
		}
		s.entries = append(s.entries, Entry{key, val})
		n.size += key.size
		n.hold(val)
	}
	if s.gaveUp {
		return nil
	}
	own := make([]Entry, len(s.entries)-first)
	copy(own, s.entries[first:])
	s.entries = s.entries[:first]
	n.Entries = s.settle(own)
	return n
}

// list reads the list whose first dash is at hand.
func (s *simple) list(indent, depth int) *Node {
	n := s.open(Sequence, depth)
	first := len(s.items)
	for more := n != nil; more; more = s.next(indent, true) {
		item := s.item(indent, depth)
		if s.gaveUp {
			return nil
		}
		s.items = append(s.items, item)
		n.hold(item)
	}
	if s.gaveUp {
		return nil
	}
	own := make([]*Node, len(s.items)-first)
	copy(own, s.items[first:])
	n.items = &own
	s.items = s.items[:first]
	return n
}

// open begins a mapping or a list with what is at hand; nil where none lies so
// deep.
func (s *simple) open(kind Kind, depth int) *Node {
	if depth > simpleDepth {
		return s.giveUp()
	}
	return s.node(kind, s.content, s.content)
}

// next goes on to the next key, or to the next dash; false behind the last one
// and where something is indented that does not belong there.
func (s *simple) next(indent int, dash bool) bool {
	if !s.line() || s.indent() < indent || s.indent() == indent && s.dash() != dash {
		return false
	}
	if s.indent() > indent {
		s.giveUp()
		return false
	}
	return true
}

// hold takes a node in.
func (n *Node) hold(part *Node) {
	n.size += part.size
	n.Span.End = max(n.Span.End, part.Span.End)
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
