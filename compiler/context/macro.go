package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// returnNames is return alone, which ends a macro with a value.
func returnNames() map[string]constructor {
	return map[string]constructor{
		"return":                constant(func(*World) value.Value { return template.Return{} }),
		"render":                function("render", (*Rendering).renderText),
		"try_or_compiler_error": function("try_or_compiler_error", (*Rendering).tryOr),
		"validation":            constant(func(*World) value.Value { return validation{} }),
	}
}

// bind makes a macro callable in this rendering.
func (r *Rendering) bind(m *Macro) value.Value {
	if v, ok := r.bound[m]; ok {
		return v
	}
	v := r.renders().Bind(m.Template)
	if r.bound == nil {
		r.bound = map[*Macro]value.Value{}
	}
	r.bound[m] = v
	return v
}

// Bind makes a macro a value that the rendering's templates can call.
func (r *Rendering) Bind(m *Macro) value.Value { return r.bind(m) }

// called hears of every macro that is called.
func (r *Rendering) called(t *template.Macro) {
	if r.renders().Depth() > 0 {
		return
	}
	m := r.Macros.of(t)
	if m == nil {
		return
	}
	for _, id := range r.Seen.Macros {
		if id == m.UniqueID {
			return
		}
	}
	r.Seen.Macros = append(r.Seen.Macros, m.UniqueID)
}

// packageNames is the name of a package: its macros as attributes.
type packageNames struct {
	name string
	in   *Rendering
}

func (p *packageNames) TypeName() string { return "MacroNamespace" }
func (p *packageNames) IsMapping() bool  { return true }
func (p *packageNames) Str() string      { return "<macros of " + p.name + ">" }

func (p *packageNames) Attr(name string) (value.Value, bool) {
	if name == "get" {
		return method(name, p.get), true
	}
	if strings.HasPrefix(name, "_") {
		return nil, false // macros are items, which unlike attributes are not private
	}
	return p.macro(name)
}

func (p *packageNames) Item(key value.Value) (value.Value, bool) { return p.macro(textOf(key)) }

func (p *packageNames) macro(name string) (value.Value, bool) {
	m := p.in.Macros.In(p.name, name)
	if m == nil {
		p.in.miss(p.name + "." + name)
		return nil, false
	}
	return p.in.bind(m), true
}

func (p *packageNames) Contains(item value.Value) (bool, error) {
	return p.in.Macros.In(p.name, textOf(item)) != nil, nil
}

func (p *packageNames) Items() []value.Value {
	return list(p.in.Macros.Names(p.name)).Elems
}

func (p *packageNames) get(c *value.Call) (value.Value, error) {
	args, err := c.Bind("get", value.Required("name"), value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	if v, ok := p.macro(textOf(args[0])); ok {
		return v, nil
	}
	return args[1], nil
}

// renderText renders a text that was made elsewhere, such as a hook.
func (r *Rendering) renderText(c *value.Call) (value.Value, error) {
	args, err := c.Bind("render", value.Required("string"))
	if err != nil {
		return nil, err
	}
	t, err := template.ParseText(textOf(args[0]), c.Span)
	if err != nil {
		return nil, err
	}
	out, err := r.Render(t)
	if err != nil {
		return nil, err
	}
	return out.Text, nil
}

// tryOr calls a function and turns its failure into a message.
func (r *Rendering) tryOr(c *value.Call) (value.Value, error) {
	if len(c.Args) < 2 {
		return nil, value.Errorf("TypeError", "try_or_compiler_error() takes a message and a function")
	}
	v, err := value.Invoke(c.Args[1], &value.Call{Args: c.Args[2:], Kwargs: c.Kwargs, Span: c.Span, Runtime: c.Runtime})
	if err != nil {
		return nil, mistake(c, "raised", textOf(c.Args[0]), err.Error(), "")
	}
	return v, nil
}

// validation is the name validation: validators take any value, since types
// are checked where a config is read.
type validation struct{}

func (validation) TypeName() string { return "type" }
func (validation) Str() string      { return "<validation>" }

func (v validation) Attr(string) (value.Value, bool)      { return v, true }
func (v validation) Item(value.Value) (value.Value, bool) { return v, true }

func (v validation) Call(*value.Call) (value.Value, error) { return nil, nil }
