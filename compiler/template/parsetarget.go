package template

// target parses what can be assigned to.
func (p *parser) target(attrs bool) target {
	start := p.here()
	var items []target
	isTuple := false
	for !p.broken {
		if len(items) > 0 && !p.expect(",") {
			break
		}
		if p.tupleEnds() {
			break
		}
		items = append(items, p.oneTarget(attrs))
		if !p.cur().is(",") {
			break
		}
		isTuple = true
	}
	switch {
	case p.broken:
	case isTuple:
		return &tupleTarget{node{p.since(start)}, items}
	case len(items) == 1:
		return items[0]
	default:
		p.unexpected("a name to assign to")
	}
	return &tupleTarget{}
}

func (p *parser) oneTarget(attrs bool) target {
	t := p.cur()
	if attrs && t.kind == tokName && p.look().is(".") {
		p.i += 2
		attr, _ := p.expectName("the name of an attribute")
		return &attrTarget{node: node{p.since(t.start)}, name: t.text, attr: attr}
	}
	x := p.primary()
	made := toTarget(x)
	if made == nil {
		p.fail(x.at(), "cannot assign to '"+x.at().Text()+"'", "only names can be assigned to", "")
		return &tupleTarget{}
	}
	return made
}

// toTarget turns an expression into a target; nil when it cannot be one.
func toTarget(x expr) target {
	switch x := x.(type) {
	case *nameExpr:
		return &nameTarget{node: x.node, name: x.name}
	case *tupleExpr:
		t := &tupleTarget{node: x.node}
		for _, item := range x.items {
			made := toTarget(item)
			if made == nil {
				return nil
			}
			t.items = append(t.items, made)
		}
		return t
	}
	return nil
}

func cloneTarget(t target) target {
	switch t := t.(type) {
	case *nameTarget:
		c := *t
		return &c
	case *tupleTarget:
		c := &tupleTarget{node: t.node}
		for _, item := range t.items {
			c.items = append(c.items, cloneTarget(item))
		}
		return c
	}
	return t
}
