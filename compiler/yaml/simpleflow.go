package yaml

import "strings"

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
