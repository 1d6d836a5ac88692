package yaml

import (
	"strings"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/source"
)

// end is where a scalar that starts at start ends.
func end(text string, start int, style Style, value string) int {
	if start >= len(text) {
		return len(text)
	}
	switch style {
	case DoubleQuoted, SingleQuoted:
		return quoteEnd(text, start)
	}
	w := walker{text: text, at: start, style: style}
	w.open()
	for _, c := range value {
		w.next(c)
	}
	return w.at
}

func quoteEnd(text string, start int) int {
	quote := text[start]
	if quote != '"' && quote != '\'' {
		return start
	}
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return len(text)
}

// At is the place in the file of a stretch of the scalar's text, given in
// bytes of Text. For what a template gave, it is the whole scalar.
func (n *Node) At(start, end int) source.Span {
	if n == nil || n.Kind != Scalar || n.derived || !n.Span.Known() {
		return n.Place()
	}
	start = min(max(start, 0), len(n.Text))
	end = min(max(end, start), len(n.Text))
	w := walker{text: n.Span.File.Text, at: n.Span.Start, style: n.Style}
	w.open()
	for _, c := range n.Text[:start] {
		w.next(c)
	}
	begin := w.upcoming(n.Text[start:])
	for _, c := range n.Text[start:end] {
		w.next(c)
	}
	return source.Span{File: n.Span.File, Start: begin, End: max(begin, w.at)}
}

// walker goes through a scalar as written, character by character of its
// value.
type walker struct {
	text  string
	at    int
	style Style
}

// open steps over the opening quote or the line of | or >.
func (w *walker) open() {
	switch w.style {
	case DoubleQuoted, SingleQuoted:
		w.at = min(w.at+1, len(w.text))
	case Literal, Folded:
		i := strings.IndexByte(w.text[w.at:], '\n')
		if i < 0 {
			w.at = len(w.text)
			return
		}
		w.at += i + 1
	}
}

// next steps over what was written for the character c of the value.
func (w *walker) next(c rune) {
	if w.at >= len(w.text) {
		return
	}
	if c == '\n' || c == ' ' && w.breaks() {
		w.folded(c)
		return
	}
	w.skipIndent(c)
	r, size := utf8.DecodeRuneInString(w.text[w.at:])
	switch {
	case w.style == DoubleQuoted && r == '\\':
		w.at = min(w.at+escapeLength(w.text[w.at:]), len(w.text))
	case w.style == SingleQuoted && strings.HasPrefix(w.text[w.at:], "''"):
		w.at += 2
	case r == c:
		w.at += size
	}
}

// upcoming is where the next character of the value stands.
func (w *walker) upcoming(rest string) int {
	if rest == "" {
		return w.at
	}
	c, _ := utf8.DecodeRuneInString(rest)
	if c != '\n' && c != ' ' {
		w.skipIndent(c)
	}
	return w.at
}

// breaks reports whether the line ends here, but for white space.
func (w *walker) breaks() bool {
	rest := strings.TrimLeft(w.text[w.at:min(len(w.text), w.at+256)], " \t")
	return lineBreak(rest) > 0
}

// folded steps over a line break of the value, or over a space that stands
// for one.
func (w *walker) folded(c rune) {
	if w.style == DoubleQuoted && w.text[w.at] == '\\' {
		w.at = min(w.at+escapeLength(w.text[w.at:]), len(w.text))
		return
	}
	rest := strings.TrimLeft(w.text[w.at:], " \t")
	n := lineBreak(rest)
	if n == 0 {
		return
	}
	w.at = len(w.text) - len(rest) + n
	// A folded line break gives nothing when an empty line follows: those
	// give one line break each.
	if c == '\n' && w.style != Literal {
		next := strings.TrimLeft(w.text[w.at:min(len(w.text), w.at+256)], " \t")
		if k := lineBreak(next); k > 0 && w.style != Folded {
			w.at = len(w.text) - len(strings.TrimLeft(w.text[w.at:], " \t")) + k
		}
	}
}

// skipIndent steps over the indentation of a continued line, and over escaped
// line breaks.
func (w *walker) skipIndent(c rune) {
	for w.at < len(w.text) {
		switch b := w.text[w.at]; {
		case rune(b) == c:
			return
		case blank(b):
			w.at++
		case b == '\\' && w.style == DoubleQuoted && lineBreak(w.text[w.at+1:]) > 0:
			w.at += 1 + lineBreak(w.text[w.at+1:])
		default:
			return
		}
	}
}

// escapeLength is the length of the escape that s begins with.
func escapeLength(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case 'x':
		return 4
	case 'u':
		return 6
	case 'U':
		return 10
	}
	_, size := utf8.DecodeRuneInString(s[1:])
	return 1 + size
}
