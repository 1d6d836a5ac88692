package template

import "github.com/chmod-sql/chmod/compiler/value"

// noteCall remembers a call of a function that tells about a model without
// running it.
func (p *parser) noteCall(c *callExpr) {
	name, ok := c.fn.(*nameExpr)
	if !ok || p.inMacro {
		return
	}
	switch name.name {
	case "ref", "source", "config", "var", "env_var":
	default:
		return
	}
	p.calls = append(p.calls, notedCall{c, p.nested > 0})
}

// notedCall is a call as it was parsed; few ask what is in it.
type notedCall struct {
	*callExpr
	nested bool
}

func (c notedCall) static() StaticCall {
	call := StaticCall{Span: c.span, Nested: c.nested}
	if name, ok := c.fn.(*nameExpr); ok {
		call.Name = name.name
	}
	call.Literal = c.args.star == nil && c.args.starStar == nil
	for _, a := range c.args.args {
		v, ok := literal(a)
		call.Literal = call.Literal && ok
		call.Args = append(call.Args, v)
	}
	for _, k := range c.args.kwargs {
		v, ok := literal(k.x)
		call.Literal = call.Literal && ok
		call.Kwargs = append(call.Kwargs, value.Kwarg{Name: k.name, Value: v})
	}
	if !call.Literal {
		call.Args, call.Kwargs = nil, nil
	}
	return call
}

// literal is the value of an expression that holds nothing but literals.
func literal(x expr) (value.Value, bool) {
	switch x := x.(type) {
	case *constExpr:
		return x.val, true
	case *listExpr:
		items, ok := literals(x.items)
		return value.NewList(items...), ok
	case *tupleExpr:
		items, ok := literals(x.items)
		return value.NewTuple(items...), ok
	case *dictExpr:
		d := value.NewDict()
		for i := range x.keys {
			k, ok := literal(x.keys[i])
			if !ok {
				return nil, false
			}
			v, ok := literal(x.vals[i])
			if !ok || d.Set(k, v) != nil {
				return nil, false
			}
		}
		return d, true
	case *unaryExpr:
		if v, ok := literal(x.x); ok && x.op == "-" {
			n, err := value.Neg(v)
			return n, err == nil
		}
	}
	return nil, false
}

func literals(items []expr) ([]value.Value, bool) {
	vals := make([]value.Value, len(items))
	for i, item := range items {
		v, ok := literal(item)
		if !ok {
			return nil, false
		}
		vals[i] = v
	}
	return vals, true
}
