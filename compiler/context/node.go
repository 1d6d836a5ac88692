package context

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// nodeNames are the names that tell about the node at hand and the others.
func nodeNames() map[string]constructor {
	return map[string]constructor{
		"this": func(r *Rendering) (value.Value, bool) {
			if r.This == nil {
				return nil, r.Node != nil
			}
			return r.This, true
		},
		"model": func(r *Rendering) (value.Value, bool) {
			if r.Model == nil {
				return nil, false
			}
			return r.Model(), true
		},
		"graph": func(r *Rendering) (value.Value, bool) {
			if r.Graph == nil || !r.Execute {
				return value.NewDict(), true
			}
			return r.Graph(), true
		},
		"pre_hooks":  func(r *Rendering) (value.Value, bool) { return r.hooks("pre-hook") },
		"post_hooks": func(r *Rendering) (value.Value, bool) { return r.hooks("post-hook") },
		"database": func(r *Rendering) (value.Value, bool) {
			return "", r.Node != nil && r.Execute
		},
		"schema": func(r *Rendering) (value.Value, bool) {
			if r.Node == nil || !r.Execute {
				return nil, false
			}
			return r.Node.Schema, true
		},
		"context": func(r *Rendering) (value.Value, bool) { return &wholeContext{r}, true },
	}
}

func (r *Rendering) hooks(key string) (value.Value, bool) {
	if r.Node == nil || r.Settings == nil || !r.Execute {
		return nil, false
	}
	v, _ := r.Settings.Get(key)
	if v == nil {
		return value.NewList(), true
	}
	return v, true
}

// wholeContext is the name context: all names as a dict.
type wholeContext struct{ in *Rendering }

func (w *wholeContext) TypeName() string { return "dict" }
func (w *wholeContext) Str() string      { return "<context>" }

func (w *wholeContext) Item(key value.Value) (value.Value, bool) { return w.in.Lookup(textOf(key)) }

func (w *wholeContext) Contains(item value.Value) (bool, error) {
	_, ok := w.in.Lookup(textOf(item))
	return ok, nil
}

func (w *wholeContext) Items() []value.Value {
	var out []value.Value
	for _, n := range w.in.Names() {
		out = append(out, n)
	}
	return out
}

func (w *wholeContext) Attr(name string) (value.Value, bool) {
	switch name {
	case "get":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("get", value.Required("key"), value.Optional("default", nil))
			if err != nil {
				return nil, err
			}
			if v, ok := w.in.Lookup(textOf(args[0])); ok {
				return v, nil
			}
			return args[1], nil
		}), true
	case "keys":
		return method(name, func(*value.Call) (value.Value, error) { return value.NewList(w.Items()...), nil }), true
	}
	return nil, false
}
