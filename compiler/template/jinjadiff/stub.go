package jinjadiff

import (
	"crypto/md5"
	"encoding/hex"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// stub answers everything with a stub that is called what was asked, as the
// oracle's Stub does.
type stub struct{ path string }

func newStub(path string) stub {
	path = address.ReplaceAllString(path, "")
	if len([]rune(path)) > 200 {
		sum := md5.Sum([]byte(path))
		path = hex.EncodeToString(sum[:])[:12]
	}
	return stub{path}
}

func (s stub) TypeName() string { return "Stub" }

func (s stub) Attr(name string) (value.Value, bool) {
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, "jinja_") {
		return nil, false
	}
	return newStub(s.path + "." + name), true
}

func (s stub) Item(key value.Value) (value.Value, bool) {
	return newStub(s.path + "[" + value.Repr(key) + "]"), true
}

func (s stub) Call(c *value.Call) (value.Value, error) {
	var given []string
	for _, a := range c.Args {
		given = append(given, value.Repr(a))
	}
	for _, k := range c.Kwargs {
		given = append(given, k.Name+"="+value.Repr(k.Value))
	}
	return newStub(s.path + "(" + strings.Join(given, ", ") + ")"), nil
}

func (s stub) Items() []value.Value {
	return []value.Value{newStub(s.path + "[0]"), newStub(s.path + "[1]")}
}

func (s stub) Len() int { return 2 }

func (s stub) Equal(o value.Value) bool { return s == o }

func (s stub) Str() string { return "<" + s.path + ">" }

// configStub is the model's config, which holds nothing.
type configStub struct{ stub }

func (configStub) Call(*value.Call) (value.Value, error) { return "", nil }

func (c configStub) Attr(name string) (value.Value, bool) {
	if name != "get" {
		return c.stub.Attr(name)
	}
	return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind("get", value.Required("name"), value.Optional("default", nil), value.Optional("validator", nil))
		if err != nil {
			return nil, err
		}
		return args[1], nil
	}}, true
}

// adapterStub finds macros.
type adapterStub struct {
	stub
	find func(name string, namespace value.Value) value.Value
}

func (a adapterStub) Attr(name string) (value.Value, bool) {
	if name != "dispatch" {
		return a.stub.Attr(name)
	}
	return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind("dispatch", value.Required("macro_name"), value.Optional("macro_namespace", nil), value.Optional("packages", nil))
		if err != nil {
			return nil, err
		}
		return a.find(value.Str(args[0]), args[1]), nil
	}}, true
}
