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
	return found, locate(err, x.span)
}

// attr is v.name: an attribute, else an item of that name.
func (f *frame) attr(v value.Value, name string) (value.Value, error) {
	if found, ok := value.Attr(v, name); ok {
		if strings.HasPrefix(name, "_") && !value.IsUndefined(v) {
			return f.lacking(v, name), nil // private, which the sandbox hides
		}
		return found, nil
	}
	if u, ok := v.(*value.Undefined); ok {
		return nil, u.Fail()
	}
	if found, ok := value.Item(v, name); ok {
		return found, nil
	}
	return f.lacking(v, name), nil
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
	found, err := f.item(v, key)
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
		if found, ok := value.Attr(v, name); ok && !strings.HasPrefix(name, "_") {
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

func (x *sliceExpr) eval(f *frame) (value.Value, error) {
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	bounds, err := f.bounds(x.start, x.stop, x.step)
	if err != nil {
		return nil, err
	}
	found, err := value.Slice(v, bounds[0], bounds[1], bounds[2])
	return found, locate(err, x.span)
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

// A slice beside other subscripts is a key that nothing has.
func (x *sliceKeyExpr) eval(f *frame) (value.Value, error) {
	bounds, err := f.bounds(x.start, x.stop, x.step)
	return value.NewTuple(bounds[:]...), err
}
