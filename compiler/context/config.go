package context

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// SeenConfig is one config() call.
type SeenConfig struct {
	Values *value.Dict
	Span   source.Span
}

// configNames is config alone, which is both a function and an object.
func configNames() map[string]constructor {
	return map[string]constructor{
		"config": func(r *Rendering) (value.Value, bool) { return &configObject{r}, true },
	}
}

type configObject struct{ in *Rendering }

func (o *configObject) TypeName() string {
	if o.in.Execute {
		return "RuntimeConfigObject"
	}
	return "ParseConfigObject"
}

func (o *configObject) Str() string { return "<" + o.TypeName() + ">" }

// Call is config(...): while the project is read, it sets; later, it is
// nothing.
func (o *configObject) Call(c *value.Call) (value.Value, error) {
	if o.in.Execute {
		return "", nil
	}
	values := value.NewDict()
	switch {
	case len(c.Args) == 1 && len(c.Kwargs) == 0:
		d, ok := c.Args[0].(*value.Dict)
		if !ok {
			return nil, mistake(c, "bad-config", "config() takes named settings or one dict, not "+value.TypeName(c.Args[0]), "",
				"write config(materialized='table')")
		}
		values = d.Copy()
	case len(c.Args) == 0:
		for _, kw := range c.Kwargs {
			values.Put(kw.Name, kw.Value)
		}
	default:
		return nil, mistake(c, "bad-config", "config() takes named settings or one dict", "", "write config(materialized='table')")
	}
	for _, hook := range []string{"pre", "post"} {
		if v, ok := values.Get(hook + "_hook"); ok {
			if _, both := values.Get(hook + "-hook"); both {
				return nil, mistake(c, "bad-config", "both "+hook+"_hook and "+hook+"-hook are set", "they are the same setting", "keep one of them")
			}
			values.Delete(hook + "_hook")
			values.Put(hook+"-hook", v)
		}
	}
	o.in.Seen.Configs = append(o.in.Seen.Configs, SeenConfig{Values: values, Span: c.Span})
	return "", nil
}

func (o *configObject) Attr(name string) (value.Value, bool) {
	switch name {
	case "get", "meta_get", "require", "meta_require":
		return method(name, func(c *value.Call) (value.Value, error) { return o.read(name, c) }), true
	case "set":
		return method(name, o.set), true
	case "persist_relation_docs":
		return method(name, func(*value.Call) (value.Value, error) { return o.persists("relation"), nil }), true
	case "persist_column_docs":
		return method(name, func(*value.Call) (value.Value, error) { return o.persists("columns"), nil }), true
	case "model":
		if o.in.Model == nil {
			return nil, true
		}
		return o.in.Lookup("model")
	}
	return nil, false
}

func (o *configObject) read(how string, c *value.Call) (value.Value, error) {
	params := []value.Param{value.Required("name"), value.Optional("default", nil), value.Optional("validator", nil)}
	required := how == "require" || how == "meta_require"
	if required {
		params = []value.Param{params[0], params[2]}
	}
	args, err := c.Bind(how, params...)
	if err != nil {
		return nil, err
	}
	if !o.in.Execute {
		return "", nil
	}
	if v, ok := o.value(how == "meta_get" || how == "meta_require", args[0]); ok {
		return v, nil
	}
	if required {
		return nil, mistake(c, "missing-config", "the setting "+value.Repr(args[0])+" is required here and not set", "",
			"set it with config("+value.Str(args[0])+"=...)")
	}
	return args[1], nil
}

func (o *configObject) value(meta bool, name value.Value) (value.Value, bool) {
	if o.in.Settings == nil {
		return nil, false
	}
	values := o.in.Settings.Values()
	if meta {
		m, ok := values.Get("meta")
		if !ok {
			return nil, false
		}
		values, ok = m.(*value.Dict)
		if !ok {
			return nil, false
		}
	}
	v, ok := values.Get(name)
	if !ok {
		if twin, is := hookTwin(name); is {
			v, ok = values.Get(twin)
		}
	}
	return v, ok // one that was set to None is there
}

// hookTwin is the other spelling of a hook's setting.
func hookTwin(name value.Value) (string, bool) {
	switch name {
	case "pre_hook":
		return "pre-hook", true
	case "post_hook":
		return "post-hook", true
	case "pre-hook":
		return "pre_hook", true
	case "post-hook":
		return "post_hook", true
	}
	return "", false
}

func (o *configObject) set(c *value.Call) (value.Value, error) {
	args, err := c.Bind("set", value.Required("name"), value.Required("value"))
	if err != nil {
		return nil, err
	}
	if args[0] == "sql_header" {
		o.in.Header = textOf(args[1])
	}
	if o.in.Execute {
		return "", nil
	}
	d := value.NewDict()
	if err := d.Set(args[0], args[1]); err != nil {
		return nil, err
	}
	return o.Call(&value.Call{Args: []value.Value{d}, Span: c.Span, Runtime: c.Runtime})
}

func (o *configObject) persists(what string) bool {
	if !o.in.Execute || o.in.Settings == nil {
		return false
	}
	d := o.in.Settings.Dict("persist_docs")
	if d == nil {
		return false
	}
	v, _ := d.Get(what)
	return value.Truth(v)
}
