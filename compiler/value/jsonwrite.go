package value

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONStyle is how JSON is laid out. The zero style is that of Python's
// json.dumps: ", " and ": ", and nothing but ASCII.
type JSONStyle struct {
	// SortKeys writes dicts in the order of their keys.
	SortKeys bool
	// Unicode writes characters beyond ASCII as they are.
	Unicode bool
	// Indent puts every item on a line of its own, indented by this much.
	Indent string
	// ItemSeparator and KeySeparator replace ", " and ": " when not empty.
	ItemSeparator, KeySeparator string
}

// MarshalJSON writes v as Python's json.dumps does. The error is a TypeError
// for what JSON does not know, and a ValueError for what holds itself.
func MarshalJSON(v Value, style JSONStyle) (string, error) {
	b, err := AppendJSON(nil, v, style)
	return string(b), err
}

// AppendJSON is MarshalJSON behind what dst holds.
func AppendJSON(dst []byte, v Value, style JSONStyle) ([]byte, error) {
	w := jsonWriter{JSONStyle: style, text: dst}
	if w.ItemSeparator == "" {
		w.ItemSeparator = ", "
		if w.Indent != "" {
			w.ItemSeparator = ","
		}
	}
	if w.KeySeparator == "" {
		w.KeySeparator = ": "
	}
	err := w.value(v)
	return w.text, err
}

type jsonWriter struct {
	JSONStyle
	text []byte
	open []any
	// done is where containers with long texts were written, as in printer.
	done map[any]stretch
}

func (w *jsonWriter) write(s string) { w.text = append(w.text, s...) }

func (w *jsonWriter) value(v Value) error {
	if len(w.text) > maxBytes {
		return tooLarge("JSON")
	}
	switch v := v.(type) {
	case nil:
		w.write("null")
	case string:
		w.quoted(v)
	case bool, int64, *big.Int, float64:
		w.write(jsonScalar(v))
	case *List:
		return w.array(v, v.Elems)
	case *Tuple:
		return w.array(v, v.Elems)
	case *Dict:
		return w.object(v)
	case *Undefined:
		return Errorf("TypeError", "Object of type Undefined is not JSON serializable")
	default:
		return Errorf("TypeError", "Object of type %s is not JSON serializable", TypeName(v))
	}
	return nil
}

func jsonScalar(v Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		switch {
		case math.IsNaN(v):
			return "NaN"
		case math.IsInf(v, 1):
			return "Infinity"
		case math.IsInf(v, -1):
			return "-Infinity"
		}
	}
	return Str(v)
}

func (w *jsonWriter) enter(v any) error {
	if slices.Contains(w.open, v) {
		return Errorf("ValueError", "Circular reference detected")
	}
	if len(w.open) > maxDepth {
		return tooDeep("encoding a JSON object")
	}
	w.open = append(w.open, v)
	return nil
}

// repeats writes again what has been written before.
func (w *jsonWriter) repeats(v any) bool {
	at, ok := w.done[v]
	if ok {
		w.text = append(w.text, w.text[at.start:at.end]...)
	}
	return ok
}

// remember keeps the place of a text that looks the same wherever it stands.
func (w *jsonWriter) remember(v any, start int) {
	if w.Indent != "" || len(w.text)-start < longRepr {
		return
	}
	if w.done == nil {
		w.done = map[any]stretch{}
	}
	w.done[v] = stretch{start, len(w.text)}
}

func (w *jsonWriter) line() error {
	if w.Indent == "" {
		return nil
	}
	if !fits(len(w.Indent), len(w.open)) || len(w.text)+len(w.Indent)*len(w.open) > maxBytes {
		return tooLarge("JSON")
	}
	w.write("\n" + strings.Repeat(w.Indent, len(w.open)))
	return nil
}

func (w *jsonWriter) array(v any, elems []Value) error {
	if len(elems) == 0 {
		w.write("[]")
		return nil
	}
	if w.repeats(v) {
		return nil
	}
	start := len(w.text)
	if err := w.enter(v); err != nil {
		return err
	}
	w.write("[")
	for i, e := range elems {
		if i > 0 {
			w.write(w.ItemSeparator)
		}
		if err := w.line(); err != nil {
			return err
		}
		if err := w.value(e); err != nil {
			return err
		}
	}
	w.open = w.open[:len(w.open)-1]
	if err := w.line(); err != nil {
		return err
	}
	w.write("]")
	w.remember(v, start)
	return nil
}

func (w *jsonWriter) object(d *Dict) error {
	if d.Len() == 0 {
		w.write("{}")
		return nil
	}
	if w.repeats(d) {
		return nil
	}
	start := len(w.text)
	if err := w.enter(d); err != nil {
		return err
	}
	keys := d.Keys()
	if w.SortKeys {
		if err := Sort(keys, nil, false); err != nil {
			return err
		}
	}
	w.write("{")
	for i, k := range keys {
		if i > 0 {
			w.write(w.ItemSeparator)
		}
		if err := w.line(); err != nil {
			return err
		}
		switch k := k.(type) {
		case string:
			w.quoted(k)
		case nil, bool, int64, *big.Int, float64:
			w.quoted(jsonScalar(k))
		default:
			return Errorf("TypeError", "keys must be str, int, float, bool or None, not %s", TypeName(k))
		}
		w.write(w.KeySeparator)
		v, _ := d.Get(k)
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.open = w.open[:len(w.open)-1]
	if err := w.line(); err != nil {
		return err
	}
	w.write("}")
	w.remember(d, start)
	return nil
}

func (w *jsonWriter) quoted(s string) {
	b := append(w.text, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == '\f':
			b = append(b, `\f`...)
		case r == '\b':
			b = append(b, `\b`...)
		case r >= ' ' && (r < 0x7f || w.Unicode):
			b = utf8.AppendRune(b, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	w.text = append(b, '"')
}
