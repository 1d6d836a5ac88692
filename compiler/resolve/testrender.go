package resolve

import (
	"regexp"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// bareCall matches an argument that is a call without braces.
var bareCall = regexp.MustCompile(`^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$`)

// renderTest renders a test for what it refers to. The built-in tests of one
// column refer to nothing but what they test, and are not rendered.
func (r *reading) renderTest(t targetTest, call *TestCall, in *scope.Rendering) error {
	in.Seen.Macros = append(in.Seen.Macros, call.Macro.UniqueID)
	if call.Macro.Package == builtin.Package && (t.Name == "unique" || t.Name == "not_null") {
		by := "ref"
		if t.target.section == "sources" {
			by = "source"
		}
		if m := r.replaced(by, t.target.pkg); m != nil {
			in.Seen.Macros = append(in.Seen.Macros, m.UniqueID)
		}
		if by == "source" {
			in.Seen.Sources = append(in.Seen.Sources, scope.SeenSource{Source: t.target.name, Table: t.target.table, Span: t.Span})
			return nil
		}
		in.Seen.Refs = append(in.Seen.Refs, scope.SeenRef{Ref: manifest.Ref{Name: t.target.name, Version: t.target.version}, Span: t.Span})
		return nil
	}
	kwargs, err := call.Rendered(in, t.Span)
	if err != nil {
		return err
	}
	var given []value.Kwarg
	for k, v := range kwargs.All() {
		given = append(given, value.Kwarg{Name: value.Str(k), Value: v})
	}
	_, err = in.CallMacro(call.Macro, &value.Call{Kwargs: given, Span: t.Span})
	return err
}

// replaced is the macro that stands in for one of dbt's own functions; nil
// when there is none.
func (r *reading) replaced(name string, p *pack) *scope.Macro {
	m := r.macros().Find(p.Name, name)
	if m == nil || m.Package == builtin.Package {
		return nil
	}
	return m
}

// Rendered are the arguments with the templates in them rendered; at is where
// those stand that the user did not write.
func (c *TestCall) Rendered(in *scope.Rendering, at source.Span) (*value.Dict, error) {
	out := value.NewDict()
	for k, v := range c.Kwargs.All() {
		name := value.Str(k)
		span, ok := c.Spans[name]
		if !ok {
			span = at
		}
		if name == "column_name" {
			out.Put(name, v)
			continue
		}
		rendered, err := renderArgument(in, v, span)
		if err != nil {
			return nil, err
		}
		out.Put(name, rendered)
	}
	return out, nil
}

func renderArgument(in *scope.Rendering, v value.Value, at source.Span) (value.Value, error) {
	switch v := v.(type) {
	case string:
		return renderText(in, v, at)
	case *value.List:
		out := value.NewList()
		for _, e := range v.Elems {
			item, err := renderArgument(in, e, at)
			if err != nil {
				return nil, err
			}
			out.Elems = append(out.Elems, item)
		}
		return out, nil
	case *value.Dict:
		out := value.NewDict()
		for k, e := range v.All() {
			item, err := renderArgument(in, e, at)
			if err != nil {
				return nil, err
			}
			if err := out.Set(k, item); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

func renderText(in *scope.Rendering, text string, at source.Span) (value.Value, error) {
	if strings.IndexByte(text, '(') >= 0 && bareCall.MatchString(text) {
		text = "{{ " + text + " }}"
	}
	if !yaml.HasTemplate(text) {
		return text, nil
	}
	t, err := template.ParseText(text, at)
	if err != nil {
		return nil, err
	}
	return in.Native(t)
}
