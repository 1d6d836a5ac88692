package compiler

import "strings"

// withClause finds where common table expressions go into a query that has
// some of its own: behind WITH, or WITH RECURSIVE, and the white space after
// it. It is -1 for a query that begins in another way. Only the beginning
// counts: WITH also stands in WITH TOTALS and WITH FILL.
func withClause(sql string) int {
	at := skipBlank(sql, 0, true)
	at, ok := keyword(sql, at, "with")
	if !ok {
		return -1
	}
	at = skipBlank(sql, at, false)
	if after, ok := keyword(sql, at, "recursive"); ok {
		at = skipBlank(sql, after, false)
	}
	return at
}

// keyword steps over a word, whatever its case.
func keyword(sql string, at int, word string) (int, bool) {
	end := at + len(word)
	if end > len(sql) || !strings.EqualFold(sql[at:end], word) {
		return at, false
	}
	if end < len(sql) && (isWordByte(sql[end])) {
		return at, false
	}
	return end, true
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// skipBlank steps over white space, and over comments when asked to.
func skipBlank(sql string, at int, comments bool) int {
	for at < len(sql) {
		rest := sql[at:]
		switch {
		case strings.IndexByte(" \t\r\n\f\v", sql[at]) >= 0:
			at++
		case comments && (strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "#!") || strings.HasPrefix(rest, "# ")):
			line := strings.IndexByte(rest, '\n')
			if line < 0 {
				return len(sql)
			}
			at += line + 1
		case comments && strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				return len(sql)
			}
			at += end + 2
		default:
			return at
		}
	}
	return at
}
