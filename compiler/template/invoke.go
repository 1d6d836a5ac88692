package template

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// macroValue is a macro that can be called: where it was defined in a frame,
// or bound to globals.
type macroValue struct {
	macro *Macro
	frame *frame // that it was defined in; a stand-in when it is bound
	bound bool
	r     *Renderer // of a bound one
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

// invocation is one call of a macro.
type invocation struct {
	macro *Macro
	// direct is set while the macro writes straight into its caller's output,
	// from start on.
	direct *writer
	start  mark
}

func (r *Renderer) invoke(m *macroValue, c *value.Call, w *writer) (value.Value, bool, error) {
	if r.opts.OnCall != nil && m.bound {
		r.opts.OnCall(m.macro)
	}
	if r.depth >= r.limits.Depth {
		return nil, false, locate(&LimitError{"depth", r.limits.Depth}, c.Span)
	}
	if err := r.ctx.Err(); err != nil {
		return nil, false, err
	}
	r.depth++
	defer func() { r.depth-- }()
	v, spliced, err := r.body(m, c, w)
	if err != nil {
		return nil, false, note(err, c.Span, "in "+m.macro.describe()+", called here")
	}
	return v, spliced, nil
}

func (m *Macro) describe() string {
	if m.Kind == KindCall {
		return "the call block"
	}
	return string(m.Kind) + " '" + m.Written + "'"
}

func (r *Renderer) body(m *macroValue, c *value.Call, w *writer) (value.Value, bool, error) {
	f := m.frame.inner(&m.macro.code)
	f.r = r
	call := &invocation{macro: m.macro}
	catches := m.macro.Kind != KindCall
	f.call = nil
	if catches {
		f.call = call
	}
	direct := w != nil
	var at *site
	if direct {
		call.direct, call.start, at = w, w.mark(), w.site
		if w.mapped {
			w.site = &site{c.Span, at}
		}
		f.out = w
	} else {
		f.out = r.buffer()
	}
	err := f.bindMacro(m.macro, c)
	if err == nil {
		f.enter(&m.macro.scope)
		_, err = f.run(m.macro.body)
	}
	if direct {
		w.site = at
	}
	text := ""
	if !direct {
		text = r.take(f.out)
	}
	if ret, ok := err.(*returned); ok && catches {
		if direct && !ret.spliced {
			w.back(call.start)
		}
		return ret.val, ret.spliced, nil
	}
	if err != nil {
		return nil, false, locate(err, c.Span)
	}
	return text, direct, nil
}

// bindMacro gives the parameters their values, in Jinja2's way: what is not
// passed is its default, worked out now, or undefined.
func (f *frame) bindMacro(m *Macro, c *value.Call) error {
	given := len(c.Args)
	used := make([]bool, len(c.Kwargs))
	for i, p := range m.Params {
		if i < given {
			f.slots[m.params[i]] = c.Args[i]
			continue
		}
		for k := range c.Kwargs {
			if c.Kwargs[k].Name == p.Name {
				f.slots[m.params[i]] = c.Kwargs[k].Value
				used[k] = true
				break
			}
		}
	}
	if m.caller >= 0 && !m.explicitCaller {
		f.slots[m.caller] = &value.Undefined{Leniency: f.lenient, Name: "caller", Hint: "No caller defined"}
		for k := range c.Kwargs {
			if c.Kwargs[k].Name == "caller" {
				used[k] = true
				if c.Kwargs[k].Value != nil {
					f.slots[m.caller] = c.Kwargs[k].Value
				}
			}
		}
	}
	if err := f.bindRest(m, c, used); err != nil {
		return err
	}
	for i, p := range m.Params {
		if _, absent := f.slots[m.params[i]].(missing); !absent {
			continue
		}
		v := value.Value(&value.Undefined{Leniency: f.lenient, Name: p.Name, Hint: "parameter '" + p.Name + "' was not provided"})
		if p.def != nil {
			var err error
			if v, err = p.def.eval(f); err != nil {
				return err
			}
		}
		f.slots[m.params[i]] = v
	}
	return nil
}

// bindRest deals with arguments that no parameter took.
func (f *frame) bindRest(m *Macro, c *value.Call, used []bool) error {
	if m.kwargs >= 0 {
		rest := value.NewDict()
		for k, kw := range c.Kwargs {
			if !used[k] {
				rest.Put(kw.Name, kw.Value)
			}
		}
		f.slots[m.kwargs] = rest
	} else if k := slices.Index(used, false); k >= 0 {
		name := c.Kwargs[k].Name
		if name == "caller" {
			return value.Errorf("TypeError", "%s was called with a block, but does not use caller()", m.describe())
		}
		return value.Errorf("TypeError", "%s takes no keyword argument '%s'", m.describe(), name)
	}
	given := len(c.Args)
	if m.varargs >= 0 {
		f.slots[m.varargs] = value.NewTuple(slices.Clone(c.Args[min(len(m.Params), given):])...)
	} else if given > len(m.Params) {
		return value.Errorf("TypeError", "%s takes not more than %d argument(s), %d were given", m.describe(), len(m.Params), given)
	}
	return nil
}

// Return is dbt's return(): it ends the nearest macro, which then has the
// value given instead of its text.
type Return struct{}

// TypeName is Python's name for functions.
func (Return) TypeName() string { return "function" }

// Attr answers nothing.
func (Return) Attr(string) (value.Value, bool) { return nil, false }

// Call unwinds the macro.
func (Return) Call(c *value.Call) (value.Value, error) {
	bound, err := c.Bind("return", value.Required("data"))
	if err != nil {
		return nil, err
	}
	return nil, &returned{val: bound[0], at: c.Span}
}

// returned unwinds to the nearest macro.
type returned struct {
	val value.Value
	// spliced is set when the text has been written already.
	spliced bool
	at      source.Span
}

func (*returned) Error() string { return "return() outside of a macro" }

// returnCall runs return(macro(...)) in a macro that writes straight into its
// caller's output: the inner macro does the same, in its place.
func (f *frame) returnCall(x, inner *callExpr) (value.Value, bool, error) {
	if f.call.direct == nil || f.out != f.call.direct {
		v, err := inner.eval(f)
		if err != nil {
			return nil, false, err
		}
		return nil, false, &returned{val: v, at: x.span}
	}
	w := f.call.direct
	w.back(f.call.start)
	v, spliced, err := inner.into(f, w)
	if err != nil {
		return nil, false, err
	}
	return nil, false, &returned{val: v, spliced: spliced, at: x.span}
}
