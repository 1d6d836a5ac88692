package seed

// quickInt reads a whole number of up to 18 digits without a copy; false means
// that the standard library has to decide.
func quickInt(text []byte) (int64, bool) {
	digits := text
	if len(text) > 0 && text[0] == '-' {
		digits = text[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	n := int64(0)
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = 10*n + int64(c)
	}
	if len(digits) != len(text) {
		n = -n
	}
	return n, true
}

// quickFloat reads a decimal number of up to 15 digits. Such a number and the
// power of ten that it is divided by are both exact, and so the quotient is
// the nearest float.
func quickFloat(text []byte) (float64, bool) {
	n, digits, scale := int64(0), 0, -1
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			n = 10*n + int64(c-'0')
			if digits++; digits > 15 {
				return 0, false
			}
		case c == '.' && scale < 0:
			scale = digits
		case c == '-' && i == 0:
		default:
			return 0, false
		}
	}
	if digits == 0 || n == 0 { // and so that -0 keeps its sign
		return 0, false
	}
	f := float64(n)
	if scale >= 0 {
		f /= powersOfTen[digits-scale]
	}
	if text[0] == '-' {
		f = -f
	}
	return f, true
}

var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}
