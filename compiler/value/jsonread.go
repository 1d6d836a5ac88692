package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// FromJSON reads JSON as Python's json.loads does: objects keep their order,
// ints are as large as they are written, NaN and Infinity are known. The error
// is a JSONDecodeError in Python's words.
func FromJSON(text string) (Value, error) {
	r := jsonReader{text: text}
	if strings.HasPrefix(text, "\ufeff") {
		return nil, r.fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0)
	}
	r.space()
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	r.space()
	if r.at < len(r.text) {
		return nil, r.fail("Extra data", r.at)
	}
	return v, nil
}

type jsonReader struct {
	text string
	at   int
}

func (r *jsonReader) fail(what string, at int) error {
	before := r.text[:at]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return Errorf("JSONDecodeError", "%s: line %d column %d (char %d)", what, line, column, utf8.RuneCountInString(before))
}

func (r *jsonReader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\n\r", r.text[r.at]) >= 0 {
		r.at++
	}
}

// next is the byte to be read; 0 at the end.
func (r *jsonReader) next() byte {
	if r.at >= len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *jsonReader) value(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, tooDeep("decoding a JSON document")
	}
	switch c := r.next(); {
	case c == '"':
		return r.str()
	case c == '{':
		return r.object(depth + 1)
	case c == '[':
		return r.array(depth + 1)
	case c == '-' || c >= '0' && c <= '9':
		if v, ok := r.number(); ok {
			return v, nil
		}
	}
	for _, word := range []struct {
		text string
		v    Value
	}{
		{"null", nil}, {"true", true}, {"false", false},
		{"NaN", math.NaN()}, {"Infinity", math.Inf(1)}, {"-Infinity", math.Inf(-1)},
	} {
		if strings.HasPrefix(r.text[r.at:], word.text) {
			r.at += len(word.text)
			return word.v, nil
		}
	}
	return nil, r.fail("Expecting value", r.at)
}

func (r *jsonReader) digits(from int) int {
	to := from
	for to < len(r.text) && r.text[to] >= '0' && r.text[to] <= '9' {
		to++
	}
	return to
}

func (r *jsonReader) number() (Value, bool) {
	start := r.at
	end := start
	if r.text[end] == '-' {
		end++
	}
	whole := r.digits(end)
	if whole == end {
		return nil, false
	}
	if r.text[end] == '0' {
		whole = end + 1
	}
	end = whole
	real := false
	if end < len(r.text) && r.text[end] == '.' {
		if to := r.digits(end + 1); to > end+1 {
			end, real = to, true
		}
	}
	if end < len(r.text) && (r.text[end] == 'e' || r.text[end] == 'E') {
		sign := end + 1
		if sign < len(r.text) && (r.text[sign] == '+' || r.text[sign] == '-') {
			sign++
		}
		if to := r.digits(sign); to > sign {
			end, real = to, true
		}
	}
	r.at = end
	text := r.text[start:end]
	if real {
		f, err := strconv.ParseFloat(text, 64) // out of range gives an infinity, as in Python
		return f, err == nil || math.IsInf(f, 0)
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	n, ok := new(big.Int).SetString(text, 10)
	return n, ok
}

func (r *jsonReader) array(depth int) (Value, error) {
	r.at++
	l := NewList()
	r.space()
	if r.next() == ']' {
		r.at++
		return l, nil
	}
	for {
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		l.Elems = append(l.Elems, v)
		r.space()
		switch r.next() {
		case ']':
			r.at++
			return l, nil
		case ',':
			r.at++
			r.space()
		default:
			return nil, r.fail("Expecting ',' delimiter", r.at)
		}
	}
}

func (r *jsonReader) object(depth int) (Value, error) {
	r.at++
	d := NewDict()
	r.space()
	if r.next() == '}' {
		r.at++
		return d, nil
	}
	for {
		if r.next() != '"' {
			return nil, r.fail("Expecting property name enclosed in double quotes", r.at)
		}
		k, err := r.str()
		if err != nil {
			return nil, err
		}
		r.space()
		if r.next() != ':' {
			return nil, r.fail("Expecting ':' delimiter", r.at)
		}
		r.at++
		r.space()
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		d.put(k, k, v)
		r.space()
		switch r.next() {
		case '}':
			r.at++
			return d, nil
		case ',':
			r.at++
			r.space()
		default:
			return nil, r.fail("Expecting ',' delimiter", r.at)
		}
	}
}

func (r *jsonReader) str() (Value, error) {
	start := r.at
	r.at++
	from := r.at
	var b []byte
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			b = append(b, r.text[from:r.at]...)
			r.at++
			return string(b), nil
		case c == '\\':
			b = append(b, r.text[from:r.at]...)
			var err error
			if b, err = r.escape(b, start); err != nil {
				return nil, err
			}
			from = r.at
		case c < ' ':
			return nil, r.fail("Invalid control character at", r.at)
		default:
			r.at++
		}
	}
	return nil, r.fail("Unterminated string starting at", start)
}

func (r *jsonReader) escape(b []byte, start int) ([]byte, error) {
	at := r.at
	r.at++
	c := r.next()
	if r.at >= len(r.text) {
		return nil, r.fail("Unterminated string starting at", start)
	}
	r.at++
	switch c {
	case '"', '\\', '/':
		return append(b, c), nil
	case 'n':
		return append(b, '\n'), nil
	case 'r':
		return append(b, '\r'), nil
	case 't':
		return append(b, '\t'), nil
	case 'b':
		return append(b, '\b'), nil
	case 'f':
		return append(b, '\f'), nil
	case 'u':
		first, ok := r.hex()
		if !ok {
			return nil, r.fail(`Invalid \uXXXX escape`, at+1)
		}
		if utf16.IsSurrogate(first) && strings.HasPrefix(r.text[r.at:], `\u`) {
			back := r.at
			r.at += 2
			second, ok := r.hex()
			if both := utf16.DecodeRune(first, second); ok && both != utf8.RuneError {
				return utf8.AppendRune(b, both), nil
			}
			r.at = back
		}
		return utf8.AppendRune(b, first), nil
	}
	return nil, r.fail(`Invalid \escape`, at)
}

func (r *jsonReader) hex() (rune, bool) {
	if r.at+4 > len(r.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.text[r.at:r.at+4], 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 4
	return rune(n), true
}
