package clickhouse

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The server's ways to say where. Positions are counted in bytes, from 1.
var (
	lineColumn = regexp.MustCompile(`\(line (\d+), col (\d+)\)`)
	atPosition = regexp.MustCompile(`failed at position (\d+)`)
)

// The server's ways to name what it does not know.
var unknownNames = []*regexp.Regexp{
	regexp.MustCompile("Unknown (?:expression|table expression|function expression|expression or function) identifier [`']([^`']+)[`']"),
	regexp.MustCompile("Unknown expression or table expression identifier [`']([^`']+)[`']"),
	regexp.MustCompile(`Missing columns: '([^']+)'`),
	regexp.MustCompile(`Unknown identifier: ([^\s,;]+)`),
	regexp.MustCompile(`There is no column '([^']+)'`),
	regexp.MustCompile("Unknown (?:aggregate )?function [`']?([A-Za-z0-9_]+)[`']?"),
	regexp.MustCompile("Function with name [`']([^`']+)[`'] does not exist"),
	regexp.MustCompile(`Table ([^\s]+) does(?:n't| not) exist`),
	regexp.MustCompile(`Table ([^\s]+) already exists`),
	regexp.MustCompile(`Database ([^\s]+) does(?:n't| not) exist`),
	regexp.MustCompile(`No such column ([^\s]+) in table`),
	regexp.MustCompile(`Unknown data type family: ([A-Za-z0-9_]+)`),
	regexp.MustCompile("Unknown table engine ([A-Za-z0-9_]+)"),
	regexp.MustCompile("Column [`']([^`']+)[`'] is not under aggregate function"),
}

// position is where in sql the message puts the mistake, from 1; 0, 0 when it
// does not say. Columns count characters.
func position(sql, message string) (line, column int) {
	if m := lineColumn.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		column, _ = strconv.Atoi(m[2])
		return line, characters(sql, line, column)
	}
	if m := atPosition.FindStringSubmatch(message); m != nil {
		at, _ := strconv.Atoi(m[1])
		return lineAndColumn(sql, at-1)
	}
	for _, pattern := range unknownNames {
		if m := pattern.FindStringSubmatch(message); m != nil {
			if at, ok := occurrence(sql, m[1], message); ok {
				return lineAndColumn(sql, at)
			}
		}
	}
	if at, ok := hinted(sql, message); ok {
		return lineAndColumn(sql, at)
	}
	return 0, 0
}

// characters turns a column in bytes into one in characters.
func characters(sql string, line, column int) int {
	for range line - 1 {
		_, rest, ok := strings.Cut(sql, "\n")
		if !ok {
			return column
		}
		sql = rest
	}
	sql, _, _ = strings.Cut(sql, "\n")
	before := min(max(column-1, 0), len(sql))
	return utf8.RuneCountInString(sql[:before]) + 1
}

func lineAndColumn(sql string, at int) (line, column int) {
	at = min(max(at, 0), len(sql))
	start := strings.LastIndexByte(sql[:at], '\n') + 1
	return strings.Count(sql[:at], "\n") + 1, utf8.RuneCountInString(sql[start:at]) + 1
}

// occurrence is the offset of the place where sql names name, which may be
// qualified: a.b. Where the whole of it is not written, its last part is looked
// for. Of several places it is the one that the message's scope is most like.
func occurrence(sql, name, message string) (int, bool) {
	parts := identifierParts(name)
	for len(parts) > 0 {
		switch at := find(sql, parts); len(at) {
		case 0:
			parts = parts[1:]
		case 1:
			return at[0], true
		default:
			return likeliest(sql, at, parts[0], message), true
		}
	}
	return 0, false
}

func identifierParts(name string) []string {
	var parts []string
	l := lexer{sql: name}
	for t, ok := l.next(); ok; t, ok = l.next() {
		if t.kind != punctToken {
			parts = append(parts, unquote(l.text(t)))
		}
	}
	return parts
}

// find are the places where sql has the parts, with dots between.
func find(sql string, parts []string) (places []int) {
	type piece struct {
		text string
		at   int
	}
	l := lexer{sql: sql}
	var window []piece
	dot := false
	for t, ok := l.next(); ok; t, ok = l.next() {
		if t.kind == punctToken {
			if dot = l.text(t) == "."; !dot {
				window = nil
			}
			continue
		}
		if t.kind == stringToken {
			window, dot = nil, false
			continue
		}
		if !dot {
			window = nil
		}
		window = append(window, piece{unquote(l.text(t)), t.start})
		dot = false
		if len(window) < len(parts) {
			continue
		}
		tail := window[len(window)-len(parts):]
		same := true
		for i, p := range tail {
			same = same && p.text == parts[i]
		}
		if same {
			places = append(places, tail[0].at)
		}
	}
	return places
}

func unquote(text string) string {
	if len(text) >= 2 && (text[0] == '`' || text[0] == '"') && text[len(text)-1] == text[0] {
		quote := text[:1]
		text = text[1 : len(text)-1]
		return strings.NewReplacer(quote+quote, quote, `\`+quote, quote, `\\`, `\`).Replace(text)
	}
	return text
}
