package invocation

import (
	"fmt"
	"slices"
	"strings"
)

// changeError is the refusal of a statement that may change something while a
// plan is made.
type changeError struct{ sql string }

func (e *changeError) Error() string {
	line, _, more := strings.Cut(strings.TrimSpace(e.sql), "\n")
	if more {
		line += " ..."
	}
	return fmt.Sprintf("a plan changes nothing, so it does not run what the template runs: %s", line)
}

// onlyReads reports whether a statement is one of those that change nothing.
func onlyReads(sql string) bool {
	word := firstWord(sql)
	return slices.Contains([]string{"select", "with", "show", "describe", "desc", "exists", "explain", "from", "set"}, word)
}

// firstWord is a statement's first word in lower case, behind comments and
// parentheses.
func firstWord(sql string) string {
	for {
		sql = strings.TrimLeft(sql, " \t\r\n\f\v(")
		switch {
		case strings.HasPrefix(sql, "--"), strings.HasPrefix(sql, "#"):
			_, rest, ok := strings.Cut(sql, "\n")
			if !ok {
				return ""
			}
			sql = rest
		case strings.HasPrefix(sql, "/*"):
			_, rest, ok := strings.Cut(sql, "*/")
			if !ok {
				return ""
			}
			sql = rest
		default:
			end := strings.IndexFunc(sql, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
			if end < 0 {
				end = len(sql)
			}
			return strings.ToLower(sql[:end])
		}
	}
}
