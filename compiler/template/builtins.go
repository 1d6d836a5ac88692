package template

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// builtins adds Jinja2's own globals to those of a rendering, which win.
type builtins struct{ Scope }

// Lookup finds a global.
func (b builtins) Lookup(name string) (value.Value, bool) {
	if v, ok := b.Scope.Lookup(name); ok {
		return v, true
	}
	switch name {
	case "range":
		return &value.Func{Name: "safe_range", Fn: newRange}, true // as Jinja2's sandbox calls it
	case "dict":
		return &class{"dict", newDict}, true
	case "namespace":
		return &class{"jinja2.utils.Namespace", newNamespace}, true
	case "cycler":
		return &class{"jinja2.utils.Cycler", newCycler}, true
	case "joiner":
		return &class{"jinja2.utils.Joiner", newJoiner}, true
	}
	return nil, false
}

// class is a Python class as templates see it: something to call.
type class struct {
	name string
	make func(c *value.Call) (value.Value, error)
}

func (c *class) TypeName() string                           { return "type" }
func (c *class) Attr(string) (value.Value, bool)            { return nil, false }
func (c *class) Call(call *value.Call) (value.Value, error) { return c.make(call) }
func (c *class) Str() string                                { return "<class '" + c.name + "'>" }

// newDict is Python's dict(...).
func newDict(c *value.Call) (value.Value, error) {
	d := value.NewDict()
	if len(c.Args) > 1 {
		return nil, value.Errorf("TypeError", "dict expected at most 1 argument, got %d", len(c.Args))
	}
	if len(c.Args) == 1 {
		if err := d.Merge(c.Args[0]); err != nil {
			return nil, err
		}
	}
	for _, kw := range c.Kwargs {
		d.Put(kw.Name, kw.Value)
	}
	return d, nil
}

// namespace is Jinja2's namespace: what a loop assigns to it stays.
type namespace struct{ attrs *value.Dict }

func newNamespace(c *value.Call) (value.Value, error) {
	d, err := newDict(c)
	if err != nil {
		return nil, err
	}
	return &namespace{attrs: d.(*value.Dict)}, nil
}

func (n *namespace) TypeName() string                         { return "jinja2.utils.Namespace" }
func (n *namespace) Attr(name string) (value.Value, bool)     { return n.attrs.Get(name) }
func (n *namespace) SetAttr(name string, v value.Value) error { n.attrs.Put(name, v); return nil }
func (n *namespace) Str() string                              { return "<Namespace " + value.Repr(n.attrs) + ">" }

// cycler goes round its items.
type cycler struct {
	items []value.Value
	at    int
}

func newCycler(c *value.Call) (value.Value, error) {
	if len(c.Kwargs) > 0 {
		return nil, value.Errorf("TypeError", "cycler() got an unexpected keyword argument '%s'", c.Kwargs[0].Name)
	}
	if len(c.Args) == 0 {
		return nil, value.Errorf("RuntimeError", "at least one item has to be provided")
	}
	return &cycler{items: c.Args}, nil
}

func (y *cycler) TypeName() string { return "jinja2.utils.Cycler" }

func (y *cycler) Attr(name string) (value.Value, bool) {
	switch name {
	case "current":
		return y.items[y.at], true
	case "items":
		return value.NewTuple(y.items...), true
	case "pos":
		return int64(y.at), true
	case "next":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
			now := y.items[y.at]
			y.at = (y.at + 1) % len(y.items)
			_, err := c.Bind(name)
			return now, err
		}}, true
	case "reset":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
			y.at = 0
			_, err := c.Bind(name)
			return nil, err
		}}, true
	}
	return nil, false
}

// joiner is nothing at first and the separator from then on.
type joiner struct {
	sep  value.Value
	used bool
}

func newJoiner(c *value.Call) (value.Value, error) {
	args, err := c.Bind("joiner", value.Optional("sep", ", "))
	if err != nil {
		return nil, err
	}
	return &joiner{sep: args[0]}, nil
}

func (j *joiner) TypeName() string { return "jinja2.utils.Joiner" }

func (j *joiner) Attr(name string) (value.Value, bool) {
	switch name {
	case "sep":
		return j.sep, true
	case "used":
		return j.used, true
	}
	return nil, false
}

func (j *joiner) Call(c *value.Call) (value.Value, error) {
	if _, err := c.Bind("joiner"); err != nil {
		return nil, err
	}
	if !j.used {
		j.used = true
		return "", nil
	}
	return j.sep, nil
}
