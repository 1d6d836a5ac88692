package resolve

import (
	"path"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// snapshotFile reports whether a file of a model holds snapshots instead.
func snapshotFile(text string) bool {
	return strings.Contains(text, "{%") && strings.Contains(text, "endsnapshot")
}

// snapshots are the blocks in SQL files and those that YAML defines.
func (r *reading) snapshots(p *pack) ([]*draft, error) {
	found, files, err := sqlFiles(p, p.SnapshotPaths)
	if err != nil {
		return nil, err
	}
	var drafts []*draft
	for i, f := range found {
		drafts = append(drafts, r.snapshotBlocks(p, f, files[i])...)
	}
	for _, f := range p.files {
		for _, s := range f.Snapshots {
			if s.Relation.Raw == "" {
				continue
			}
			at := f.found
			d := r.newDraft(p, manifest.Snapshot, s.Name, at, s.Relation.Node.Span)
			d.node.RawCode = "select * from {{ " + s.Relation.Raw + " }}"
			d.node.Path = path.Join(at.Rel, s.Name+".sql")
			d.node.Checksum = checksum(s.Relation.Node.Span.File.Text)
			d.describe(p.patch("snapshots", s.Name))
			drafts = append(drafts, d)
		}
	}
	return drafts, nil
}

func (r *reading) snapshotBlocks(p *pack, f project.Found, file *source.File) []*draft {
	t, err := template.Parse(file)
	if err != nil {
		if err := r.report(err); err != nil {
			r.list.Add(diag.Diagnostic{Code: "snapshot", Span: source.Span{File: file}, What: err.Error()})
		}
		return nil
	}
	var drafts []*draft
	for _, b := range t.Snapshots() {
		d := r.newDraft(p, manifest.Snapshot, b.Name, f, b.Body)
		d.node.FQN = append(fqn(p.Name, f.Rel, baseName(f)), b.Name)
		d.node.Checksum = checksum(file.Text)
		d.node.Span = b.Span
		d.body = b.Template()
		d.describe(p.patch("snapshots", b.Name))
		drafts = append(drafts, d)
	}
	return drafts
}

// checkSnapshot reports a snapshot that does not say how changes are found.
func (r *reading) checkSnapshot(n *manifest.Node) {
	var missing []string
	for _, key := range []string{"strategy", "unique_key"} {
		if !value.Truth(n.Config.Value(key)) {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return
	}
	r.list.Add(diag.Diagnostic{
		Code: "snapshot", Span: firstLine(n.Span), What: "the snapshot " + n.Name + " has no " + strings.Join(missing, " and no "),
		Why: "a snapshot needs to know which rows are the same thing, and when one has changed",
		Fix: "set unique_key, and strategy: timestamp with updated_at, or strategy: check with check_cols",
	})
}
