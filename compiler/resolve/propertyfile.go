package resolve

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// patchKey finds what YAML says of a resource: by section and name.
type patchKey struct{ section, name string }

// patchEntry is a patch and the file it is in.
type patchEntry struct {
	*property.Patch
	file *properties
	used bool
}

// readProperties reads the property files of all packages.
func (r *reading) readProperties() error {
	type job struct {
		pkg   *pack
		found project.Found
		out   *property.File
		list  diag.List
	}
	var jobs []*job
	for _, p := range r.packages {
		var dirs []string
		for _, some := range [][]string{p.ModelPaths, p.SeedPaths, p.SnapshotPaths, p.TestPaths, p.MacroPaths, p.AnalysisPaths} {
			for _, dir := range some {
				if !slices.Contains(dirs, dir) {
					dirs = append(dirs, dir)
				}
			}
		}
		for _, f := range p.listing.In(dirs, ".yml", ".yaml") {
			jobs = append(jobs, &job{pkg: p, found: f})
		}
	}
	found := make([]project.Found, len(jobs))
	for i, j := range jobs {
		found[i] = j.found
	}
	files, err := project.Read(found)
	if err != nil {
		return err
	}
	if err := r.each(len(jobs), func(i int) error {
		j := jobs[i]
		raw, list := yaml.ParseFile(files[i])
		j.list = list
		if raw == nil {
			return nil
		}
		doc, list, err := property.Render(raw, r.in.YAML(j.pkg.Project))
		j.list.Join(list)
		if err != nil {
			return err
		}
		j.out, list = property.Read(doc, raw)
		j.list.Join(list)
		return nil
	}); err != nil {
		return err
	}
	for _, j := range jobs {
		r.incomplete.properties = r.incomplete.properties || j.list.HasErrors()
		r.list.Join(j.list)
		if j.out == nil {
			continue
		}
		f := &properties{File: j.out, found: j.found, pkg: j.pkg}
		j.pkg.files = append(j.pkg.files, f)
		r.indexPatches(f)
	}
	return nil
}

func (r *reading) indexPatches(f *properties) {
	for _, patches := range [][]*property.Patch{f.Models, f.Seeds, f.Snapshots, f.Analyses, f.DataTests} {
		for _, p := range patches {
			key := patchKey{p.Section, p.Name}
			if before := f.pkg.patches[key]; before != nil {
				r.list.Add(diag.Diagnostic{
					Code: "duplicate-name", Span: p.NameSpan,
					What:  p.Name + " is described twice below " + p.Section,
					Why:   "it would not be clear which description holds",
					Fix:   "join the two entries",
					Notes: []diag.Note{{Span: before.NameSpan, Text: "the other one"}},
				})
				continue
			}
			f.pkg.patches[key] = &patchEntry{Patch: p, file: f}
		}
	}
}

// patch finds what YAML says of a resource of a package; nil without.
func (p *pack) patch(section, name string) *patchEntry {
	e := p.patches[patchKey{section, name}]
	if e != nil {
		e.used = true
	}
	return e
}

// patchPath is how a node names the file that describes it.
func (e *patchEntry) patchPath() string {
	return e.file.pkg.Name + "://" + e.file.found.Original
}
