package context

import "github.com/chmod-sql/chmod/compiler/value"

// settings is the project's configuration as ref.config gives it, through
// which packages learn which project they work in. Its values are attributes.
type settings struct {
	name   string
	values *value.Dict
}

func (s *settings) TypeName() string { return s.name }
func (s *settings) Truth() bool      { return s.values.Len() > 0 }

func (s *settings) Attr(name string) (value.Value, bool) {
	if name == "to_dict" {
		return method(name, func(*value.Call) (value.Value, error) { return s.values, nil }), true
	}
	return s.values.Get(name)
}

func (s *settings) Item(key value.Value) (value.Value, bool) {
	name, ok := key.(string)
	if !ok {
		return nil, false
	}
	return s.values.Get(name)
}

// reference is ref or source: a function that knows the settings.
type reference struct {
	*value.Func
	in *Rendering
}

func (f *reference) Attr(name string) (value.Value, bool) {
	if name == "config" && f.in.Settled != nil {
		d := f.in.Settled()
		if vars, ok := d.Get("vars"); ok {
			if vars, ok := vars.(*value.Dict); ok {
				d.Put("vars", &settings{"VarProvider", vars})
			}
		}
		return &settings{"RuntimeConfig", d}, true
	}
	return f.Func.Attr(name)
}

// referring is the constructor of a reference.
func referring(name string, fn func(r *Rendering, c *value.Call) (value.Value, error)) constructor {
	return func(r *Rendering) (value.Value, bool) {
		return &reference{method(name, func(c *value.Call) (value.Value, error) { return fn(r, c) }), r}, true
	}
}
