package template

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Return is dbt's return(): it ends the nearest macro, which then has the
// value given instead of its text.
type Return struct{}

// TypeName is Python's name for functions.
func (Return) TypeName() string { return "function" }

// Attr answers nothing.
func (Return) Attr(string) (value.Value, bool) { return nil, false }

// Call unwinds the macro.
func (Return) Call(c *value.Call) (value.Value, error) {
	bound, err := c.Bind("return", value.Required("data"))
	if err != nil {
		return nil, err
	}
	return nil, &returned{val: bound[0], at: c.Span}
}

// returned unwinds to the nearest macro.
type returned struct {
	val value.Value
	// spliced is set when the text has been written already.
	spliced bool
	at      source.Span
}

func (*returned) Error() string { return "return() outside of a macro" }

// returnCall runs return(macro(...)) in a macro that writes straight into its
// caller's output: the inner macro does the same, in its place.
func (f *frame) returnCall(x, inner *callExpr) (value.Value, bool, error) {
	if f.call.direct == nil || f.out != f.call.direct {
		v, err := inner.eval(f)
		if err != nil {
			return nil, false, err
		}
		return nil, false, &returned{val: v, at: x.span}
	}
	w := f.call.direct
	w.back(f.call.start)
	v, spliced, err := inner.into(f, w)
	if err != nil {
		return nil, false, err
	}
	return nil, false, &returned{val: v, spliced: spliced, at: x.span}
}
