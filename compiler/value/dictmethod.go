package value

func dictMethod(name string) methodFunc {
	switch name {
	case "items":
		return dictItems
	case "keys":
		return dictKeys
	case "values":
		return dictValues
	case "get":
		return dictGet
	case "update":
		return dictUpdate
	case "pop":
		return dictPop
	case "popitem":
		return dictPopItem
	case "setdefault":
		return dictSetDefault
	case "clear":
		return dictClear
	case "copy":
		return dictCopy
	case "fromkeys":
		return dictFromKeys
	}
	return nil
}

func dictItems(self Value, c *Call) (Value, error) {
	return &dictView{self.(*Dict), viewItems}, c.none("dict.items")
}

func dictKeys(self Value, c *Call) (Value, error) {
	return &dictView{self.(*Dict), viewKeys}, c.none("dict.keys")
}

func dictValues(self Value, c *Call) (Value, error) {
	return &dictView{self.(*Dict), viewValues}, c.none("dict.values")
}

func dictGet(self Value, c *Call) (Value, error) {
	if err := c.positional("dict.get"); err != nil {
		return nil, err
	}
	if len(c.Args) == 0 || len(c.Args) > 2 {
		_, err := c.between("dict", "get", 1, 2)
		return nil, err
	}
	h, err := Key(c.Args[0])
	if err != nil {
		return nil, err
	}
	d := self.(*Dict)
	if i := d.find(h); i >= 0 {
		return d.entries[i].val, nil
	}
	if len(c.Args) == 2 {
		return c.Args[1], nil
	}
	return nil, nil
}

func dictUpdate(self Value, c *Call) (Value, error) {
	d := self.(*Dict)
	if len(c.Args) > 1 {
		return nil, Errorf("TypeError", "update expected at most 1 argument, got %d", len(c.Args))
	}
	if len(c.Args) == 1 {
		if err := d.Merge(c.Args[0]); err != nil {
			return nil, err
		}
	}
	for _, kw := range c.Kwargs {
		d.Put(kw.Name, kw.Value)
	}
	return nil, nil
}

func dictPop(self Value, c *Call) (Value, error) {
	args, err := c.between("dict", "pop", 1, 2)
	if err != nil {
		return nil, err
	}
	if d := self.(*Dict); d.Len() > 0 { // an empty dict does not even look at the key
		if _, err := Key(args[0]); err != nil {
			return nil, err
		}
		if v, ok := d.Delete(args[0]); ok {
			return v, nil
		}
	}
	if len(c.Args) == 1 {
		return nil, &Error{Class: "KeyError", Message: Repr(args[0])}
	}
	return args[1], nil
}

func dictPopItem(self Value, c *Call) (Value, error) {
	if err := c.none("dict.popitem"); err != nil {
		return nil, err
	}
	d := self.(*Dict)
	if i := d.last(); i >= 0 {
		k := d.entries[i].key
		v, _ := d.Delete(k)
		return NewTuple(k, v), nil
	}
	return nil, &Error{Class: "KeyError", Message: "'popitem(): dictionary is empty'"}
}

func dictSetDefault(self Value, c *Call) (Value, error) {
	args, err := c.between("dict", "setdefault", 1, 2)
	if err != nil {
		return nil, err
	}
	d := self.(*Dict)
	if v, ok := d.Get(args[0]); ok {
		return v, nil
	}
	return args[1], d.Set(args[0], args[1])
}

func dictClear(self Value, c *Call) (Value, error) {
	if err := c.none("dict.clear"); err != nil {
		return nil, err
	}
	*self.(*Dict) = *NewDict()
	return nil, nil
}

func dictCopy(self Value, c *Call) (Value, error) {
	if err := c.none("dict.copy"); err != nil {
		return nil, err
	}
	return self.(*Dict).Copy(), nil
}

func dictFromKeys(_ Value, c *Call) (Value, error) {
	args, err := c.between("dict", "fromkeys", 1, 2)
	if err != nil {
		return nil, err
	}
	keys, err := Iterate(args[0])
	if err != nil {
		return nil, err
	}
	d := NewDict()
	for _, k := range keys {
		if err := d.Set(k, args[1]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Merge is Python's update: it puts in the entries of a dict, or the pairs
// that an iterable gives.
func (d *Dict) Merge(from Value) error {
	if o, ok := from.(*Dict); ok {
		if o == d {
			return nil
		}
		for k, v := range o.All() {
			if err := d.Set(k, v); err != nil {
				return err
			}
		}
		return nil
	}
	if u, ok := from.(*Undefined); ok && u.Leniency != Chainable {
		return u.Fail() // Python asks it for its keys first
	}
	if o, ok := from.(Object); ok {
		if keys, ok := o.Attr("keys"); ok {
			return d.mergeKeys(o, keys)
		}
	}
	pairs, err := Iterate(from)
	if err != nil {
		return err
	}
	for i, p := range pairs {
		pair, err := Iterate(p)
		if err != nil {
			return Errorf("TypeError", "cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(pair) != 2 {
			return Errorf("ValueError", "dictionary update sequence element #%d has length %d; 2 is required", i, len(pair))
		}
		if err := d.Set(pair[0], pair[1]); err != nil {
			return err
		}
	}
	return nil
}

// mergeKeys takes over what a mapping such as a table's row holds.
func (d *Dict) mergeKeys(from Object, keys Value) error {
	all, err := Invoke(keys, &Call{})
	if err != nil {
		return err
	}
	names, err := Iterate(all)
	if err != nil {
		return err
	}
	for _, name := range names {
		v, ok := Item(from, name)
		if !ok {
			return Errorf("KeyError", "%s", Repr(name))
		}
		if err := d.Set(name, v); err != nil {
			return err
		}
	}
	return nil
}
