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
	var p printer
	p.repr(v)
	return string(p.text)
}

// printer writes reprs. A list or dict that holds itself is written as [...].
type printer struct {
	text []byte
	open []any // the lists and dicts being written, outermost first
}

func (p *printer) repr(v Value) {
	if len(p.text) > maxBytes {
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
		return false
	}
	p.open = append(p.open, v)
	p.write(opening)
	return true
}

func (p *printer) leave(closing string) {
	p.open = p.open[:len(p.open)-1]
	p.write(closing)
}

func (p *printer) elems(v any, opening, closing string, elems []Value) {
	if !p.enter(v, opening, closing) {
		return
	}
	for i, e := range elems {
		if i > 0 {
			p.write(", ")
		}
		p.repr(e)
		if len(p.text) > maxBytes {
			break
		}
	}
	p.leave(closing)
}

func (p *printer) dict(d *Dict) {
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
		if len(p.text) > maxBytes {
			break
		}
	}
	p.leave("}")
}
