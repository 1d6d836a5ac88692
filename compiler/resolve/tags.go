package resolve

import "strings"

// tag is the inside of an expression or a statement in a template's text.
type tag struct{ start, end int }

// tags finds a template's expressions and statements. Comments are none, and
// braces in strings do not end one.
func tags(text string) []tag {
	var out []tag
	for at := 0; ; {
		open := strings.IndexByte(text[at:], '{')
		if open < 0 || at+open+1 >= len(text) {
			return out
		}
		open += at
		switch text[open+1] {
		case '#':
			end := strings.Index(text[open:], "#}")
			if end < 0 {
				return out
			}
			at = open + end + 2
		case '{', '%':
			end := closing(text, open+2, text[open+1] == '{')
			out = append(out, tag{open + 2, end})
			at = end
		default:
			at = open + 1
		}
	}
}

// closing is where a tag ends.
func closing(text string, at int, expression bool) int {
	end := "%}"
	if expression {
		end = "}}"
	}
	depth := 0
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\'' || c == '"':
			at = quoted(text, at)
		case expression && c == '{':
			depth++
		case expression && c == '}' && depth > 0:
			depth--
		case strings.HasPrefix(text[at:], end):
			return at
		}
	}
	return len(text)
}

// quoted is where a string literal ends.
func quoted(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[at]:
			return i
		}
	}
	return len(text)
}
