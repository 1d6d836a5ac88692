package value

func setMethod(name string) methodFunc {
	switch name {
	case "add":
		return setAdd
	case "remove":
		return setRemove
	case "discard":
		return setDiscard
	case "pop":
		return setPop
	case "clear":
		return setClear
	case "copy":
		return setCopy
	case "union":
		return setUnion
	case "update":
		return setUpdate
	case "intersection":
		return setIntersection
	case "intersection_update":
		return setReplace("set.intersection_update", setIntersection)
	case "difference":
		return setDifference
	case "difference_update":
		return setReplace("set.difference_update", setDifference)
	case "symmetric_difference":
		return setSymmetricDifference
	case "symmetric_difference_update":
		return setReplace("set.symmetric_difference_update", setSymmetricDifference)
	case "issubset":
		return setIsSubset
	case "issuperset":
		return setIsSuperset
	case "isdisjoint":
		return setIsDisjoint
	}
	return nil
}

// gather makes a set of any iterable; a set is returned as it is.
func gather(v Value) (*Set, error) {
	if s, ok := v.(*Set); ok {
		return s, nil
	}
	items, err := Iterate(v)
	if err != nil {
		return nil, err
	}
	return NewSet(items...)
}

func (s *Set) copy() *Set { return &Set{dict: s.dict.Copy()} }

func (s *Set) merge(o *Set) {
	for e := range o.dict.All() {
		if h, err := Key(e); err == nil { // it was hashed on the way into o
			if s.dict.find(h) < 0 {
				s.dict.put(h, e, nil)
			}
		}
	}
}

func (s *Set) difference(o *Set) *Set { return s.pick(o, false) }

// pick keeps what is, or is not, in o.
func (s *Set) pick(o *Set, in bool) *Set {
	kept := &Set{dict: NewDict()}
	for e := range s.dict.All() {
		h, err := Key(e)
		if err != nil {
			continue // cannot be: it was hashed on the way in
		}
		if (o.dict.find(h) >= 0) == in {
			kept.dict.put(h, e, nil)
		}
	}
	return kept
}

func setAdd(self Value, c *Call) (Value, error) {
	v, err := c.one("set.add")
	if err != nil {
		return nil, err
	}
	return nil, self.(*Set).Add(v)
}

func setRemove(self Value, c *Call) (Value, error) {
	v, err := c.one("set.remove")
	if err != nil {
		return nil, err
	}
	if _, err := Key(v); err != nil {
		return nil, err
	}
	if !self.(*Set).Remove(v) {
		return nil, &Error{Class: "KeyError", Message: Repr(v)}
	}
	return nil, nil
}

func setDiscard(self Value, c *Call) (Value, error) {
	v, err := c.one("set.discard")
	if err != nil {
		return nil, err
	}
	if _, err := Key(v); err != nil {
		return nil, err
	}
	self.(*Set).Remove(v)
	return nil, nil
}

// setPop takes the oldest element: any would do.
func setPop(self Value, c *Call) (Value, error) {
	if err := c.none("set.pop"); err != nil {
		return nil, err
	}
	s := self.(*Set)
	for e := range s.dict.All() {
		s.Remove(e)
		return e, nil
	}
	return nil, &Error{Class: "KeyError", Message: "'pop from an empty set'"}
}

func setClear(self Value, c *Call) (Value, error) {
	if err := c.none("set.clear"); err != nil {
		return nil, err
	}
	self.(*Set).dict = NewDict()
	return nil, nil
}

func setCopy(self Value, c *Call) (Value, error) {
	if err := c.none("set.copy"); err != nil {
		return nil, err
	}
	return self.(*Set).copy(), nil
}

func setUnion(self Value, c *Call) (Value, error) {
	s := self.(*Set).copy()
	_, err := setUpdate(s, c)
	return s, err
}

func setUpdate(self Value, c *Call) (Value, error) {
	if err := c.positional("set.update"); err != nil {
		return nil, err
	}
	for _, a := range c.Args {
		o, err := gather(a)
		if err != nil {
			return nil, err
		}
		self.(*Set).merge(o)
	}
	return nil, nil
}

func setIntersection(self Value, c *Call) (Value, error) {
	return setPick(self, c, "set.intersection", true)
}

func setDifference(self Value, c *Call) (Value, error) {
	return setPick(self, c, "set.difference", false)
}

func setPick(self Value, c *Call, name string, in bool) (Value, error) {
	if err := c.positional(name); err != nil {
		return nil, err
	}
	s := self.(*Set).copy()
	for _, a := range c.Args {
		o, err := gather(a)
		if err != nil {
			return nil, err
		}
		s = s.pick(o, in)
	}
	return s, nil
}

func setSymmetricDifference(self Value, c *Call) (Value, error) {
	v, err := c.one("set.symmetric_difference")
	if err != nil {
		return nil, err
	}
	o, err := gather(v)
	if err != nil {
		return nil, err
	}
	s := self.(*Set)
	both := s.difference(o)
	both.merge(o.difference(s))
	return both, nil
}

// setReplace makes the method that puts a method's result into the set.
func setReplace(name string, run methodFunc) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		if err := c.positional(name); err != nil {
			return nil, err
		}
		v, err := run(self, c)
		if err != nil {
			return nil, err
		}
		self.(*Set).dict = v.(*Set).dict
		return nil, nil
	}
}

func setIsSubset(self Value, c *Call) (Value, error) {
	return setCompare(c, "set.issubset", func(o *Set) bool { return self.(*Set).within(o) })
}

func setIsSuperset(self Value, c *Call) (Value, error) {
	return setCompare(c, "set.issuperset", func(o *Set) bool { return o.within(self.(*Set)) })
}

func setIsDisjoint(self Value, c *Call) (Value, error) {
	s, err := gather(self)
	if err != nil {
		return nil, err
	}
	return setCompare(c, "set.isdisjoint", func(o *Set) bool { return s.pick(o, true).Len() == 0 })
}

func setCompare(c *Call, name string, holds func(o *Set) bool) (Value, error) {
	v, err := c.one(name)
	if err != nil {
		return nil, err
	}
	o, err := gather(v)
	if err != nil {
		return nil, err
	}
	return holds(o), nil
}
