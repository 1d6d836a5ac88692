package clickhouse

import (
	"regexp"
	"slices"
	"strings"
)

// The server's ways to quote an expression, a value, and a function that it has
// nothing against by name.
var (
	quotedExpressions = []*regexp.Regexp{
		regexp.MustCompile(`(?s)Aggregate function (.+?) is found inside`),
		regexp.MustCompile(`(?s)Multiple expressions (.+?) and .+ for alias`),
		regexp.MustCompile(`(?s)Different expressions with the same alias \S+:\s+(.+?)\s+and\s`),
	}
	quotedValues = []*regexp.Regexp{
		regexp.MustCompile(`Cannot (?:parse|convert) string '((?:[^'\\]|\\.)*)'`),
		regexp.MustCompile(`Cannot parse string '?((?:[^'\\]|\\.)*?)'? as `),
	}
	functionNames = []*regexp.Regexp{
		regexp.MustCompile("(?:of|for) (?:aggregate )?function [`']?([A-Za-z0-9_]+)"),
		regexp.MustCompile(`FUNCTION ([A-Za-z0-9_]+)\(`),
		regexp.MustCompile("(?i)(?:aggregate )?function [`']?([A-Za-z0-9_]+)[`']? (?:requires|doesn't|does not|cannot|should|takes|must)"),
	}
	divisions = []string{"intDiv", "modulo", "div", "mod"}
)

// operators are functions that are written with signs.
func operators(function string) []string {
	switch function {
	case "plus":
		return []string{"+"}
	case "minus", "negate":
		return []string{"-"}
	case "multiply":
		return []string{"*"}
	case "divide":
		return []string{"/"}
	case "modulo":
		return []string{"%", "mod"}
	case "intDiv":
		return []string{"div"}
	case "equals":
		return []string{"="}
	case "notEquals":
		return []string{"!=", "<>"}
	case "less":
		return []string{"<"}
	case "greater":
		return []string{">"}
	case "lessOrEquals":
		return []string{"<="}
	case "greaterOrEquals":
		return []string{">="}
	case "concat":
		return []string{"||"}
	case "like", "ilike", "and", "or", "not", "in":
		return []string{function}
	case "CAST", "_CAST":
		return []string{"::"}
	}
	return nil
}

// hinted is the offset that the server's words about an expression, a value or a
// function mean, where sql has one such place only.
func hinted(sql, message string) (int, bool) {
	// The scope is the whole of a query, and names everything in it.
	message, _, _ = strings.Cut(message, "In scope ")
	for _, pattern := range quotedExpressions {
		if m := pattern.FindStringSubmatch(message); m != nil {
			return only(sql, pieces(m[1]))
		}
	}
	for _, pattern := range quotedValues {
		if m := pattern.FindStringSubmatch(message); m != nil {
			return only(sql, []string{"'" + m[1] + "'"})
		}
	}
	if strings.HasPrefix(message, "Division by zero") {
		return onlyCall(sql, divisions)
	}
	for _, pattern := range functionNames {
		if m := pattern.FindStringSubmatch(message); m != nil {
			return onlyCall(sql, []string{m[1]})
		}
	}
	return 0, false
}

// pieces are the tokens of a text as they are compared: without regard to case.
func pieces(text string) []string {
	var all []string
	l := lexer{sql: text}
	for t, ok := l.next(); ok; t, ok = l.next() {
		all = append(all, folded(&l, t))
	}
	return all
}

func folded(l *lexer, t token) string {
	switch t.kind {
	case stringToken:
		return l.text(t)
	case quotedToken:
		return unquote(l.text(t))
	}
	return strings.ToLower(l.text(t))
}

// only is where the tokens stand beside each other, in one place of sql.
func only(sql string, tokens []string) (int, bool) {
	found, n := 0, 0
	all, at := pieces(sql), starts(sql)
	for i := 0; len(tokens) > 0 && i+len(tokens) <= len(all); i++ {
		if slices.EqualFunc(all[i:i+len(tokens)], tokens, strings.EqualFold) {
			found, n = at[i], n+1
		}
	}
	return found, n == 1
}

// onlyCall is the only place where sql calls one of the functions, by its name
// or with signs.
func onlyCall(sql string, functions []string) (int, bool) {
	found, n := 0, 0
	all, at := pieces(sql), starts(sql)
	for i, word := range all {
		for _, f := range functions {
			if strings.EqualFold(word, f) && i+1 < len(all) && all[i+1] == "(" {
				found, n = at[i], n+1
				continue
			}
			for _, sign := range operators(f) {
				if signAt(all, at, i) == sign {
					found, n = at[i], n+1
				}
			}
		}
	}
	return found, n == 1
}

// signs are what operators are written with.
const signs = "+-*/%=<>!|:"

// signAt is the operator that begins with token i, or the word that it is.
func signAt(all []string, at []int, i int) string {
	if !strings.Contains(signs, all[i]) {
		return all[i]
	}
	if i > 0 && at[i-1] == at[i]-1 && strings.Contains(signs, all[i-1]) {
		return "" // the rest of one
	}
	sign := all[i]
	for j := i + 1; j < len(all) && at[j] == at[j-1]+1 && strings.Contains(signs, all[j]); j++ {
		sign += all[j]
	}
	return sign
}

func starts(sql string) []int {
	var at []int
	l := lexer{sql: sql}
	for t, ok := l.next(); ok; t, ok = l.next() {
		at = append(at, t.start)
	}
	return at
}

// likeliest is the occurrence of a name whose surroundings are most like those
// that the server's scope, the query as the server writes it, has around the
// name; the first of equals.
func likeliest(sql string, occurrences []int, name, message string) int {
	_, scope, ok := strings.Cut(message, "n scope ")
	if !ok {
		return occurrences[0]
	}
	theirs, ours, at := essential(scope), essential(sql), essentialStarts(sql)
	best, most := occurrences[0], -1
	for _, o := range occurrences {
		i, ok := slices.BinarySearch(at, o)
		if !ok {
			continue
		}
		for j, word := range theirs {
			if word != strings.ToLower(name) {
				continue
			}
			if n := alike(ours, i, theirs, j); n > most {
				best, most = o, n
			}
		}
	}
	return best
}

// essential are the tokens without what the server puts in and leaves out when it
// writes a query anew.
func essential(text string) []string {
	return slices.DeleteFunc(pieces(text), filler)
}

func essentialStarts(text string) []int {
	var at []int
	l := lexer{sql: text}
	for t, ok := l.next(); ok; t, ok = l.next() {
		if !filler(folded(&l, t)) {
			at = append(at, t.start)
		}
	}
	return at
}

func filler(word string) bool {
	return word == "(" || word == ")" || word == "as" || word == "inner" || word == "outer"
}

// alike counts the tokens that are the same before and behind two places, from
// there on.
func alike(a []string, i int, b []string, j int) int {
	n := 0
	for k := 1; i-k >= 0 && j-k >= 0 && a[i-k] == b[j-k]; k++ {
		n++
	}
	for k := 1; i+k < len(a) && j+k < len(b) && a[i+k] == b[j+k]; k++ {
		n++
	}
	return n
}
