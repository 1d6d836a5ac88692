package value

import "unicode/utf8"

// isASCII reports whether bytes and characters are the same thing in s.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// offsetOf is the byte offset of character n, or the length of s when it has
// no more than n.
func offsetOf(s string, n int) int {
	offset := 0
	for ; n > 0 && offset < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[offset:])
		offset += size
	}
	return offset
}
