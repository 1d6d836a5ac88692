package yaml

import "strings"

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
