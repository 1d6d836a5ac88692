package resolve

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/source"
)

// readNodes reads all nodes that have files of their own, and the hooks.
func (r *reading) readNodes() error {
	r.names = newNaming(r)
	r.tests = r.genericTests()
	var drafts []*draft
	for _, p := range r.packages {
		for _, read := range []func(p *pack) ([]*draft, error){r.models, r.singularTests, r.analyses, r.seeds, r.snapshots, r.hooks} {
			some, err := read(p)
			if err != nil {
				return err
			}
			drafts = append(drafts, some...)
		}
	}
	if err := r.each(len(drafts), func(i int) error { return r.parse(drafts[i]) }); err != nil {
		return err
	}
	r.expect(len(drafts) + len(r.tests))
	for _, d := range drafts {
		r.add(d)
	}
	return nil
}

// expect makes room for so many nodes.
func (r *reading) expect(nodes int) {
	r.m.Nodes = make(map[string]*manifest.Node, nodes)
	r.drafts = make([]*draft, 0, nodes)
}

// add puts a draft into the manifest.
func (r *reading) add(d *draft) {
	for _, found := range d.list.All() {
		if !undefined(found) || !r.incomplete.macros {
			r.list.Add(found)
		}
	}
	n := d.node
	if d.failed {
		r.broken[n.Name] = true
	}
	if n.Config == nil {
		return
	}
	if !n.Config.Bool("enabled", true) {
		n.Refs, n.Sources = refsOf(d.seen), sourcesOf(d.seen)
		n.DependsOn.Macros = d.seen.Macros
		r.m.Disabled[n.UniqueID] = append(r.m.Disabled[n.UniqueID], n)
		return
	}
	if before := r.m.Nodes[n.UniqueID]; before != nil {
		r.list.Add(diag.Diagnostic{
			Code: "duplicate-name", Span: firstLine(n.Span),
			What:  "there are two " + plural(n.ResourceType) + " named " + n.Name,
			Why:   "names are unique within a package, whatever the folder",
			Fix:   "rename one of them; alias keeps the table's name",
			Notes: []diag.Note{{Span: firstLine(before.Span), Text: "the other one"}},
		})
		return
	}
	if n.ResourceType == manifest.Snapshot && !d.failed {
		r.checkSnapshot(n)
	}
	r.m.Nodes[n.UniqueID] = n
	if d.body != nil {
		r.result.kept[n.UniqueID] = d.body
	}
	if r.incomplete.macros {
		d.deferred = slices.DeleteFunc(d.deferred, undefined)
	}
	if len(d.deferred) > 0 {
		r.result.Deferred[n.UniqueID] = d.deferred
	}
	r.drafts = append(r.drafts, d)
}

// undefined is for names that may be in macros that could not be read.
func undefined(err error) bool {
	var d diag.Diagnostic
	return errors.As(err, &d) && (d.Code == "undefined-macro" || d.Code == "undefined-name")
}

func plural(kind string) string {
	if kind == manifest.Analysis {
		return "analyses"
	}
	return kind + "s"
}

// firstLine is the start of a span, for what is too long to be shown.
func firstLine(s source.Span) source.Span {
	if i := strings.IndexByte(s.Text(), '\n'); i >= 0 {
		s.End = s.Start + i
	}
	return s
}

// sqlFiles are a package's files of SQL in some folders, read.
func sqlFiles(p *pack, dirs []string) ([]project.Found, []*source.File, error) {
	found := p.listing.In(dirs, ".sql")
	files, err := project.Read(found)
	return found, files, err
}

func baseName(f project.Found) string {
	base := path.Base(f.Rel)
	return strings.TrimSuffix(base, path.Ext(base))
}

func (r *reading) models(p *pack) ([]*draft, error) {
	found, files, err := sqlFiles(p, p.ModelPaths)
	if err != nil {
		return nil, err
	}
	inPython, texts, err := r.python(p)
	if err != nil {
		return nil, err
	}
	found, files = append(found, inPython...), append(files, texts...)
	begun := make([]*draft, len(found)) // nil for files with snapshots
	if err := r.each(len(found), func(i int) error {
		f := found[i]
		if path.Ext(f.Rel) == ".py" || !snapshotFile(files[i].Text) {
			begun[i] = r.newDraft(p, manifest.Model, baseName(f), f, trimmed(files[i]))
			begun[i].node.Checksum = checksum(files[i].Text)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	versioned := r.versionedFiles(p)
	drafts := make([]*draft, 0, len(found))
	for i, f := range found {
		d := begun[i]
		if d == nil {
			drafts = append(drafts, r.snapshotBlocks(p, f, files[i])...)
			continue
		}
		name := d.node.Name
		if v := versioned[name]; v != nil {
			d.asVersion(v)
		} else {
			d.describe(p.patch("models", name))
		}
		if path.Ext(f.Rel) == ".py" {
			d.inPython()
		}
		drafts = append(drafts, d)
	}
	return drafts, nil
}

func (r *reading) singularTests(p *pack) ([]*draft, error) {
	found, files, err := sqlFiles(p, p.TestPaths)
	if err != nil {
		return nil, err
	}
	var drafts []*draft
	for i, f := range found {
		if strings.HasPrefix(f.Rel, "generic/") || strings.HasPrefix(f.Rel, "fixtures/") {
			continue
		}
		d := r.newDraft(p, manifest.Test, baseName(f), f, trimmed(files[i]))
		d.node.Checksum = checksum(files[i].Text)
		d.node.Test = &manifest.TestInfo{}
		d.describe(p.patch("data_tests", d.node.Name))
		drafts = append(drafts, d)
	}
	return drafts, nil
}

func (r *reading) analyses(p *pack) ([]*draft, error) {
	found, files, err := sqlFiles(p, p.AnalysisPaths)
	if err != nil {
		return nil, err
	}
	var drafts []*draft
	for i, f := range found {
		at := f
		at.Rel = path.Join("analysis", f.Rel)
		d := r.newDraft(p, manifest.Analysis, baseName(f), at, trimmed(files[i]))
		d.node.Checksum = checksum(files[i].Text)
		d.describe(p.patch("analyses", d.node.Name))
		drafts = append(drafts, d)
	}
	return drafts, nil
}
