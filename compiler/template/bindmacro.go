package template

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// bindMacro gives the parameters their values, in Jinja2's way: what is not
// passed is its default, worked out now, or undefined.
func (f *frame) bindMacro(m *Macro, c *value.Call) error {
	given := len(c.Args)
	used := make([]bool, len(c.Kwargs))
	for i, p := range m.Params {
		if i < given {
			f.slots[m.params[i]] = c.Args[i]
			continue
		}
		for k := range c.Kwargs {
			if c.Kwargs[k].Name == p.Name {
				f.slots[m.params[i]] = c.Kwargs[k].Value
				used[k] = true
				break
			}
		}
	}
	if m.caller >= 0 && !m.explicitCaller {
		f.slots[m.caller] = &value.Undefined{Leniency: f.lenient, Name: "caller", Hint: "No caller defined"}
		for k := range c.Kwargs {
			if c.Kwargs[k].Name == "caller" {
				used[k] = true
				if c.Kwargs[k].Value != nil {
					f.slots[m.caller] = c.Kwargs[k].Value
				}
			}
		}
	}
	if err := f.bindRest(m, c, used); err != nil {
		return err
	}
	for i, p := range m.Params {
		if _, absent := f.slots[m.params[i]].(missing); !absent {
			continue
		}
		v := value.Value(&value.Undefined{Leniency: f.lenient, Name: p.Name, Hint: "parameter '" + p.Name + "' was not provided"})
		if p.def != nil {
			var err error
			if v, err = p.def.eval(f); err != nil {
				return err
			}
		}
		f.slots[m.params[i]] = v
	}
	return nil
}

// wrongCall is a call of a macro with arguments that it does not take.
type wrongCall struct {
	macro *Macro
	fix   string
	err   error
}

func (e *wrongCall) Error() string { return e.err.Error() }
func (e *wrongCall) Unwrap() error { return e.err }

// explain tells what the macro does take.
func (e *wrongCall) explain(d diag.Diagnostic) diag.Diagnostic {
	params := make([]string, 0, len(e.macro.Params))
	for _, p := range e.macro.Params {
		written := p.Name
		if p.Default.Known() {
			written += "=" + p.Default.Text()
		}
		params = append(params, written)
	}
	d.Why, d.Fix = "it is defined with ("+strings.Join(params, ", ")+")", e.fix
	d.Notes = []diag.Note{{Span: e.macro.NameSpan, Text: "defined here"}}
	return d
}

// bindRest deals with arguments that no parameter took.
func (f *frame) bindRest(m *Macro, c *value.Call, used []bool) error {
	if m.kwargs >= 0 {
		rest := value.NewDict()
		for k, kw := range c.Kwargs {
			if !used[k] {
				rest.Put(kw.Name, kw.Value)
			}
		}
		f.slots[m.kwargs] = rest
	} else if k := slices.Index(used, false); k >= 0 {
		name := c.Kwargs[k].Name
		if name == "caller" {
			return value.Errorf("TypeError", "%s was called with a block, but does not use caller()", m.describe())
		}
		names := make([]string, 0, len(m.Params))
		for _, p := range m.Params {
			names = append(names, p.Name)
		}
		return &wrongCall{m, diag.DidYouMean(name, names), value.Errorf("TypeError", "%s takes no keyword argument '%s'", m.describe(), name)}
	}
	given := len(c.Args)
	if m.varargs >= 0 {
		f.slots[m.varargs] = value.NewTuple(slices.Clone(c.Args[min(len(m.Params), given):])...)
	} else if given > len(m.Params) {
		return &wrongCall{m, "", value.Errorf("TypeError", "%s takes not more than %d argument(s), %d were given", m.describe(), len(m.Params), given)}
	}
	return nil
}
