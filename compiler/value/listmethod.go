package value

import "slices"

func listMethod(name string) methodFunc {
	switch name {
	case "append":
		return listAppend
	case "extend":
		return listExtend
	case "insert":
		return listInsert
	case "remove":
		return listRemove
	case "pop":
		return listPop
	case "clear":
		return listClear
	case "index":
		return listIndex
	case "count":
		return listCount
	case "sort":
		return listSort
	case "reverse":
		return listReverse
	case "copy":
		return listCopy
	}
	return nil
}

func listAppend(self Value, c *Call) (Value, error) {
	v, err := c.one("list.append")
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	l.Elems = append(l.Elems, v)
	return nil, nil
}

func listExtend(self Value, c *Call) (Value, error) {
	v, err := c.one("list.extend")
	if err != nil {
		return nil, err
	}
	items, err := Iterate(v)
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	if len(l.Elems)+len(items) > maxItems {
		return nil, tooLarge("list")
	}
	l.Elems = append(l.Elems, items...)
	return nil, nil
}

func listInsert(self Value, c *Call) (Value, error) {
	args, err := c.between("list", "insert", 2, 2)
	if err != nil {
		return nil, err
	}
	i, err := toIndex(args[0])
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	l.Elems = slices.Insert(l.Elems, clamp(i, len(l.Elems)), args[1])
	return nil, nil
}

func listRemove(self Value, c *Call) (Value, error) {
	v, err := c.one("list.remove")
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	i, err := find(l.Elems, v)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, Errorf("ValueError", "list.remove(x): x not in list")
	}
	l.Elems = slices.Delete(l.Elems, i, i+1)
	return nil, nil
}

func listPop(self Value, c *Call) (Value, error) {
	args, err := c.between("list", "pop", 0, 1)
	if err != nil {
		return nil, err
	}
	i := -1
	if len(c.Args) > 0 {
		if i, err = toIndex(args[0]); err != nil {
			return nil, err
		}
	}
	l := self.(*List)
	if len(l.Elems) == 0 {
		return nil, Errorf("IndexError", "pop from empty list")
	}
	if i < 0 {
		i += len(l.Elems)
	}
	if i < 0 || i >= len(l.Elems) {
		return nil, Errorf("IndexError", "pop index out of range")
	}
	v := l.Elems[i]
	l.Elems = slices.Delete(l.Elems, i, i+1)
	return v, nil
}

func listClear(self Value, c *Call) (Value, error) {
	if err := c.none("list.clear"); err != nil {
		return nil, err
	}
	self.(*List).Elems = nil
	return nil, nil
}

func listIndex(self Value, c *Call) (Value, error) {
	return elemIndex("list", self.(*List).Elems, c)
}

func elemIndex(class string, elems []Value, c *Call) (Value, error) {
	args, err := c.between(class, "index", 1, 3)
	if err != nil {
		return nil, err
	}
	for _, bound := range c.Args[1:] { // unlike str.index, None is no bound here
		if _, ok := indexOf(bound); !ok {
			return nil, Errorf("TypeError", "slice indices must be integers or have an __index__ method")
		}
	}
	from, to, err := bounds(args[1], args[2], len(elems))
	if err != nil {
		return nil, err
	}
	if from < to {
		i, err := find(elems[from:to], args[0])
		if err != nil {
			return nil, err
		}
		if i >= 0 {
			return int64(from + i), nil
		}
	}
	if class == "tuple" {
		return nil, Errorf("ValueError", "tuple.index(x): x not in tuple")
	}
	return nil, Errorf("ValueError", "%s is not in list", Repr(args[0]))
}

func listCount(self Value, c *Call) (Value, error) {
	return elemCount("list", self.(*List).Elems, c)
}

func elemCount(class string, elems []Value, c *Call) (Value, error) {
	v, err := c.one(class + ".count")
	if err != nil {
		return nil, err
	}
	var n int64
	for _, e := range elems {
		equal, err := same(e, v), error(nil)
		if !equal {
			equal, err = Equals(e, v)
		}
		if err != nil {
			return nil, err
		}
		if equal {
			n++
		}
	}
	return n, nil
}

func listSort(self Value, c *Call) (Value, error) {
	if len(c.Args) > 0 {
		return nil, Errorf("TypeError", "sort() takes no positional arguments")
	}
	args, err := c.named("sort", Optional("key", nil), Optional("reverse", false))
	if err != nil {
		return nil, err
	}
	var key func(Value) (Value, error)
	if args[0] != nil {
		key = func(v Value) (Value, error) { return c.With(args[0], v) }
	}
	reverse, ok := indexOf(args[1])
	if !ok {
		return nil, Errorf("TypeError", "'%s' object cannot be interpreted as an integer", TypeName(args[1]))
	}
	return nil, Sort(self.(*List).Elems, key, reverse != 0)
}

func listReverse(self Value, c *Call) (Value, error) {
	if err := c.none("list.reverse"); err != nil {
		return nil, err
	}
	slices.Reverse(self.(*List).Elems)
	return nil, nil
}

func listCopy(self Value, c *Call) (Value, error) {
	if err := c.none("list.copy"); err != nil {
		return nil, err
	}
	return NewList(slices.Clone(self.(*List).Elems)...), nil
}
