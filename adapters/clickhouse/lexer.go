package clickhouse

import "strings"

type tokenKind uint8

const (
	wordToken   tokenKind = iota // identifier, keyword or number
	quotedToken                  // `identifier` or "identifier"
	stringToken                  // 'string' or $tag$heredoc$tag$
	punctToken                   // anything else, one byte
)

// token is a piece of SQL: sql[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

// lexer cuts SQL into tokens, without comments and space. It accepts anything:
// what is wrong is for the server to say.
type lexer struct {
	sql string
	pos int
}

// next is the next token; false at the end.
func (l *lexer) next() (token, bool) {
	l.skipSpace()
	if l.pos >= len(l.sql) {
		return token{}, false
	}
	start := l.pos
	kind := punctToken
	switch c := l.sql[start]; {
	case isWord(c):
		kind = wordToken
		for l.pos < len(l.sql) && isWord(l.sql[l.pos]) {
			l.pos++
		}
	case c == '\'':
		kind = stringToken
		l.quoted(c)
	case c == '`' || c == '"':
		kind = quotedToken
		l.quoted(c)
	case c == '$' && l.heredoc():
		kind = stringToken
	default:
		l.pos++
	}
	return token{kind, start, l.pos}, true
}

func (l *lexer) text(t token) string { return l.sql[t.start:t.end] }

// is reports whether t is the word, in any case.
func (l *lexer) is(t token, word string) bool {
	return t.kind == wordToken && strings.EqualFold(l.text(t), word)
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.sql) {
		rest := l.sql[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n\v\f", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "#!"), strings.HasPrefix(rest, "# "):
			l.skipPast(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			l.skipPast(rest, "*/")
		default:
			return
		}
	}
}

func (l *lexer) skipPast(rest, end string) {
	if i := strings.Index(rest, end); i >= 0 {
		l.pos += i + len(end)
		return
	}
	l.pos = len(l.sql)
}

// quoted steps over a quoted piece, in which \x and a doubled quote are no
// ends.
func (l *lexer) quoted(quote byte) {
	for l.pos++; l.pos < len(l.sql); l.pos++ {
		switch l.sql[l.pos] {
		case '\\':
			l.pos++
		case quote:
			if l.pos+1 < len(l.sql) && l.sql[l.pos+1] == quote {
				l.pos++
				continue
			}
			l.pos++
			return
		}
	}
	l.pos = len(l.sql)
}

// heredoc steps over $tag$...$tag$, if there is one.
func (l *lexer) heredoc() bool {
	rest := l.sql[l.pos:]
	n := 1
	for n < len(rest) && isWord(rest[n]) {
		n++
	}
	if n == len(rest) || rest[n] != '$' {
		return false
	}
	tag := rest[:n+1]
	end := strings.Index(rest[len(tag):], tag)
	if end < 0 {
		return false
	}
	l.pos += end + 2*len(tag)
	return true
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
