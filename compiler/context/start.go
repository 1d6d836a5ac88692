package context

import (
	"context"

	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Start makes the rendering ready; everything else of it must be set before.
// Names that do not exist are forgiven in the node's own template while the
// project is read, and nowhere else.
func (r *Rendering) Start(ctx context.Context) *Rendering {
	r.Context = ctx
	return r
}

// renders is the renderer, made when there is something to render: most tests
// are read without.
func (r *Rendering) renders() *template.Renderer {
	if r.renderer != nil {
		return r.renderer
	}
	opts := template.Options{MacroUndefined: value.Plain, NoMap: !r.Execute}
	if r.Execute {
		opts.Undefined = value.Plain
	} else {
		opts.Undefined = value.Chainable
		opts.OnCall = r.called
	}
	r.renderer = template.NewRenderer(r.Context, r, opts)
	return r.renderer
}

// Render renders a template. The error is a diagnostic with the place of the
// mistake, a *QueryError, or the context's.
func (r *Rendering) Render(t *template.Template) (*template.Output, error) {
	out, err := r.renders().Render(t)
	if err != nil {
		return nil, r.explain(err)
	}
	return out, nil
}

// Run renders a template for what it refers to, without keeping its text.
func (r *Rendering) Run(t *template.Template) error {
	if err := r.renders().Run(t); err != nil {
		return r.explain(err)
	}
	return nil
}

// Native renders a template as a value of its own type.
func (r *Rendering) Native(t *template.Template) (value.Value, error) {
	v, err := r.renders().Native(t)
	if err != nil {
		return nil, r.explain(err)
	}
	return v, nil
}

// CallMacro calls a macro and gives what it returned, else its text.
func (r *Rendering) CallMacro(m *Macro, c *value.Call) (value.Value, error) {
	v, err := r.renders().Call(m.Template, c)
	if err != nil {
		return nil, r.explain(err)
	}
	return v, nil
}
