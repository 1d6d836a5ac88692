package retry

import (
	"slices"
	"strings"
	"unicode"
)

// reads reports whether a statement only reads, by its first word.
func reads(sql string) bool {
	for {
		sql = strings.TrimLeftFunc(sql, func(r rune) bool { return r == '(' || unicode.IsSpace(r) })
		rest, comment := sql, false
		switch {
		case strings.HasPrefix(sql, "--"), strings.HasPrefix(sql, "#"):
			_, rest, comment = strings.Cut(sql, "\n")
		case strings.HasPrefix(sql, "/*"):
			_, rest, comment = strings.Cut(sql, "*/")
		}
		if !comment {
			break
		}
		sql = rest
	}
	word := sql
	if end := strings.IndexFunc(sql, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = sql[:end]
	}
	return slices.Contains([]string{"SELECT", "WITH", "DESCRIBE", "DESC", "SHOW", "EXISTS", "EXPLAIN"}, strings.ToUpper(word))
}
