package resolve

import (
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/value"
)

// describeMacros gives macros what YAML says of them, and finds out which
// macros they call.
func (r *reading) describeMacros() error {
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, d := range f.Macros {
				m := r.m.Macros[uniqueID("macro", p.Name, d.Name)]
				if m == nil {
					if !r.incomplete.macros {
						r.list.Add(diag.Diagnostic{
							Severity: diag.Warning, Code: "unused-description", Span: d.NameSpan,
							What: "there is no macro " + d.Name + " to describe", Fix: diag.DidYouMean(d.Name, r.macros().Names(p.Name)),
						})
					}
					continue
				}
				m.Description, _ = r.text(p, d.Description, &r.list)
				m.Meta, m.Config, m.Arguments, m.Hidden = d.Meta, d.Config, d.Arguments, d.Hidden
				if d.Config != nil {
					if inConfig, ok := d.Config.Named("meta"); ok {
						meta, _ := inConfig.(*value.Dict)
						m.Meta = joined(d.Meta, meta)
					}
				}
				for i, a := range m.Arguments {
					m.Arguments[i].Description, _ = r.text(p, property.Text{Raw: a.Description}, &r.list)
				}
				m.PatchPath = p.Name + "://" + f.found.Original
			}
		}
	}
	ids := sortedKeys(r.m.Macros)
	return r.each(len(ids), func(i int) error {
		m := r.m.Macros[ids[i]]
		m.DependsOn = r.dependencies(m)
		return nil
	})
}
