package value

import "strings"

// Contains is item in container.
func Contains(container, item Value) (bool, error) {
	switch c := container.(type) {
	case string:
		s, ok := item.(string)
		if !ok {
			return false, Errorf("TypeError", "'in <string>' requires string as left operand, not %s", TypeName(item))
		}
		return strings.Contains(c, s), nil
	case *List:
		return holds(c.Elems, item)
	case *Tuple:
		return holds(c.Elems, item)
	case *Dict:
		return c.contains(item)
	case *Set:
		if _, ok := item.(*Set); ok {
			return false, nil // Python looks for a frozenset
		}
		return c.dict.contains(item)
	case *Undefined:
		return false, Check(c)
	case Container:
		return c.Contains(item)
	case Iterable:
		return holds(c.Items(), item)
	case Streamer:
		for {
			v, ok, err := c.Next()
			if err != nil || !ok {
				return false, err
			}
			if same(v, item) {
				return true, nil
			}
			if equal, err := Equals(v, item); equal || err != nil {
				return equal, err
			}
		}
	}
	return false, Errorf("TypeError", "argument of type '%s' is not iterable", TypeName(container))
}

func holds(elems []Value, item Value) (bool, error) {
	i, err := find(elems, item)
	return i >= 0 && err == nil, err
}

func (d *Dict) contains(k Value) (bool, error) {
	h, err := Key(k)
	if err != nil {
		return false, err
	}
	return d.find(h) >= 0, nil
}
