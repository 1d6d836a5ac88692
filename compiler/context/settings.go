package context

import "github.com/chmod-sql/chmod/compiler/value"

// reference is ref or source: a function that knows the project's settings,
// through which packages learn which project they work in.
type reference struct {
	*value.Func
	in *Rendering
}

func (f *reference) Attr(name string) (value.Value, bool) {
	if name == "config" && f.in.Settled != nil {
		d := f.in.Settled()
		if vars, ok := d.Get("vars"); ok {
			if vars, ok := vars.(*value.Dict); ok {
				d.Put("vars", &Record{Class: "VarProvider", Values: vars})
			}
		}
		return &Record{Class: "RuntimeConfig", Values: d}, true
	}
	return f.Func.Attr(name)
}

// referring is the constructor of a reference.
func referring(name string, fn func(r *Rendering, c *value.Call) (value.Value, error)) constructor {
	return func(r *Rendering) (value.Value, bool) {
		return &reference{method(name, func(c *value.Call) (value.Value, error) { return fn(r, c) }), r}, true
	}
}
