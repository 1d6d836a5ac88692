package value

const (
	viewKeys   = "dict_keys"
	viewValues = "dict_values"
	viewItems  = "dict_items"
)

// dictView is what keys(), values() and items() give: it follows its dict.
type dictView struct {
	dict *Dict
	kind string
}

func (v *dictView) TypeName() string { return v.kind }

func (v *dictView) Attr(name string) (Value, bool) {
	if name == "isdisjoint" && v.kind != viewValues {
		return &method{self: v, name: name, run: setIsDisjoint}, true
	}
	return nil, false
}

// Dict is what it is a view of.
func (v *dictView) Dict() *Dict { return v.dict }

func (v *dictView) Len() int { return v.dict.Len() }

func (v *dictView) Items() []Value {
	items := make([]Value, 0, v.dict.Len())
	switch v.kind {
	case viewKeys:
		return v.dict.Keys()
	case viewValues:
		for _, val := range v.dict.All() {
			items = append(items, val)
		}
		return items
	}
	// One block for all pairs instead of two allocations for each.
	pairs, parts := make([]Tuple, v.dict.Len()), make([]Value, 0, 2*v.dict.Len())
	for k, val := range v.dict.All() {
		at := len(parts)
		parts = append(parts, k, val)
		pair := &pairs[len(items)]
		pair.Elems = parts[at : at+2 : at+2]
		items = append(items, pair)
	}
	return items
}

func (v *dictView) Repr() string { return v.kind + "(" + Repr(NewList(v.Items()...)) + ")" }

func (v *dictView) Contains(item Value) (bool, error) {
	if v.kind == viewKeys {
		return v.dict.contains(item)
	}
	return holds(v.Items(), item)
}

// Equal holds for sets and views of the same keys or pairs.
func (v *dictView) Equal(o Value) bool {
	if v == o {
		return true
	}
	if v.kind == viewValues {
		return false
	}
	mine, ok := setOf(v)
	theirs, also := setOf(o)
	return ok && also && mine.Len() == theirs.Len() && mine.within(theirs)
}

// Compare orders by inclusion, as sets are.
func (v *dictView) Compare(o Value) (int, bool, error) {
	mine, ok := setOf(v)
	theirs, also := setOf(o)
	if !ok || !also {
		return 0, false, nil
	}
	c, ordered := compareSets(mine, theirs)
	return c, ordered, nil
}

// Operate answers keys - keys, which is a set.
func (v *dictView) Operate(op Op, other Value, reflected bool) (Value, bool, error) {
	if op != OpSub || v.kind == viewValues {
		return nil, false, nil
	}
	left, right := Value(v), other
	if reflected {
		left, right = other, v
	}
	from, err := gather(left)
	if err != nil {
		return nil, false, err
	}
	without, err := gather(right)
	if err != nil {
		return nil, false, err
	}
	return from.difference(without), true, nil
}

// setOf reads a set or a view that behaves like one.
func setOf(v Value) (*Set, bool) {
	switch v := v.(type) {
	case *Set:
		return v, true
	case *dictView:
		if v.kind == viewValues {
			return nil, false
		}
		s, err := gather(v)
		return s, err == nil
	}
	return nil, false
}
