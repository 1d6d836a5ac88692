package template

import "github.com/chmod-sql/chmod/compiler/value"

func (t *nameTarget) assign(f *frame, v value.Value) error {
	f.store(t.ref, v)
	return nil
}

func (t *attrTarget) assign(f *frame, v value.Value) error {
	holder, ok := f.load(t.ref, t.name).(value.Settable)
	if !ok {
		return locate(notSettable(), t.span)
	}
	return locate(holder.SetAttr(t.attr, v), t.span)
}

// assignText is what the end of a set block does, which Jinja2 does not check:
// it is Python's x[name] = text.
func (t *attrTarget) assignText(f *frame, v value.Value) error {
	switch holder := f.load(t.ref, t.name).(type) {
	case value.Settable:
		return locate(holder.SetAttr(t.attr, v), t.span)
	case *value.Dict:
		holder.Put(t.attr, v)
		return nil
	case *value.List:
		return locate(value.Errorf("TypeError", "list indices must be integers or slices, not str"), t.span)
	default:
		return locate(value.Errorf("TypeError", "'%s' object does not support item assignment", value.TypeName(holder)), t.span)
	}
}

func notSettable() error {
	return value.Errorf("TemplateRuntimeError", "cannot assign attribute on non-namespace object")
}

// checkAttrs is done before the value is worked out.
func (f *frame) checkAttrs(t target) error {
	switch t := t.(type) {
	case *attrTarget:
		if _, ok := f.load(t.ref, t.name).(value.Settable); !ok {
			return locate(notSettable(), t.span)
		}
	case *tupleTarget:
		for _, item := range t.items {
			if err := f.checkAttrs(item); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tupleTarget) assign(f *frame, v value.Value) error {
	items, err := f.unpack(v, len(t.items))
	if err != nil {
		return locate(err, t.span)
	}
	for i, item := range t.items {
		if err := item.assign(f, items[i]); err != nil {
			return err
		}
	}
	return nil
}

func (f *frame) unpack(v value.Value, n int) ([]value.Value, error) {
	var items []value.Value
	switch v := v.(type) {
	case *value.Tuple:
		items = v.Elems
	case *value.List:
		items = v.Elems
	default:
		it, err := f.iterator(v)
		if value.IsUndefined(v) && err != nil {
			return nil, err
		}
		if err != nil {
			return nil, value.Errorf("TypeError", "cannot unpack non-iterable %s object", value.TypeName(v))
		}
		for len(items) <= n {
			item, ok, err := it.Next()
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			items = append(items, item)
		}
	}
	if len(items) > n {
		return nil, value.Errorf("ValueError", "too many values to unpack (expected %d)", n)
	}
	if len(items) < n {
		return nil, value.Errorf("ValueError", "not enough values to unpack (expected %d, got %d)", n, len(items))
	}
	return items, nil
}
