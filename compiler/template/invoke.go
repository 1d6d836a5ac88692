package template

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

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
	if err := r.spend(8, c.Span); err != nil {
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
	wrong := f.out.wrong
	f.out.wrong = nil
	f.enter(&m.macro.scope) // defaults may read what the body assigns
	err := f.bindMacro(m.macro, c)
	if err == nil {
		if _, err = f.run(m.macro.body); err == nil {
			err = f.out.wrong
		}
	}
	f.out.wrong = wrong
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
