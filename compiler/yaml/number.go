package yaml

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// maxDigits is how long a number Python reads.
const maxDigits = 4300

// float reads a YAML 1.1 float: it has a dot, and an exponent has a sign.
// 1e5 and 1.5e3 are strings to PyYAML.
func float(text string) (float64, bool) {
	dot := strings.IndexByte(text, '.')
	if dot < 0 {
		return 0, false
	}
	sign, body := signed(text)
	switch body {
	case ".inf", ".Inf", ".INF":
		return math.Inf(sign), true
	case ".nan", ".NaN", ".NAN":
		return math.NaN(), len(body) == len(text)
	}
	whole, rest, _ := strings.Cut(body, ".")
	if whole == "" && (len(body) != len(text) || rest == "" || !digit(rest[0])) {
		return 0, false // +.5 is a string
	}
	if strings.Contains(whole, ":") {
		n, ok := sexagesimal(whole)
		if !ok || !all(rest, "0123456789_") {
			return 0, false
		}
		f, err := strconv.ParseFloat("0."+bare(rest)+"0", 64)
		w, _ := new(big.Float).SetInt(n).Float64()
		return float64(sign) * (w + f), err == nil
	}
	mantissa, exponent := rest, ""
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		mantissa, exponent = rest[:i], rest[i+1:]
		if len(exponent) < 2 || exponent[0] != '-' && exponent[0] != '+' || !all(exponent[1:], "0123456789") {
			return 0, false
		}
	}
	if whole != "" && (!digit(whole[0]) || !all(whole, "0123456789_")) || !all(mantissa, "0123456789_") {
		return 0, false
	}
	clean := bare(whole) + "." + bare(mantissa) + "0"
	if exponent != "" {
		clean += "e" + exponent
	}
	f, err := strconv.ParseFloat("0"+clean, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return float64(sign) * f, true
}

// integer reads a YAML 1.1 int: decimal, 0b, 0x, 0 octal or sexagesimal, with
// _ anywhere behind the first digit.
func integer(text string) (value.Value, bool) {
	sign, body := signed(text)
	if body == "" || !digit(body[0]) || len(body) > maxDigits {
		return nil, false
	}
	base, allowed, part := 10, "0123456789_", body
	switch {
	case strings.HasPrefix(body, "0b"):
		base, allowed, part = 2, "01_", body[2:]
	case strings.HasPrefix(body, "0x"):
		base, allowed, part = 16, "0123456789abcdefABCDEF_", body[2:]
	case body[0] == '0' && len(body) > 1:
		base, allowed, part = 8, "01234567_", body[1:]
		if bare(part) == "" {
			part = "0"
		}
	case strings.Contains(body, ":"):
		n, ok := sexagesimal(body)
		return whole(n, sign), ok
	}
	if !all(part, allowed) {
		return nil, false
	}
	n, ok := new(big.Int).SetString(bare(part), base)
	if !ok {
		return nil, false
	}
	return whole(n, sign), true
}

// sexagesimal reads 1:30 as 90.
func sexagesimal(text string) (*big.Int, bool) {
	parts := strings.Split(text, ":")
	if text[0] == '0' && len(parts) == 1 || !digit(text[0]) || !all(parts[0], "0123456789_") || len(parts) > 64 {
		return nil, false
	}
	n, ok := new(big.Int).SetString(bare(parts[0]), 10)
	if !ok {
		return nil, false
	}
	for _, part := range parts[1:] {
		d, err := strconv.Atoi(part)
		if err != nil || len(part) > 2 || d > 59 || !digit(part[0]) {
			return nil, false
		}
		n.Mul(n, big.NewInt(60)).Add(n, big.NewInt(int64(d)))
	}
	return n, true
}

func whole(n *big.Int, sign int) value.Value {
	if n == nil {
		return nil
	}
	if sign < 0 {
		n.Neg(n)
	}
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

func signed(text string) (int, string) {
	switch text[0] {
	case '-':
		return -1, text[1:]
	case '+':
		return 1, text[1:]
	}
	return 1, text
}

func bare(s string) string { return strings.ReplaceAll(s, "_", "") }

func all(s, allowed string) bool { return strings.Trim(s, allowed) == "" }

func digit(c byte) bool { return c >= '0' && c <= '9' }
