package yaml

import "strings"

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
