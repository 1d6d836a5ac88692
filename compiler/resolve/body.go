package resolve

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// body is a node's template. Most commands read it once, to learn what it
// refers to, and never again: what a file holds as it is, is parsed again for
// those that build the node instead of being kept for all of them.
type body struct {
	kept *template.Template
	text string
	at   source.Span
}

// Body is the template of a node; nil for an id that has none. It may be
// called concurrently. The error is a diagnostic.
func (r *Result) Body(id string) (*template.Template, error) {
	b, ok := r.bodies[id]
	if !ok || b.kept != nil {
		return b.kept, nil
	}
	return template.ParseText(b.text, b.at)
}
