package materialize

import "strings"

// piece is one statement of a text of several.
type piece struct {
	text string
	at   int // its offset in the text
}

// split cuts a text at the semicolons that end statements: those outside of
// strings, quoted names and comments. Pieces without any SQL are left out.
func split(text string) []piece {
	var pieces []piece
	start := 0
	empty := true
	end := func(at int) {
		if !empty {
			pieces = append(pieces, trimmed(text, start, at))
		}
		start, empty = at+1, true
	}
	for i := 0; i < len(text); {
		size, blank := token(text[i:])
		if text[i] == ';' {
			end(i)
		} else if !blank {
			empty = false
		}
		i += size
	}
	end(len(text))
	return pieces
}

// withoutEnd is a text without the semicolons at its end, and what is blank or
// a comment among and after them.
func withoutEnd(text string) string {
	last, ended := 0, false // last is the end of the last token that is SQL
	for i := 0; i < len(text); {
		size, blank := token(text[i:])
		switch {
		case text[i] == ';':
			ended = true
		case !blank:
			last, ended = i+size, false
		}
		i += size
	}
	if ended {
		return text[:last]
	}
	return strings.TrimRight(text, " \t\r\n")
}

// token is the length of the token at the beginning of a text, and whether it
// is white space or a comment. Only what can hold a semicolon is told apart;
// everything else is a token of one byte.
func token(text string) (size int, blank bool) {
	switch c := text[0]; {
	case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v':
		return 1, true
	case c == '\'' || c == '"' || c == '`':
		return quoted(text, c), false
	case strings.HasPrefix(text, "--"), strings.HasPrefix(text, "# "), strings.HasPrefix(text, "#!"):
		if n := strings.IndexByte(text, '\n'); n >= 0 {
			return n + 1, true
		}
		return len(text), true
	case strings.HasPrefix(text, "/*"):
		return blockComment(text), true
	case c == '$':
		return heredoc(text), false
	}
	return 1, false
}

// quoted is the length of a quoted string or name; a doubled quote and a
// backslash do not end it.
func quoted(text string, quote byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			if i+1 >= len(text) || text[i+1] != quote {
				return i + 1
			}
			i++
		}
	}
	return len(text)
}

// blockComment is the length of a comment; comments nest.
func blockComment(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "/*"):
			depth++
			i++
		case strings.HasPrefix(text[i:], "*/"):
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// heredoc is the length of $tag$ ... $tag$, or 1 when there is none.
func heredoc(text string) int {
	n := strings.IndexByte(text[1:], '$')
	if n < 0 {
		return 1
	}
	tag := text[:n+2]
	for _, r := range tag[1 : len(tag)-1] {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return 1
		}
	}
	if end := strings.Index(text[len(tag):], tag); end >= 0 {
		return len(tag) + end + len(tag)
	}
	return 1
}

// trimmed is text[start:end] without white space around it.
func trimmed(text string, start, end int) piece {
	const space = " \t\r\n\f\v"
	body := strings.TrimLeft(text[start:end], space)
	at := end - len(body)
	return piece{text: strings.TrimRight(body, space), at: at}
}
