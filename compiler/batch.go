package compiler

import (
	stdcontext "context"
	"time"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// Batch is the stretch of time that a microbatch model is compiled for. Refs
// and sources with an event_time give the rows of that stretch only.
type Batch struct {
	ID         string
	Start, End time.Time // UTC; End is not in it
	// Unfiltered gives refs and sources with all rows.
	Unfiltered bool
}

// CompileBatch is Compile for one batch.
func (p *Project) CompileBatch(ctx stdcontext.Context, id string, w Warehouse, b Batch) (*Compiled, error) {
	n := p.Manifest.Node(id)
	if n == nil {
		return nil, diag.Diagnostic{Code: "unknown-node", What: "there is no node " + id, Fix: diag.DidYouMean(id, p.Manifest.IDs())}
	}
	body, err := p.resolved.Body(id)
	if err != nil {
		return nil, err
	}
	in, refs := p.scene(ctx, n, w)
	refs.batch = &b
	in.Model = func() *value.Dict {
		d := context.NodeDict(n)
		d.Put("batch", value.DictOf("id", b.ID, "event_time_start", pytime.At(b.Start), "event_time_end", pytime.At(b.End)))
		return d
	}
	return p.compileScene(ctx, n, body, in, refs, w, true)
}

// filter is the condition for the rows of a batch, empty for what has no
// event_time.
func (b *Batch) filter(c *manifest.Config) string {
	field := c.String("event_time")
	if b == nil || b.Unfiltered || field == "" {
		return ""
	}
	const layout = "2006-01-02 15:04:05"
	return field + " >= '" + b.Start.UTC().Format(layout) + "' and " + field + " < '" + b.End.UTC().Format(layout) + "'"
}
