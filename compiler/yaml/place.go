package yaml

import (
	"strings"
	"unicode/utf8"

	lib "go.yaml.in/yaml/v3"
)

// places turns the lines and columns of the YAML library into offsets. Nodes
// come in the order of the file, so that a long line is walked once.
type places struct {
	text  string
	lines []int // offset of each line, as YAML counts lines
	// last is where the last scalar or bracket ended.
	last int

	line, column, offset int // where the walk stands
}

// lineStarts counts CR, LF, CRLF, NEL, LS and PS as ends of lines: YAML 1.1
// does.
func lineStarts(text string) []int {
	lines := []int{0}
	for i := 0; i < len(text); i++ {
		if n := lineBreak(text[i:]); n > 0 {
			i += n - 1
			lines = append(lines, i+1)
		}
	}
	return lines
}

// lineBreak is the length of the line break that s begins with, or 0.
func lineBreak(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '\n':
		return 1
	case s[0] == '\r':
		if len(s) > 1 && s[1] == '\n' {
			return 2
		}
		return 1
	case strings.HasPrefix(s, "\u0085"):
		return 2
	case strings.HasPrefix(s, "\u2028"), strings.HasPrefix(s, "\u2029"):
		return 3
	}
	return 0
}

func (p *places) at(line, column int) int {
	if line < 1 || line > len(p.lines) {
		return len(p.text)
	}
	if line != p.line || column < p.column {
		p.line, p.column, p.offset = line, 1, p.lines[line-1]
	}
	for p.column < column && p.offset < len(p.text) {
		_, size := utf8.DecodeRuneInString(p.text[p.offset:])
		p.offset += size
		p.column++
	}
	return p.offset
}

// start is where a node's value begins, behind its anchor and tag.
func (p *places) start(n *lib.Node) int {
	i := p.at(n.Line, n.Column)
	for n.Anchor != "" || n.Style&lib.TaggedStyle != 0 {
		if i >= len(p.text) || p.text[i] != '&' && p.text[i] != '!' {
			break
		}
		for i < len(p.text) && !blank(p.text[i]) {
			i++
		}
		i = skipBlank(p.text, i)
	}
	return i
}

// bracket is behind the bracket that closes a flow collection: after its last
// child, only white space, comments and commas come before it.
func (p *places) bracket(from, open int, bracket byte) int {
	if from <= open {
		from = open + 1
	}
	for i := from; i < len(p.text); i++ {
		i = skipBlank(p.text, i)
		if i >= len(p.text) {
			break
		}
		if p.text[i] == bracket {
			return i + 1
		}
		if !strings.ContainsRune(",:?", rune(p.text[i])) {
			break
		}
	}
	return from
}

// skipBlank skips white space, line breaks and comments.
func skipBlank(text string, i int) int {
	for i < len(text) {
		switch {
		case blank(text[i]):
			i++
		case text[i] == '#' && (i == 0 || blank(text[i-1])):
			for i < len(text) && text[i] != '\n' && text[i] != '\r' {
				i++
			}
		default:
			return i
		}
	}
	return i
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
