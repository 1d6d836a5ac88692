package seed

import (
	"fmt"
	"strconv"
	"strings"
)

// numberEvidence is what the numbers of a column have shown.
type numberEvidence struct {
	whole    int  // digits before the point, at most
	scale    int  // digits after it, at most
	exponent bool // some number has one
	exact    bool // a Float64 holds each of them, to the last digit written
	tooBig   bool // some whole number does not fit Int64
}

// see takes a cell into account. Numbers that would lose something as numbers
// are none: leading zeros (codes) and plus signs (telephones).
func (e *numberEvidence) see(text []byte) (isWhole, ok bool) {
	i := 0
	if i < len(text) && text[i] == '-' {
		i++
	}
	start := i
	i = digits(text, i)
	whole := i - start
	if whole > 1 && text[start] == '0' {
		return false, false
	}
	scale := 0
	if i < len(text) && text[i] == '.' {
		from := i + 1
		i = digits(text, from)
		scale = i - from
	} else if whole == 0 {
		return false, false
	}
	if whole+scale == 0 {
		return false, false
	}
	isWhole = start+whole == len(text)
	exponent := false
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		exponent = true
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		from := i
		if i = digits(text, i); i == from {
			return false, false
		}
	}
	if i != len(text) {
		return false, false
	}
	e.whole, e.scale, e.exponent = max(e.whole, whole), max(e.scale, scale), e.exponent || exponent
	if isWhole && whole >= 19 {
		if _, err := strconv.ParseInt(string(text), 10, 64); err != nil {
			e.tooBig = true
		}
	}
	if exponent {
		// Written as a float: only what no float can be is worth text.
		_, err := strconv.ParseFloat(string(text), 64)
		return false, err == nil
	}
	if whole+scale > 15 && e.exact && !exactFloat(string(text)) {
		e.exact = false
	}
	return isWhole, true
}

func digits(text []byte, i int) int {
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return i
}

// exactFloat reports whether a Float64 printed again gives the same number.
func exactFloat(text string) bool {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return false
	}
	return canonical(strconv.FormatFloat(f, 'f', -1, 64)) == canonical(text)
}

// canonical is a decimal number without zeros and signs that mean nothing.
func canonical(text string) string {
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimLeft(strings.TrimPrefix(text, "-"), "0")
	if negative && text != "" {
		return "-" + text
	}
	return text
}

// inferred is the type that holds all the numbers.
func (e *numberEvidence) inferred(whole, noDecimal256 bool) string {
	widest := 76
	if noDecimal256 {
		widest = 38
	}
	precision := e.whole + e.scale
	switch {
	case whole && !e.tooBig:
		return "Int64"
	case whole && precision > widest:
		return "String"
	case !whole && (e.exact || e.exponent || precision > widest):
		return "Float64"
	case precision <= 18:
		precision = 18
	case precision <= 38:
		precision = 38
	default:
		precision = 76
	}
	return fmt.Sprintf("Decimal(%d, %d)", precision, e.scale)
}
