package resolve

import (
	"fmt"
	"path"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
)

// hooks are what runs before and after everything.
func (r *reading) hooks(p *pack) ([]*draft, error) {
	var drafts []*draft
	for _, some := range []struct {
		when  string
		hooks []project.Hook
	}{{"on-run-start", p.OnRunStart}, {"on-run-end", p.OnRunEnd}} {
		for i, h := range some.hooks {
			name := fmt.Sprintf("%s-%s-%d", p.Name, some.when, i)
			f := project.Found{Rel: "hooks/" + name + ".sql", Original: "./" + path.Base(p.File.Path)}
			d := r.newDraft(p, manifest.Operation, name, f, h.Span)
			d.node.RawCode = h.SQL
			d.node.Checksum = checksum(p.File.Text)
			d.node.Hook = &manifest.HookInfo{When: some.when, Index: i + 1}
			drafts = append(drafts, d)
		}
	}
	return drafts, nil
}
