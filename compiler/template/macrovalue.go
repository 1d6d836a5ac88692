package template

import "github.com/chmod-sql/chmod/compiler/value"

// macroValue is a macro that can be called: where it was defined in a frame,
// or bound to globals.
type macroValue struct {
	macro *Macro
	frame *frame // that it was defined in; a stand-in when it is bound
	bound bool
}

// TypeName is Python's name for macros.
func (m *macroValue) TypeName() string { return "Macro" }

// Attr answers what Jinja2's macros tell about themselves.
func (m *macroValue) Attr(name string) (value.Value, bool) {
	switch name {
	case "name":
		if m.macro.Kind == KindCall {
			return nil, true
		}
		return m.macro.Written, true
	case "arguments":
		names := make([]value.Value, len(m.macro.Params))
		for i, p := range m.macro.Params {
			names[i] = p.Name
		}
		return value.NewTuple(names...), true
	case "catch_kwargs":
		return m.macro.kwargs >= 0, true
	case "catch_varargs":
		return m.macro.varargs >= 0, true
	case "caller":
		return m.macro.caller >= 0, true
	}
	return nil, false
}

// Str is what Python prints of a macro.
func (m *macroValue) Str() string {
	if m.macro.Kind == KindCall {
		return "<Macro anonymous>"
	}
	return "<Macro " + value.Repr(m.macro.Written) + ">"
}

// Call calls the macro from Go code.
func (m *macroValue) Call(c *value.Call) (value.Value, error) {
	r, ok := c.Runtime.(*Renderer)
	if !ok {
		r = m.frame.r
	}
	v, _, err := r.invoke(m, c, nil)
	return v, err
}

// Bind makes a callable of a macro. Its free names are looked up in the
// renderer's globals, or in those given.
func (r *Renderer) Bind(m *Macro, globals ...Scope) value.Value {
	f := &frame{r: r, globals: r.globals, lenient: r.opts.MacroUndefined, alone: true, slots: emptySlots(m.rootSlots)}
	if len(globals) > 0 {
		f.globals = builtins{globals[0]}
	}
	return &macroValue{macro: m, frame: f, bound: true}
}

// Call calls a macro and returns what it returned, else its text.
func (r *Renderer) Call(m *Macro, c *value.Call) (value.Value, error) {
	v, _, err := r.invoke(r.Bind(m).(*macroValue), c, nil)
	return v, locate(err, m.NameSpan)
}
