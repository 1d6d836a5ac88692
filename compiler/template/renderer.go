package template

import (
	"context"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Scope holds the globals of a rendering: names a template uses without having
// given them a value.
type Scope interface {
	Lookup(name string) (value.Value, bool)
}

// Options say how to render.
type Options struct {
	// Undefined is how names without a value behave in the template itself.
	Undefined value.Leniency
	// MacroUndefined is the same for bound macros.
	MacroUndefined value.Leniency
	Limits         Limits
	// OnCall, when set, hears of every call of a bound macro.
	OnCall func(m *Macro)
	// NoMap leaves Output without its map to places, which costs some memory.
	NoMap bool
}

// Renderer is one rendering: it keeps the count of what the limits limit. It
// must not be used concurrently; make one for each rendering.
type Renderer struct {
	ctx     context.Context
	globals Scope
	opts    Options
	limits  Limits

	depth      int
	iterations int
	steps      int
	look       int // at how many steps to look around
	memory     *memory
	bytes      int
	spare      [][]byte // buffers to use again
	native     bool     // values are wanted, not text
}

// NewRenderer starts a rendering. When ctx is done, it ends with its error.
func NewRenderer(ctx context.Context, globals Scope, opts Options) *Renderer {
	if globals == nil {
		globals = nothing{}
	}
	return &Renderer{ctx: ctx, globals: builtins{globals}, opts: opts, limits: opts.Limits.orDefaults(), look: lookEvery}
}

type nothing struct{}

func (nothing) Lookup(string) (value.Value, bool) { return nil, false }

// Render renders a template as text.
func (r *Renderer) Render(t *Template) (*Output, error) {
	if len(t.body) == 0 {
		return &Output{}, nil
	}
	if d, ok := t.body[0].(*dataStmt); ok && len(t.body) == 1 {
		return &Output{Text: d.text, segs: []segment{{text: !d.vague, span: d.span}}}, nil
	}
	w := &writer{r: r, buf: make([]byte, 0, t.size+128), mapped: !r.opts.NoMap}
	if w.mapped {
		w.segs = make([]segment, 0, 2*len(t.body))
	}
	f := r.frame(t, w)
	if err := r.run(f, t.body); err != nil {
		return nil, err
	}
	if w.wrong != nil {
		return nil, w.wrong
	}
	return &Output{Text: string(w.buf), segs: w.segs}, nil
}

// Run renders a template for what it does; its text is counted but not kept.
func (r *Renderer) Run(t *Template) error {
	if t.IsStatic() {
		return nil
	}
	w := &writer{r: r, deaf: true}
	if err := r.run(r.frame(t, w), t.body); err != nil {
		return err
	}
	return w.wrong
}

func (r *Renderer) frame(t *Template, w *writer) *frame {
	return &frame{r: r, slots: emptySlots(t.code.slots), out: w, globals: r.globals, lenient: r.opts.Undefined}
}

// run executes a template's statements.
func (r *Renderer) run(f *frame, body []stmt) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	_, err := f.run(body)
	if u, ok := err.(*returned); ok {
		return locate(value.Errorf("TemplateRuntimeError", "return() outside of a macro"), u.at)
	}
	return err
}

// round counts a turn of a loop.
func (r *Renderer) round(at source.Span) error {
	r.iterations++
	if r.iterations > r.limits.Iterations {
		return locate(&LimitError{"iterations", r.limits.Iterations}, at)
	}
	if r.iterations%256 == 0 {
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
	return r.spend(1, at)
}

// buffer starts to collect text that is used as a value.
func (r *Renderer) buffer() *writer {
	w := &writer{r: r}
	if n := len(r.spare); n > 0 {
		w.buf, r.spare = r.spare[n-1], r.spare[:n-1]
	}
	return w
}

// take ends what buffer started.
func (r *Renderer) take(w *writer) string {
	s := string(w.buf)
	r.spare = append(r.spare, w.buf[:0])
	return s
}
