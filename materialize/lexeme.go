package materialize

import "strings"

// lexeme is a word, a quoted text or a sign of a statement.
type lexeme struct {
	text  string // as it is in the statement, but quoted names that need no quotes without them
	start int
	end   int
	word  bool // a word, number, string or quoted name: two in a row need a space between them
	// quoted says that the text stood in quotes, and is no keyword.
	quoted bool
}

// lexemes reads a statement without white space and comments.
func lexemes(sql string) []lexeme {
	var all []lexeme
	for i := 0; i < len(sql); {
		size, blank := token(sql[i:])
		if blank {
			i += size
			continue
		}
		l := lexeme{start: i}
		switch c := sql[i]; {
		case c == '`' || c == '"':
			l.text, l.word, l.quoted = sql[i:i+size], true, true
			if len(l.text) > 2 && plainWord(l.text[1:len(l.text)-1]) {
				l.text = l.text[1 : len(l.text)-1]
			}
		case c == '\'' || size > 1:
			l.text, l.word, l.quoted = sql[i:i+size], true, true
		case wordByte(c):
			for size < len(sql)-i && wordByte(sql[i+size]) {
				size++
			}
			l.text, l.word = sql[i:i+size], true
		default:
			l.text = sql[i : i+1]
		}
		i += size
		l.end = i
		all = append(all, l)
	}
	return all
}

func wordByte(c byte) bool { return c == '_' || alphanumeric(c) || c >= 0x80 }

// is reports whether a lexeme is one of the keywords.
func (l lexeme) is(words ...string) bool {
	if l.quoted {
		return false
	}
	for _, w := range words {
		if strings.EqualFold(l.text, w) {
			return true
		}
	}
	return false
}

// plain writes lexemes in the one way that does not depend on spaces and
// quotes.
func plain(all []lexeme) string {
	var b strings.Builder
	for i, l := range all {
		if i > 0 && spaced(all[i-1], l) {
			b.WriteByte(' ')
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// spaced reports whether a space goes between two lexemes.
func spaced(a, b lexeme) bool {
	switch {
	case a.word && b.word, a.text == ",":
		return true
	case a.text == "(" || b.text == ")" || a.operator() && b.operator():
		return false
	}
	return a.operator() || b.operator()
}

func (l lexeme) operator() bool {
	return len(l.text) == 1 && strings.IndexByte("+-*/%=<>!|", l.text[0]) >= 0
}

// bare is without the parentheses around all of it.
func bare(all []lexeme) []lexeme {
	for len(all) > 2 && all[0].text == "(" && closedAt(all, 0) == len(all)-1 {
		all = all[1 : len(all)-1]
	}
	return all
}

// closedAt is where the parenthesis or bracket that opens at i is closed; the
// end when it is not.
func closedAt(all []lexeme, i int) int {
	depth := 0
	for ; i < len(all); i++ {
		if all[i].quoted {
			continue
		}
		switch all[i].text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
			if depth <= 0 {
				return i
			}
		}
	}
	return len(all)
}

// commas cuts lexemes at the commas outside of all parentheses.
func commas(all []lexeme) [][]lexeme {
	var parts [][]lexeme
	start := 0
	for i := 0; i < len(all); i++ {
		switch {
		case all[i].quoted:
		case all[i].text == "(" || all[i].text == "[" || all[i].text == "{":
			i = closedAt(all, i)
		case all[i].text == ",":
			parts = append(parts, all[start:i])
			start = i + 1
		}
	}
	if start < len(all) {
		parts = append(parts, all[start:])
	}
	return parts
}
