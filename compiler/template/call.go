package template

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

func (x *callExpr) eval(f *frame) (value.Value, error) {
	v, _, err := x.into(f, nil)
	return v, err
}

// into calls, and when w is given and a macro is called, writes what the macro
// writes straight into it: the second result is then true, and the value is of
// no use.
func (x *callExpr) into(f *frame, w *writer) (value.Value, bool, error) {
	fn, err := x.fn.eval(f)
	if err != nil {
		return nil, false, err
	}
	if _, ok := fn.(Return); ok && w != nil && len(x.args.args) == 1 {
		if inner, ok := x.args.args[0].(*callExpr); ok && f.call != nil {
			return f.returnCall(x, inner)
		}
	}
	c := &value.Call{Span: x.span, Runtime: f.r}
	var caller value.Value
	if x.caller != nil {
		caller = &macroValue{macro: x.caller.macro, frame: f}
	}
	if err := f.arguments(&x.args, c, caller); err != nil {
		return nil, false, err
	}
	f.unmark(c)
	switch fn := fn.(type) {
	case *macroValue:
		v, spliced, err := f.r.invoke(fn, c, w)
		return v, spliced, locate(err, x.span)
	case *loopValue:
		v, err := fn.recurse(c)
		return v, false, locate(err, x.span)
	}
	v, err := value.Invoke(fn, c)
	if err != nil {
		return nil, false, locate(err, x.span)
	}
	return v, false, f.r.made(v, value.Cost(fn), x.span)
}

// arguments evaluates those of a call. A caller is one more by name.
func (f *frame) arguments(a *arguments, c *value.Call, caller value.Value) error {
	var err error
	if c.Args, err = f.evalAll(a.args); err != nil {
		return err
	}
	if len(a.kwargs) > 0 {
		c.Kwargs = make([]value.Kwarg, len(a.kwargs))
		for i, k := range a.kwargs {
			v, err := k.x.eval(f)
			if err != nil {
				return err
			}
			c.Kwargs[i] = value.Kwarg{Name: k.name, Value: v}
		}
	}
	if caller != nil {
		c.Kwargs = append(c.Kwargs, value.Kwarg{Name: "caller", Value: caller})
	}
	if a.star != nil {
		v, err := a.star.eval(f)
		if err != nil {
			return err
		}
		items, err := value.Iterate(v)
		if err != nil {
			return locate(err, a.star.at())
		}
		if err := f.r.spend(len(items), a.star.at()); err != nil {
			return err
		}
		c.Args = append(c.Args, items...)
	}
	if a.starStar != nil {
		v, err := a.starStar.eval(f)
		if err != nil {
			return err
		}
		return locate(addKwargs(c, v), a.starStar.at())
	}
	return nil
}

func addKwargs(c *value.Call, v value.Value) error {
	d, ok := v.(*value.Dict)
	if u, undefined := v.(*value.Undefined); undefined {
		if u.Leniency == value.Chainable {
			return nil
		}
		return u.Fail()
	}
	if o, isObject := v.(value.Object); isObject {
		if _, ok = o.Attr("keys"); ok {
			d = value.NewDict()
			if err := d.Merge(o); err != nil {
				return err
			}
		}
	}
	if !ok {
		return value.Errorf("TypeError", "argument after ** must be a mapping, not %s", value.TypeName(v))
	}
	for k, v := range d.All() {
		name, ok := k.(string)
		if !ok {
			return value.Errorf("TypeError", "keywords must be strings")
		}
		if _, twice := c.Keyword(name); twice {
			return value.Errorf("TypeError", "got multiple values for keyword argument '%s'", name)
		}
		c.Kwargs = append(c.Kwargs, value.Kwarg{Name: name, Value: v})
	}
	return nil
}

func (x *filterExpr) eval(f *frame) (value.Value, error) {
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	return x.apply(f, v)
}

// apply filters a value.
func (x *filterExpr) apply(f *frame, v value.Value) (value.Value, error) {
	c := &value.Call{Span: x.span, Runtime: f.r}
	if err := f.arguments(&x.args, c, nil); err != nil {
		return nil, err
	}
	if x.run == nil {
		return nil, locate(value.Errorf("TemplateRuntimeError", "there is no filter '%s'", x.name), x.span)
	}
	switch x.name {
	case "default", "d", "string", "is_list", "as_text", "as_bool", "as_native", "as_number": // text stays marked
	default:
		v = f.unmarked(v)
		f.unmark(c)
	}
	filtered, err := x.run(f, v, c)
	if err != nil {
		return nil, locate(err, x.span)
	}
	return filtered, f.r.made(filtered, value.Cost(v), x.span)
}

// applyText filters the text of a block: the first filter of a chain gets it.
func (x *filterExpr) applyText(f *frame, text string) (value.Value, error) {
	inner, ok := x.x.(*filterExpr)
	if !ok {
		return x.apply(f, text)
	}
	v, err := inner.applyText(f, text)
	if err != nil {
		return nil, err
	}
	return x.apply(f, v)
}

// testCost is how much a test reads, at most.
func testCost(v value.Value, args []value.Value) int {
	cost := 0
	if s, ok := v.(string); ok {
		cost = len(s) / 16 // the case of its letters
	}
	if len(args) > 0 {
		cost = max(cost, value.Cost(args[0]))
	}
	return cost
}

func (x *testExpr) eval(f *frame) (value.Value, error) {
	v, err := x.x.eval(f)
	if err != nil {
		return nil, err
	}
	c := &value.Call{Span: x.span, Runtime: f.r}
	if err := f.arguments(&x.args, c, nil); err != nil {
		return nil, err
	}
	if x.run == nil {
		return nil, locate(value.Errorf("TemplateRuntimeError", "there is no test '%s'", x.name), x.span)
	}
	v = f.unmarked(v)
	f.unmark(c)
	ok, err := x.run(f, v, c)
	if err != nil {
		return nil, locate(err, x.span)
	}
	return ok, f.r.spend(1+testCost(v, c.Args), x.span)
}
