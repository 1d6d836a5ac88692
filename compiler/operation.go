package compiler

import (
	stdcontext "context"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// RunOperation calls a macro with named arguments and gives what it returned,
// else its text. The macro is named alone or with its package in front.
func (p *Project) RunOperation(ctx stdcontext.Context, name string, args *value.Dict, w Warehouse) (value.Value, error) {
	m := p.macro(name)
	if m == nil {
		return nil, diag.Diagnostic{
			Code: "undefined-macro", What: "there is no macro named " + name,
			Fix: diag.DidYouMean(name, p.world.Macros.Visible(p.Settings.Name)),
		}
	}
	in := p.rendering(ctx, m.Package)
	if m.Package == builtin.Package {
		in.Package = p.Settings.Name
	}
	in.Warehouse = w
	in.Resolver = &resolver{project: p, pkg: in.Package}
	call := &value.Call{Span: m.Template.NameSpan}
	if args != nil {
		for k, v := range args.All() {
			call.Kwargs = append(call.Kwargs, value.Kwarg{Name: value.Str(k), Value: v})
		}
	}
	return in.CallMacro(m, call)
}

// macro finds a macro as run-operation names it.
func (p *Project) macro(name string) *context.Macro {
	if pkg, rest, ok := strings.Cut(name, "."); ok {
		return p.world.Macros.In(pkg, rest)
	}
	return p.world.Macros.Find(p.Settings.Name, name)
}
