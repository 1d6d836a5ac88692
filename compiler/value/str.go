package value

import (
	"math/big"
	"slices"
	"strconv"
)

// Str is Python's str(v). An Undefined is the empty string; see Check for a
// Strict one. Text beyond 64 MiB is cut off.
func Str(v Value) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case *Undefined:
		return ""
	case Stringer:
		return v.Str()
	}
	return Repr(v)
}

// Repr is Python's repr(v). Text beyond 64 MiB is cut off.
func Repr(v Value) string {
	p := printer{limit: maxBytes}
	p.repr(v)
	return string(p.text)
}

// ReprWithin is repr(v) when that is not much longer than limit bytes; else its
// beginning, and false.
func ReprWithin(v Value, limit int) (string, bool) {
	p := printer{limit: limit}
	p.repr(v)
	return string(p.text), len(p.text) <= limit
}

// printer writes reprs. A list or dict that holds itself is written as [...].
type printer struct {
	text  []byte
	limit int
	open  []any // the lists and dicts being written, outermost first
	// again is set from a [...] on: what was written around it looks so only
	// there.
	again bool
	// done is where containers with long texts were written: they may be in the
	// value many times over.
	done map[any]stretch
}

type stretch struct{ start, end int }

// longRepr is how long a text must be to be remembered.
const longRepr = 256

func (p *printer) repr(v Value) {
	if len(p.text) > p.limit {
		return
	}
	switch v := v.(type) {
	case nil:
		p.write("None")
	case bool:
		if v {
			p.write("True")
		} else {
			p.write("False")
		}
	case int64:
		p.text = strconv.AppendInt(p.text, v, 10)
	case *big.Int:
		p.text = v.Append(p.text, 10)
	case float64:
		p.write(floatText(v))
	case string:
		p.text = appendQuoted(p.text, v)
	case *List:
		p.elems(v, "[", "]", v.Elems)
	case *Tuple:
		end := ")"
		if len(v.Elems) == 1 {
			end = ",)"
		}
		p.elems(v, "(", end, v.Elems)
	case *Dict:
		p.dict(v)
	case *Set:
		if v.Len() == 0 {
			p.write("set()")
		} else {
			p.elems(v, "{", "}", v.Elems())
		}
	case *Undefined:
		p.write("Undefined")
	case Reprer:
		p.write(v.Repr())
	case Stringer:
		p.write(v.Str())
	default:
		p.write("<" + TypeName(v) + " object>")
	}
}

func (p *printer) write(s string) { p.text = append(p.text, s...) }

// enter notes that v is being written; false when it already is, or lies too
// deep.
func (p *printer) enter(v any, opening, closing string) bool {
	if len(p.open) > maxDepth || slices.Contains(p.open, v) {
		p.write(opening + "..." + closing)
		p.again = true
		return false
	}
	if at, ok := p.done[v]; ok {
		p.text = append(p.text, p.text[at.start:at.end]...)
		return false
	}
	p.open = append(p.open, v)
	p.write(opening)
	return true
}

func (p *printer) leave(start int, closing string) {
	v := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	p.write(closing)
	if len(p.text)-start < longRepr || p.again || len(p.text) > p.limit {
		return
	}
	if p.done == nil {
		p.done = map[any]stretch{}
	}
	p.done[v] = stretch{start, len(p.text)}
}

func (p *printer) elems(v any, opening, closing string, elems []Value) {
	start := len(p.text)
	if !p.enter(v, opening, closing) {
		return
	}
	for i, e := range elems {
		if i > 0 {
			p.write(", ")
		}
		p.repr(e)
		if len(p.text) > p.limit {
			break
		}
	}
	p.leave(start, closing)
}

func (p *printer) dict(d *Dict) {
	start := len(p.text)
	if !p.enter(d, "{", "}") {
		return
	}
	first := true
	for k, v := range d.All() {
		if !first {
			p.write(", ")
		}
		first = false
		p.repr(k)
		p.write(": ")
		p.repr(v)
		if len(p.text) > p.limit {
			break
		}
	}
	p.leave(start, "}")
}
