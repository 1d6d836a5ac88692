package yaml

import "strings"

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

// dash reports whether the line at hand is an item of a list.
func (s *simple) dash() bool {
	return s.text[s.content] == '-' && s.content+1 < len(s.text) && s.text[s.content+1] == ' '
}

func (s *simple) skipSpaces(i, limit int) int {
	for i < limit && s.text[i] == ' ' {
		i++
	}
	return i
}

// closes reports whether nothing but a comment stands behind a value.
func (s *simple) closes(stop int) bool {
	rest := s.text[stop:s.lineEnd(stop)]
	left := strings.TrimLeft(rest, " ")
	return left == "" || left[0] == '#' && len(left) < len(rest)
}
