package value

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func strUpper(self Value, c *Call) (Value, error) {
	return upper(self.(string)), c.none("str.upper")
}

func strLower(self Value, c *Call) (Value, error) {
	return lower(self.(string)), c.none("str.lower")
}

func strCasefold(self Value, c *Call) (Value, error) {
	return casefold(self.(string)), c.none("str.casefold")
}

func strCapitalize(self Value, c *Call) (Value, error) {
	return Capitalize(self.(string)), c.none("str.capitalize")
}

func strTitle(self Value, c *Call) (Value, error) {
	return title(self.(string)), c.none("str.title")
}

func strSwapcase(self Value, c *Call) (Value, error) {
	var b strings.Builder
	s := self.(string)
	for i, r := range s {
		switch {
		case unicode.IsUpper(r):
			b.WriteString(lowerAt(s, i, r))
		case isLower(r):
			b.WriteString(upper(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), c.none("str.swapcase")
}

func upper(s string) string {
	if isASCII(s) {
		return strings.ToUpper(s)
	}
	var b strings.Builder
	for _, r := range s {
		if special := upperSpecial(r); special != "" {
			b.WriteString(special)
		} else {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

func lower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for i, r := range s {
		b.WriteString(lowerAt(s, i, r))
	}
	return b.String()
}

// lowerAt is the lower case of r, which stands at offset i of s: sigma has
// another one at the end of a word.
func lowerAt(s string, i int, r rune) string {
	switch {
	case r == 'İ':
		return "i̇"
	case r == 'Σ' && endsWord(s, i, i+utf8.RuneLen(r)):
		return "ς"
	}
	return string(unicode.ToLower(r))
}

func endsWord(s string, from, to int) bool {
	before := false
	for left := s[:from]; left != ""; {
		r, size := utf8.DecodeLastRuneInString(left)
		left = left[:len(left)-size]
		if !isCaseIgnorable(r) {
			before = isCased(r)
			break
		}
	}
	if !before {
		return false
	}
	for _, r := range s[to:] {
		if !isCaseIgnorable(r) {
			return !isCased(r)
		}
	}
	return true
}

func casefold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range s {
		switch special := foldSpecial(r); {
		case special != "":
			b.WriteString(special)
		case r == 'İ':
			b.WriteString("i̇")
		case r >= 0x13a0 && r < 0x13f6: // Cherokee folds to upper case
			b.WriteRune(r)
		case r >= 0xab70 && r < 0xabc0:
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func titleOf(r rune) string {
	if special := titleSpecial(r); special != "" {
		return special
	}
	return string(unicode.ToTitle(r))
}

// Capitalize is s with its first character in title case and the rest in
// lower case.
func Capitalize(s string) string {
	if s == "" {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	var b strings.Builder
	b.WriteString(titleOf(r))
	for i, r := range s[size:] {
		b.WriteString(lowerAt(s, size+i, r))
	}
	return b.String()
}

// title starts a word after every character that has no case.
func title(s string) string {
	var b strings.Builder
	cased := false
	for i, r := range s {
		if cased {
			b.WriteString(lowerAt(s, i, r))
		} else {
			b.WriteString(titleOf(r))
		}
		cased = isCased(r)
	}
	return b.String()
}
