package template

import "github.com/chmod-sql/chmod/compiler/value"

func groupbyFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("groupby", value.Required("attribute"), value.Optional("default", nil), value.Optional("case_sensitive", false))
	if err != nil {
		return nil, err
	}
	items, err := value.Iterate(v)
	if err != nil {
		return nil, err
	}
	plain := f.getter(args[0], args[1])
	get := folded(c, args[2], plain)
	if err := value.Sort(items, get, false); err != nil {
		return nil, err
	}
	groups := value.NewList()
	var last *group
	var lastKey value.Value
	for _, item := range items {
		key, err := get(item)
		if err != nil {
			return nil, err
		}
		if last == nil || !value.Equal(key, lastKey) {
			shown := key
			if !value.Truth(args[2]) {
				if shown, err = plain(item); err != nil {
					return nil, err
				}
			}
			last, lastKey = &group{grouper: shown, list: value.NewList()}, key
			groups.Elems = append(groups.Elems, last)
		}
		last.list.Elems = append(last.list.Elems, item)
	}
	return groups, nil
}

// group is a tuple of what the items have in common and the items.
type group struct {
	grouper value.Value
	list    *value.List
}

// Tuple is the group as it is compared, printed and hashed.
func (g *group) Tuple() *value.Tuple { return value.NewTuple(g.grouper, g.list) }

func (g *group) TypeName() string { return "_GroupTuple" }

func (g *group) Attr(name string) (value.Value, bool) {
	switch name {
	case "grouper":
		return g.grouper, true
	case "list":
		return g.list, true
	}
	return value.Attr(g.Tuple(), name)
}

func (g *group) Item(key value.Value) (value.Value, bool) { return value.Item(g.Tuple(), key) }
func (g *group) Items() []value.Value                     { return g.Tuple().Elems }
func (g *group) Len() int                                 { return 2 }
func (g *group) Str() string                              { return value.Repr(g.Tuple()) }
func (g *group) Equal(o value.Value) bool {
	if other, ok := o.(*group); ok {
		o = other.Tuple()
	}
	return value.Equal(g.Tuple(), o)
}
func (g *group) Slice(start, stop, step value.Value) (value.Value, error) {
	return value.Slice(g.Tuple(), start, stop, step)
}
