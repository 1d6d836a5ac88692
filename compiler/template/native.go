package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Native renders as dbt renders the strings of YAML files: a template that is
// one expression keeps the expression's value, everything else is text. Text is
// read as a Python literal only when a filter such as as_number asks for it.
func (r *Renderer) Native(t *Template) (value.Value, error) {
	n := &nativeParts{}
	f := r.frame(t, nil)
	f.native, f.values = n, true
	r.native = true
	err := r.run(f, t.body)
	r.native = false
	if err != nil {
		return nil, err
	}
	switch len(n.parts) {
	case 0:
		return "", nil
	case 1:
		if m, ok := n.parts[0].(*marker); ok {
			v, err := m.value()
			return v, locate(err, n.at)
		}
		return n.parts[0], nil
	}
	var b strings.Builder
	for _, part := range n.parts {
		s, err := text(part)
		if err != nil {
			return nil, locate(err, n.at)
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// nativeParts collects what a template prints, as values.
type nativeParts struct {
	parts []value.Value
	// joins is set while more text belongs to the last part.
	joins bool
	at    source.Span
}

func (n *nativeParts) addText(s string, at source.Span) {
	if last := len(n.parts) - 1; n.joins {
		s = value.Str(n.parts[last]) + s
		n.parts = n.parts[:last]
	}
	n.parts, n.joins, n.at = append(n.parts, s), true, at
}

func (n *nativeParts) add(v value.Value, at source.Span) {
	n.parts, n.joins, n.at = append(n.parts, v), false, at
}

// runNative executes statements. Text and constants side by side are one part.
func (f *frame) runNative(list []stmt) (signal, error) {
	f.r.steps += len(list)
	for _, s := range list {
		var err error
		sig := goOn
		switch s := s.(type) {
		case *dataStmt:
			f.native.addText(s.text, s.span)
		case *printStmt:
			err = s.native(f)
		default:
			f.native.joins = false
			sig, err = s.exec(f)
			f.native.joins = false
		}
		if err != nil || sig != goOn {
			return sig, err
		}
	}
	return goOn, nil
}

// native prints an expression as a value. A constant is text: Jinja2 has
// written it out before it runs the template.
func (s *printStmt) native(f *frame) error {
	v, err := s.x.eval(f)
	if err != nil {
		return err
	}
	if f.isConstant(s.x) && writable(v) {
		f.native.addText(value.Str(v), s.x.at())
		return nil
	}
	f.native.add(v, s.x.at())
	return nil
}

// writable reports whether Python could write the value as a literal.
func writable(v value.Value) bool {
	all := func(items []value.Value) bool {
		for _, item := range items {
			if !writable(item) {
				return false
			}
		}
		return true
	}
	switch v := v.(type) {
	case *value.Undefined:
		return false
	case *value.List:
		return all(v.Elems)
	case *value.Tuple:
		return all(v.Elems)
	case *value.Dict:
		for k, item := range v.All() {
			if !writable(k) || !writable(item) {
				return false
			}
		}
		return true
	case value.Object:
		return false
	}
	return true
}

func nativeFilter(name string) filter {
	switch name {
	case "as_text", "as_bool", "as_native", "as_number":
	default:
		return nil
	}
	return func(f *frame, v value.Value, c *value.Call) (value.Value, error) {
		if _, err := c.Bind(name); err != nil || !f.r.native {
			return v, err
		}
		s, err := text(v)
		return &marker{kind: name, text: s}, err
	}
}

// marker is text that says what kind of value it is to become.
type marker struct{ kind, text string }

func (m *marker) TypeName() string                         { return "str" }
func (m *marker) Attr(name string) (value.Value, bool)     { return value.Attr(m.text, name) }
func (m *marker) Str() string                              { return m.text }
func (m *marker) Repr() string                             { return value.Repr(m.text) }
func (m *marker) Truth() bool                              { return m.text != "" }
func (m *marker) Equal(o value.Value) bool                 { return value.Equal(m.text, o) }
func (m *marker) Item(key value.Value) (value.Value, bool) { return value.Item(m.text, key) }

func (m *marker) Operate(op value.Op, other value.Value, reflected bool) (value.Value, bool, error) {
	if o, ok := other.(*marker); ok {
		other = o.text
	}
	a, b := value.Value(m.text), other
	if reflected {
		a, b = b, a
	}
	v, err := value.Arithmetic(op, a, b)
	return v, err == nil, err
}

// unmarked is a value without the mark, for whatever works with text.
func (f *frame) unmarked(v value.Value) value.Value {
	if f.r.native {
		if m, ok := v.(*marker); ok {
			return m.text
		}
	}
	return v
}

// unmark does so with the arguments of a call.
func (f *frame) unmark(c *value.Call) {
	if !f.r.native {
		return
	}
	for i, v := range c.Args {
		c.Args[i] = f.unmarked(v)
	}
	for i, k := range c.Kwargs {
		c.Kwargs[i].Value = f.unmarked(k.Value)
	}
}

func (m *marker) value() (value.Value, error) {
	if m.kind == "as_text" {
		return m.text, nil
	}
	v, ok := parseLiteral(m.text)
	if !ok {
		v = m.text
	}
	kind := ""
	switch m.kind {
	case "as_bool":
		if _, ok := v.(bool); !ok {
			kind = "bool"
		}
	case "as_number":
		if _, isBool := v.(bool); isBool || !isNumber(v) {
			kind = "number"
		}
	}
	if kind != "" {
		return nil, value.Errorf("JinjaRenderingError", "Could not convert value '%s' into type '%s'", m.text, kind)
	}
	return v, nil
}
