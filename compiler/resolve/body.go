package resolve

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/template"
)

// Body is the template of a node; nil for an id that has none. It may be
// called concurrently. The error is a diagnostic.
//
// Most commands read templates once, to learn what they refer to, and never
// again: they are parsed again for who builds the node instead of being kept
// for all, but for those that are part of another template.
func (r *Result) Body(id string) (*template.Template, error) {
	if n := r.Manifest.Nodes[id]; n != nil && n.Language() == manifest.Python {
		return nil, cannotBuild(n)
	}
	if kept := r.kept[id]; kept != nil {
		return kept, nil
	}
	n := r.Manifest.Nodes[id]
	if n == nil {
		return nil, nil
	}
	return template.ParseText(n.RawCode, n.Span)
}
