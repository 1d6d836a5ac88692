package yaml

import "strings"

// quoted reads a text in quotes that is alone on its line.
func (s *simple) quoted(i int) *Node {
	n, stop := s.quotes(i, s.lineEnd(i))
	if n == nil || !s.closes(stop) {
		return s.giveUp()
	}
	s.skipLine(stop)
	return n
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
