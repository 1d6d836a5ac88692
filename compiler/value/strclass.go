package value

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func isLower(r rune) bool { return unicode.In(r, unicode.Ll, unicode.Other_Lowercase) }

func isUpper(r rune) bool { return unicode.In(r, unicode.Lu, unicode.Other_Uppercase) }

func isCased(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return isLower(r) || isUpper(r) || unicode.Is(unicode.Lt, r)
}

func isCaseIgnorable(r rune) bool {
	return strings.ContainsRune("'.:^`·’‘․‧͵΄΅՟״", r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}

// isSpace is what Python strips and splits at: the separators of old files
// are space too.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

func isDecimal(r rune) bool { return unicode.Is(unicode.Nd, r) }

func isDigit(r rune) bool { return isDecimal(r) || isDigitSign(r) }

func isNumeric(r rune) bool { return unicode.Is(unicode.N, r) || isNumericLetter(r) }

func isAlnum(r rune) bool { return unicode.IsLetter(r) || isNumeric(r) }

func isIdentifierStart(r rune) bool {
	return r == '_' || unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start)
}

func isIdentifierPart(r rune) bool {
	return isIdentifierStart(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}

// strIs makes a method that asks all characters of a text that is not empty.
func strIs(name string, is func(rune) bool) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		s := self.(string)
		return s != "" && all(s, is), c.none("str." + name)
	}
}

func all(s string, is func(rune) bool) bool {
	for _, r := range s {
		if !is(r) {
			return false
		}
	}
	return true
}

func strIsASCII(self Value, c *Call) (Value, error) {
	return isASCII(self.(string)), c.none("str.isascii")
}

func strIsPrintable(self Value, c *Call) (Value, error) {
	return all(self.(string), unicode.IsPrint), c.none("str.isprintable")
}

func strIsIdentifier(self Value, c *Call) (Value, error) {
	s := self.(string)
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && isIdentifierStart(first) && all(s, isIdentifierPart), c.none("str.isidentifier")
}

// strIsCase makes islower and isupper: some character has the case and none
// has another.
func strIsCase(name string, is func(rune) bool) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		found := false
		for _, r := range self.(string) {
			if is(r) {
				found = true
			} else if isCased(r) {
				return false, c.none("str." + name)
			}
		}
		return found, c.none("str." + name)
	}
}

func strIsTitle(self Value, c *Call) (Value, error) {
	found, inWord := false, false
	for _, r := range self.(string) {
		switch {
		case isUpper(r) || unicode.Is(unicode.Lt, r):
			if inWord {
				return false, c.none("str.istitle")
			}
			found, inWord = true, true
		case isLower(r):
			if !inWord {
				return false, c.none("str.istitle")
			}
		default:
			inWord = false
		}
	}
	return found, c.none("str.istitle")
}

func strClass(name string) methodFunc {
	switch name {
	case "isalnum":
		return strIs(name, isAlnum)
	case "isalpha":
		return strIs(name, unicode.IsLetter)
	case "isascii":
		return strIsASCII
	case "isdecimal":
		return strIs(name, isDecimal)
	case "isdigit":
		return strIs(name, isDigit)
	case "isidentifier":
		return strIsIdentifier
	case "islower":
		return strIsCase(name, isLower)
	case "isnumeric":
		return strIs(name, isNumeric)
	case "isprintable":
		return strIsPrintable
	case "isspace":
		return strIs(name, isSpace)
	case "istitle":
		return strIsTitle
	case "isupper":
		return strIsCase(name, isUpper)
	}
	return nil
}
