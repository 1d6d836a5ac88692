package resolve

import (
	"regexp"
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
)

// pythonCall is a call of dbt in a model in Python, without "dbt.": as it is
// written there, a template could say the same.
type pythonCall struct {
	text string
	at   source.Span
}

var (
	// pythonToken is what matters of Python: what must not be looked into,
	// names with all that follows their dots, and brackets.
	pythonToken = regexp.MustCompile(`(?s)#[^\n]*|"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` +
		`[\pL_][\pL\pN_]*(?:\s*\.\s*[\pL_][\pL\pN_]*)*|[()]`)
	pythonName = regexp.MustCompile(`^dbt\s*\.\s*(ref|source|config)$`)
)

// pythonCalls are the calls of dbt.ref, dbt.source and dbt.config, in order.
func pythonCalls(at source.Span) []pythonCall {
	text := at.Text()
	var calls []pythonCall
	tokens := pythonToken.FindAllStringIndex(text, -1)
	for i, t := range tokens {
		m := pythonName.FindStringSubmatch(text[t[0]:t[1]])
		if m == nil || i+1 == len(tokens) || text[tokens[i+1][0]] != '(' || strings.TrimSpace(text[t[1]:tokens[i+1][0]]) != "" {
			continue
		}
		if end := closingBracket(text, tokens[i+1:]); end > 0 {
			span := source.Span{File: at.File, Start: at.Start + t[0], End: at.Start + end}
			calls = append(calls, pythonCall{text: m[1] + text[t[1]:end], at: span})
		}
	}
	return calls
}

// closingBracket is where the bracket is closed that is the first token; 0 if it is not.
func closingBracket(text string, tokens [][]int) int {
	depth := 0
	for _, t := range tokens {
		switch text[t[0]:t[1]] {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return t[1]
			}
		}
	}
	return 0
}
