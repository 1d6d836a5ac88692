package template

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// intOf reads an int as Python's int(s, base) does.
func intOf(s string, base int) (value.Value, bool) {
	s = strings.TrimFunc(s, isSpace)
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	if base != 0 && (base < 2 || base > 36) {
		return nil, false
	}
	prefixed := false
	if len(s) > 1 && s[0] == '0' {
		of := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
		if of != 0 && (base == 0 || base == of) {
			base, s, prefixed = of, s[2:], true
		}
	}
	digits := strings.ReplaceAll(s, "_", "")
	if digits == "" || strings.HasSuffix(s, "_") || strings.Contains(s, "__") || s[0] == '_' && !prefixed ||
		digits[0] == '-' || digits[0] == '+' {
		return nil, false
	}
	if base == 0 {
		base = 10
		if digits[0] == '0' && strings.Trim(digits, "0") != "" {
			return nil, false
		}
	}
	n, ok := new(big.Int).SetString(sign+digits, base)
	if !ok {
		return nil, false
	}
	return value.Int(n), true
}

// floatOf reads a float as Python's float(s) does.
func floatOf(s string) (float64, bool) {
	s = strings.TrimFunc(s, isSpace)
	if strings.ContainsAny(s, "xXpP") {
		return 0, false // hexadecimal, which Go would read
	}
	for i := range len(s) {
		if s[i] == '_' && (i == 0 || i == len(s)-1 || !isDecimal(s[i-1]) || !isDecimal(s[i+1])) {
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && !math.IsInf(x, 0) {
		return 0, false
	}
	return x, true
}

// formatFixed is Python's "%.nf".
func formatFixed(x float64, digits int) string {
	switch {
	case math.IsNaN(x):
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'f', digits, 64)
}
