package compiler

import (
	stdcontext "context"
	"strings"
	"sync"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// ephemeral is an ephemeral model that was rendered once, for all who read it.
type ephemeral struct {
	sync.Mutex
	done bool
	out  *template.Output
	ctes []string
}

// ephemeral renders an ephemeral model, or waits for who does. A failure is
// not kept.
func (p *Project) ephemeral(ctx stdcontext.Context, id string, w Warehouse) (*ephemeral, error) {
	p.ephemerals.Lock()
	e := p.ephemerals.byID[id]
	if e == nil {
		e = &ephemeral{}
		p.ephemerals.byID[id] = e
	}
	p.ephemerals.Unlock()
	e.Lock()
	defer e.Unlock()
	if e.done {
		return e, nil
	}
	in, refs := p.scene(ctx, p.Manifest.Node(id), w)
	body, err := p.resolved.Body(id)
	if err != nil {
		return nil, err
	}
	out, err := in.Render(body)
	if err != nil {
		return nil, err
	}
	e.out, e.ctes, e.done = out, refs.ctes, true
	return e, nil
}

// inject puts the ephemeral models that a query reads in front of it: those
// that others of them read come first, each once.
func (p *Project) inject(ctx stdcontext.Context, c *Compiled, ids []string, out *template.Output, w Warehouse) error {
	var order []string
	rendered := map[string]*ephemeral{}
	var gather func(ids []string) error
	gather = func(ids []string) error {
		for _, id := range ids {
			if rendered[id] != nil {
				continue
			}
			e, err := p.ephemeral(ctx, id, w)
			if err != nil {
				return err
			}
			rendered[id] = e
			if err := gather(e.ctes); err != nil {
				return err
			}
			order = append(order, id)
		}
		return nil
	}
	if err := gather(ids); err != nil {
		return err
	}
	if len(order) == 0 {
		c.SQL = out.Text
		c.pieces = []piece{{length: len(out.Text), origin: out.OriginStack}}
		return nil
	}
	var b strings.Builder
	place := func(text string, origin func(int) []source.Span) {
		c.pieces = append(c.pieces, piece{start: b.Len(), length: len(text), origin: origin})
		b.WriteString(text)
	}
	own := func(from, to int) {
		place(out.Text[from:to], func(offset int) []source.Span { return out.OriginStack(from + offset) })
	}
	at := withClause(out.Text)
	lead := at
	if at < 0 {
		lead = skipBlank(out.Text, 0, false)
	}
	own(0, lead)
	if at < 0 {
		b.WriteString("with")
	}
	for i, id := range order {
		if i > 0 {
			b.WriteString(", ")
		}
		e := rendered[id]
		start := b.Len()
		b.WriteString(" " + context.CTEName(p.Manifest.Node(id).Alias) + " as (\n")
		place(e.out.Text, e.out.OriginStack)
		b.WriteString("\n)")
		c.CTEs = append(c.CTEs, CTE{ID: id, SQL: b.String()[start:]})
	}
	if at < 0 {
		b.WriteString(" ")
	} else {
		b.WriteString(", ")
	}
	own(lead, len(out.Text))
	c.SQL = b.String()
	return nil
}
