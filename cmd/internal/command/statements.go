package command

import "strings"

// statements cuts SQL at its semicolons and returns the statements that are
// whole and what comes after the last of them. Semicolons in quotes and
// comments do not count.
func statements(sql string) (whole []string, rest string) {
	start := 0
	for i := 0; i < len(sql); {
		if sql[i] == ';' {
			whole = append(whole, strings.TrimSpace(sql[start:i]))
			start = i + 1
		}
		i += span(sql[i:])
	}
	return whole, strings.TrimLeft(sql[start:], " \t\r\n")
}

// span is how long the quoted text or the comment is that sql begins with; 1
// when it begins with neither. What is not closed goes to the end.
func span(sql string) int {
	switch {
	case strings.HasPrefix(sql, "--"), strings.HasPrefix(sql, "#!"), strings.HasPrefix(sql, "# "):
		return until(sql, 2, "\n")
	case strings.HasPrefix(sql, "/*"):
		return until(sql, 2, "*/")
	case strings.ContainsRune("'\"`", rune(sql[0])):
		for i := 1; i < len(sql); i++ {
			switch sql[i] {
			case '\\':
				i++
			case sql[0]:
				return i + 1
			}
		}
		return len(sql)
	case sql[0] == '$':
		// A heredoc: $tag$ text $tag$.
		if end := strings.IndexByte(sql[1:], '$'); end >= 0 && word(sql[1:end+1]) {
			return until(sql, end+2, sql[:end+2])
		}
	}
	return 1
}

// until is the length of sql up to and with the first mark after from.
func until(sql string, from int, mark string) int {
	if i := strings.Index(sql[from:], mark); i >= 0 {
		return from + i + len(mark)
	}
	return len(sql)
}

func word(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
