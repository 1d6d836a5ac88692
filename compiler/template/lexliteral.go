package template

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// number lexes an int or a float.
func (l *lexer) number() {
	start := l.pos
	// "x.1.5" is item 1 of x and then item 5: what follows a dot is no float.
	if start == 0 || l.src[start-1] != '.' {
		if end := floatEnd(l.src, start); end > 0 {
			l.pos = end
			// The error is one of range, and then the result is Python's.
			f, _ := strconv.ParseFloat(strings.ReplaceAll(l.src[start:end], "_", ""), 64)
			l.literal(tokFloat, f, start)
			return
		}
	}
	l.pos = intEnd(l.src, start)
	l.literal(tokInt, parseInt(l.src[start:l.pos]), start)
}

func (l *lexer) literal(k kind, v value.Value, start int) {
	l.tokens = append(l.tokens, token{kind: k, text: l.src[start:l.pos], val: v, start: start, end: l.pos})
}

func parseInt(text string) value.Value {
	n, ok := new(big.Int).SetString(strings.ReplaceAll(text, "_", ""), 0)
	if !ok {
		// Zeros alone, which Go would take for an octal number.
		return int64(0)
	}
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// digits is where a run of digits with single underscores between them ends.
func digits(s string, at int, is func(byte) bool) int {
	for at < len(s) {
		switch {
		case is(s[at]):
			at++
		case s[at] == '_' && at+1 < len(s) && is(s[at+1]):
			at += 2
		default:
			return at
		}
	}
	return at
}

func isDecimal(c byte) bool { return c >= '0' && c <= '9' }
func isHex(c byte) bool {
	return isDecimal(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func floatEnd(s string, at int) int {
	end := digits(s, at, isDecimal)
	float := false
	if end+1 < len(s) && s[end] == '.' && isDecimal(s[end+1]) {
		end, float = digits(s, end+1, isDecimal), true
	}
	if end < len(s) && (s[end] == 'e' || s[end] == 'E') {
		exp := end + 1
		if exp < len(s) && (s[exp] == '+' || s[exp] == '-') {
			exp++
		}
		if exp < len(s) && isDecimal(s[exp]) {
			end, float = digits(s, exp, isDecimal), true
		}
	}
	if !float {
		return 0
	}
	return end
}

func intEnd(s string, at int) int {
	if s[at] != '0' {
		return digits(s, at, isDecimal)
	}
	if at+1 < len(s) {
		var is func(byte) bool
		switch s[at+1] {
		case 'b', 'B':
			is = func(c byte) bool { return c == '0' || c == '1' }
		case 'o', 'O':
			is = func(c byte) bool { return c >= '0' && c <= '7' }
		case 'x', 'X':
			is = isHex
		}
		if is != nil {
			first := at + 2
			if first < len(s) && s[first] == '_' {
				first++
			}
			if first < len(s) && is(s[first]) {
				return digits(s, first, is)
			}
		}
	}
	return digits(s, at, func(c byte) bool { return c == '0' })
}
