package adapters

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	exceptionPrefix = regexp.MustCompile(`^(?:Code: \d+[.,]\s*(?:e\.displayText\(\) = )?)?(?:DB::[A-Za-z]*Exception: )*`)
	versionSuffix   = regexp.MustCompile(`\s*\(version [0-9][^()]*(?:\([^()]*\))?\)\s*$`)
	nameSuffix      = regexp.MustCompile(`\s*\(([A-Z][A-Z0-9_]+)\)\s*$`)
	whatSuffix      = regexp.MustCompile(`, e\.what\(\) = DB::[A-Za-z]*Exception\s*$`)
	stackTrace      = regexp.MustCompile(`(?s)[,.]?\s*Stack trace(?: \([^)]*\))?:\s*\n?.*$`)
)

// CleanException strips from a server's exception what only its log needs, and
// tells the name that newer servers put behind it.
func CleanException(text string) (message, name string) {
	text = stackTrace.ReplaceAllString(text, "")
	if m := nameSuffix.FindStringSubmatch(versionSuffix.ReplaceAllString(text, "")); m != nil {
		name = m[1]
	}
	text = whatSuffix.ReplaceAllString(text, "")
	text = exceptionPrefix.ReplaceAllString(text, "")
	text = versionSuffix.ReplaceAllString(text, "")
	text = nameSuffix.ReplaceAllString(text, "")
	return strings.TrimSpace(text), name
}

// ExceptionOf is the error of what a server said elsewhere than in an answer:
// in a row, in a table, in Keeper.
func ExceptionOf(code int, text string) *ServerError {
	e := &ServerError{Code: code}
	var told string
	e.Message, told = CleanException(text)
	if e.Name, e.Class = CodeMeaning(code); e.Name == "" {
		e.Name = told
	}
	return e
}

var exceptionCode = regexp.MustCompile(`^Code: (\d+)`)

// codeIn is the number that the text of an exception begins with, or 0.
func codeIn(text string) int {
	m := exceptionCode.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	code, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return code
}
