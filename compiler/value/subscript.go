package value

// Subscript is Item with Python's error for what is not there: IndexError,
// KeyError, or TypeError for values without items.
func Subscript(v, key Value) (Value, error) {
	if item, ok := Item(v, key); ok {
		return item, nil
	}
	class := TypeName(v)
	switch v := v.(type) {
	case *Undefined:
		return nil, v.Fail()
	case *Dict:
		if _, err := Key(key); err != nil {
			return nil, err
		}
		return nil, &Error{Class: "KeyError", Message: Repr(key)}
	case string, *List, *Tuple:
		if _, ok := indexOf(key); ok {
			if class == "str" {
				class = "string"
			}
			return nil, Errorf("IndexError", "%s index out of range", class)
		}
		if class == "str" {
			return nil, Errorf("TypeError", "string indices must be integers, not '%s'", TypeName(key))
		}
		return nil, Errorf("TypeError", "%s indices must be integers or slices, not %s", class, TypeName(key))
	case Indexer:
		return nil, &Error{Class: "KeyError", Message: Repr(key)}
	}
	return nil, Errorf("TypeError", "'%s' object is not subscriptable", class)
}

// attribute is Attr with Python's AttributeError for what is not there.
func attribute(v Value, name string) (Value, error) {
	if a, ok := Attr(v, name); ok {
		return a, nil
	}
	if u, ok := v.(*Undefined); ok {
		return nil, u.Fail()
	}
	return nil, Errorf("AttributeError", "'%s' object has no attribute '%s'", TypeName(v), name)
}
