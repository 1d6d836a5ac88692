package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// macroFile is a file of macros and the package it belongs to.
type macroFile struct {
	pkg      string
	original string
	file     *source.File
	parsed   *template.Template
	err      error
}

// readMacros parses the macros of all packages and the built-in ones.
func (r *reading) readMacros() error {
	var all []*macroFile
	own, err := builtin.Files()
	if err != nil {
		return err
	}
	for _, f := range own {
		all = append(all, &macroFile{pkg: builtin.Package, original: strings.TrimPrefix(f.Path, builtin.Root+"/"), file: f})
	}
	for _, p := range r.packages {
		found := p.listing.In(p.MacroPaths, ".sql")
		for _, f := range p.listing.In(p.TestPaths, ".sql") {
			if strings.HasPrefix(f.Rel, "generic/") && !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
		files, err := project.Read(found)
		if err != nil {
			return err
		}
		for i, f := range files {
			all = append(all, &macroFile{pkg: p.Name, original: found[i].Original, file: f})
		}
	}
	if err := r.each(len(all), func(i int) error {
		all[i].parsed, all[i].err = template.Parse(all[i].file)
		return nil
	}); err != nil {
		return err
	}
	orders := map[string][]string{}
	for _, d := range r.in.Root.Dispatch {
		orders[d.Namespace] = d.Order
	}
	macros := scope.NewMacros(r.in.Root.Name, orders)
	macros.AddPackage(builtin.Package)
	for _, p := range r.packages {
		macros.AddPackage(p.Name)
	}
	r.in.World.Macros = macros
	for _, f := range all {
		if f.err != nil {
			r.incomplete.macros = true
			if err := r.report(f.err); err != nil {
				return err
			}
			continue
		}
		r.addMacros(f)
	}
	r.in.World.Prepare()
	return nil
}

func (r *reading) addMacros(f *macroFile) {
	for _, t := range f.parsed.Macros() {
		m := &manifest.Macro{
			UniqueID: uniqueID("macro", f.pkg, t.Name), Name: t.Name, Package: f.pkg,
			Path: f.original, OriginalPath: f.original, Span: t.Span, SQL: t.Span.Text(), CreatedAt: r.created,
		}
		if before := r.macros().Add(&scope.Macro{Macro: m, Template: t}); before != nil {
			r.list.Add(diag.Diagnostic{
				Code: "duplicate-name", Span: t.NameSpan,
				What:  "there are two " + describeKind(t) + "s named " + t.Written + " in " + path.Base(f.pkg),
				Why:   "a package's macros are called by their names",
				Fix:   "rename or remove one of them",
				Notes: []diag.Note{{Span: before.Template.NameSpan, Text: "the other one"}},
			})
			continue
		}
		r.m.Macros[m.UniqueID] = m
	}
}

func describeKind(t *template.Macro) string { return string(t.Kind) }
