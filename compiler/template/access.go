package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func (x *attrExpr) eval(f *frame) (value.Value, error) {
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	found, err := f.attr(v, x.name)
	if l, ok := v.(*loopValue); ok && l.err != nil {
		return nil, locate(l.err, l.stmt.iter.at())
	}
	return found, locate(err, x.span)
}

// attr is v.name: an attribute, else an item of that name.
func (f *frame) attr(v value.Value, name string) (value.Value, error) {
	if found, ok := value.Attr(v, name); ok {
		if strings.HasPrefix(name, "_") && !value.IsUndefined(v) {
			return f.private(v, name), nil
		}
		return found, nil
	}
	if everywhere(name) || ofContainers(v, name) {
		return f.private(v, name), nil
	}
	if u, ok := v.(*value.Undefined); ok {
		return nil, u.Fail()
	}
	if found, ok := value.Item(v, name); ok {
		return found, nil
	}
	return f.lacking(v, name), nil
}

// private is the Undefined for what v has but the sandbox hides. dbt's lenient
// one does not keep the class of the error.
func (f *frame) private(v value.Value, name string) *value.Undefined {
	u := &value.Undefined{
		Leniency: f.lenient, Name: name, Class: "SecurityError",
		Hint: "access to attribute '" + name + "' of '" + value.TypeName(v) + "' object is unsafe",
	}
	if f.lenient == value.Chainable {
		u.Class = ""
	}
	return u
}

// everywhere reports whether any Python object has the attribute.
func everywhere(name string) bool {
	switch name {
	case "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__", "__gt__",
		"__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__",
		"__setattr__", "__sizeof__", "__str__", "__subclasshook__":
		return true
	}
	return false
}

// Part is x.name or x[key] for str.format.
func (r *Renderer) Part(v, key value.Value, isAttr bool) (value.Value, error) {
	f := &frame{r: r, lenient: r.opts.Undefined}
	if isAttr {
		return f.attr(v, value.Str(key))
	}
	return f.item(v, key)
}

func (x *itemExpr) eval(f *frame) (value.Value, error) {
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	key, err := x.key.eval(f)
	if err != nil {
		return nil, err
	}
	if s, ok := v.(string); ok && len(s) > 1024 { // characters are counted
		if err := f.r.spend(len(s)/16, x.span); err != nil {
			return nil, err
		}
	}
	found, err := f.item(f.unmarked(v), f.unmarked(key))
	return found, locate(err, x.span)
}

// item is v[key]: an item, else an attribute of that name.
func (f *frame) item(v, key value.Value) (value.Value, error) {
	if found, ok := value.Item(v, key); ok {
		return found, nil
	}
	if u, ok := v.(*value.Undefined); ok {
		return nil, u.Fail()
	}
	if name, ok := key.(string); ok {
		found, ok := value.Attr(v, name)
		if everywhere(name) || ofContainers(v, name) || ok && strings.HasPrefix(name, "_") {
			return f.private(v, name), nil
		}
		if ok {
			return found, nil
		}
	}
	return f.lacking(v, key), nil
}

// lacking is the Undefined for what v does not have.
func (f *frame) lacking(v, key value.Value) *value.Undefined {
	of := "None"
	if v != nil {
		of = value.TypeName(v) + " object"
	}
	if name, ok := key.(string); ok {
		return &value.Undefined{Leniency: f.lenient, Name: name, Of: of}
	}
	return &value.Undefined{Leniency: f.lenient, Name: value.Str(key), Of: of, Hint: of + " has no element " + value.Repr(key)}
}

// ofContainers reports whether a container has the attribute.
func ofContainers(v value.Value, name string) bool {
	switch v.(type) {
	case string, *value.List, *value.Tuple, *value.Dict, *value.Undefined:
		return name == "__len__" || name == "__iter__" || name == "__getitem__" || name == "__contains__"
	}
	return false
}

func (x *sliceExpr) eval(f *frame) (value.Value, error) {
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	bounds, err := f.bounds(x.start, x.stop, x.step)
	if err != nil {
		return nil, err
	}
	found, err := value.Slice(f.unmarked(v), bounds[0], bounds[1], bounds[2])
	if err != nil {
		return nil, locate(err, x.span)
	}
	return found, f.r.made(found, value.Cost(v), x.span)
}

func (f *frame) bounds(list ...expr) ([3]value.Value, error) {
	var bounds [3]value.Value
	for i, x := range list {
		if x == nil {
			continue
		}
		v, err := x.eval(f)
		if err != nil {
			return bounds, err
		}
		bounds[i] = v
	}
	return bounds, nil
}
