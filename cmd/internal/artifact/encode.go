package artifact

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

// object is a JSON object that is being written. A manifest has hundreds of
// thousands of them: they are appended field by field, with nothing in between.
type object struct {
	text []byte
	err  error // the first one
}

func begin(text []byte) *object { return &object{text: append(text, '{')} }

func (o *object) end() ([]byte, error) { return append(o.text, '}'), o.err }

// key starts a field. Names are this package's own, and need no escapes.
func (o *object) key(name string) {
	if o.text[len(o.text)-1] != '{' {
		o.text = append(o.text, ',')
	}
	o.text = append(append(append(o.text, '"'), name...), '"', ':')
}

// raw writes JSON as it is.
func (o *object) raw(name, json string) {
	o.key(name)
	o.text = append(o.text, json...)
}

func (o *object) string(name, s string) {
	o.key(name)
	o.text = appendString(o.text, s)
}

// optional writes null for an empty string.
func (o *object) optional(name, s string) {
	if s == "" {
		o.raw(name, "null")
		return
	}
	o.string(name, s)
}

func (o *object) strings(name string, list []string) {
	o.key(name)
	o.text = appendStrings(o.text, list)
}

func (o *object) bool(name string, b bool) {
	o.key(name)
	o.text = strconv.AppendBool(o.text, b)
}

func (o *object) float(name string, f float64) {
	o.key(name)
	o.text = appendFloat(o.text, f)
}

// value writes any value of templates.
func (o *object) value(name string, v value.Value) {
	o.key(name)
	o.append(v, nil)
}

// dict writes {} for nil.
func (o *object) dict(name string, d *value.Dict) {
	if d == nil {
		o.raw(name, "{}")
		return
	}
	o.value(name, d)
}

// other writes what has JSON tags of its own.
func (o *object) other(name string, v any) {
	o.key(name)
	o.marshal(v)
}

// nested writes an object in a field.
func (o *object) nested(name string, write func(o *object)) {
	o.key(name)
	o.text = append(o.text, '{')
	write(o)
	o.text = append(o.text, '}')
}

// list writes n elements in a field.
func (o *object) list(name string, n int, write func(i int)) {
	o.key(name)
	o.text = append(o.text, '[')
	for i := range n {
		if i > 0 {
			o.text = append(o.text, ',')
		}
		write(i)
	}
	o.text = append(o.text, ']')
}

func (o *object) marshal(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		if o.err == nil {
			o.err = err
		}
		text = []byte("null")
	}
	o.text = append(o.text, text...)
}

// deepest is how far values may hold each other.
const deepest = 200

// append writes a value; open are those around it. What holds itself is null,
// and so is what has no value.
func (o *object) append(v value.Value, open []value.Value) {
	switch v := v.(type) {
	case nil, *value.Undefined:
		o.text = append(o.text, "null"...)
	case string:
		o.text = appendString(o.text, v)
	case bool:
		o.text = strconv.AppendBool(o.text, v)
	case int64:
		o.text = strconv.AppendInt(o.text, v, 10)
	case float64:
		o.text = appendFloat(o.text, v)
	case *value.List, *value.Tuple, *value.Set, *value.Dict:
		if len(open) > deepest || slices.Contains(open, value.Value(v)) {
			o.text = append(o.text, "null"...)
			return
		}
		o.container(v, append(open, v))
	default:
		o.marshal(v)
	}
}

func (o *object) container(v value.Value, open []value.Value) {
	switch v := v.(type) {
	case *value.List:
		o.elements(v.Elems, open)
	case *value.Tuple:
		o.elements(v.Elems, open)
	case *value.Set:
		o.elements(v.Elems(), open)
	case *value.Dict:
		o.text = append(o.text, '{')
		first := true
		for k, e := range v.All() {
			if !first {
				o.text = append(o.text, ',')
			}
			first = false
			o.text = append(appendString(o.text, value.Str(k)), ':')
			o.append(e, open)
		}
		o.text = append(o.text, '}')
	}
}

func (o *object) elements(elems, open []value.Value) {
	o.text = append(o.text, '[')
	for i, e := range elems {
		if i > 0 {
			o.text = append(o.text, ',')
		}
		o.append(e, open)
	}
	o.text = append(o.text, ']')
}

func appendStrings(text []byte, list []string) []byte {
	text = append(text, '[')
	for i, s := range list {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendString(text, s)
	}
	return append(text, ']')
}

// appendFloat writes a number; JSON has none that are not finite.
func appendFloat(text []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(text, "null"...)
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(text, f, format, -1, 64)
}

// appendString writes a string in quotes. Bytes that are no UTF-8 become the
// replacement character.
func appendString(text []byte, s string) []byte {
	const hex = "0123456789abcdef"
	text = append(text, '"')
	from := 0
	for i := plainUpTo(s, 0); i < len(s); i = plainUpTo(s, i) {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				text = append(append(text, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		i++
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		text = append(text, s[from:i-1]...)
		from = i
		switch c {
		case '"', '\\':
			text = append(text, '\\', c)
		case '\n':
			text = append(text, '\\', 'n')
		case '\r':
			text = append(text, '\\', 'r')
		case '\t':
			text = append(text, '\\', 't')
		default:
			text = append(text, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(text, s[from:]...), '"')
}
