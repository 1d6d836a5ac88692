package resolve

import (
	"slices"
	"strings"

	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// link follows what the nodes refer to.
func (r *reading) link() error {
	r.index() // made once, before all look into it
	whole, lists := make([]bool, len(r.drafts)), make([]diag.List, len(r.drafts))
	if err := r.each(len(r.drafts), func(i int) error {
		d := r.drafts[i]
		n := d.node
		n.Refs, n.Sources = refsOf(d.seen), sourcesOf(d.seen)
		n.DependsOn.Macros = d.seen.Macros
		if d.failed {
			return nil
		}
		if d.once {
			n.Sources = unique(n.Sources)
		}
		n.DependsOn.Nodes, whole[i] = r.follow(d.pkg, d.seen, severity(n), &lists[i])
		return nil
	}); err != nil {
		return err
	}
	for i, d := range r.drafts {
		n := d.node
		if d.failed {
			continue
		}
		r.list.Join(fromElsewhere(lists[i], n))
		if n.ResourceType == manifest.Test && !whole[i] {
			r.leaveOut(n)
			continue
		}
		if slices.Contains(n.DependsOn.Nodes, n.UniqueID) {
			r.selfReference(d)
		}
	}
	return nil
}

// fromElsewhere notes the node at mistakes that are in another file than it is,
// such as in a macro that it calls.
func fromElsewhere(list diag.List, n *manifest.Node) diag.List {
	if list.Len() == 0 {
		return list
	}
	var noted diag.List
	for _, d := range list.All() {
		if d.Span.File != n.Span.File && n.Span.Known() {
			d.Notes = append(d.Notes, diag.Note{Span: firstLine(n.Span), Text: "for the " + n.ResourceType + " " + n.Name})
		}
		noted.Add(d)
	}
	return noted
}

// index is the manifest's, once all nodes are in it.
func (r *reading) index() *Index {
	if r.result.Index == nil {
		r.result.Index = newIndex(r.m)
	}
	return r.result.Index
}

// severity is how bad it is when a node refers to what is not there: a test
// is left out, as in dbt, and the others cannot be built.
func severity(n *manifest.Node) diag.Severity {
	if n.ResourceType == manifest.Test {
		return diag.Warning
	}
	return diag.Error
}

// leaveOut switches a test off that has nothing to test.
func (r *reading) leaveOut(n *manifest.Node) {
	delete(r.m.Nodes, n.UniqueID)
	n.Config = n.Config.With("enabled", false)
	r.m.Disabled[n.UniqueID] = append(r.m.Disabled[n.UniqueID], n)
}

// refsOf are the refs of a node as they were written.
func refsOf(seen scope.Seen) []manifest.Ref {
	if len(seen.Refs) == 0 {
		return nil
	}
	out := make([]manifest.Ref, 0, len(seen.Refs))
	for _, s := range seen.Refs {
		out = append(out, s.Ref)
	}
	return out
}

func unique[T comparable](items []T) []T {
	var out []T
	for _, item := range items {
		if !slices.Contains(out, item) {
			out = append(out, item)
		}
	}
	return out
}

func sourcesOf(seen scope.Seen) [][2]string {
	var out [][2]string
	for _, s := range seen.Sources {
		out = append(out, [2]string{s.Source, s.Table})
	}
	return out
}

// follow gives the unique ids of what was referred to, in dbt's order: the
// sources and then the refs. What leads nowhere is reported, and makes it not
// whole. It may be called concurrently once there is an index.
func (r *reading) follow(p *pack, seen scope.Seen, severity diag.Severity, list *diag.List) (ids []string, whole bool) {
	whole = true
	index := r.index()
	add := func(id string) {
		if ids == nil {
			ids = make([]string, 0, len(seen.Sources)+len(seen.Refs))
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	report := func(d diag.Diagnostic) {
		whole = false
		d.Severity = severity
		if severity == diag.Warning {
			d.Why = "the test is left out"
		}
		list.Add(d)
	}
	for _, s := range seen.Sources {
		found, disabled := index.Source(p.Name, s.Source, s.Table)
		switch {
		case found != nil:
			add(found.UniqueID)
		case disabled == nil && r.incomplete.properties:
		default:
			report(unknownSource(index, s, disabled))
		}
	}
	for _, ref := range seen.Refs {
		found := index.Ref(p.Name, ref.Ref)
		switch {
		case found.Node == nil && r.broken[ref.Name]:
		case found.Node == nil && found.Disabled != nil && severity == diag.Warning:
			whole = false // dbt does not warn of these
		case found.Node == nil:
			report(r.unknownRef(p, ref.Ref, found, diag.Diagnostic{Span: firstLine(ref.Span)}))
		case len(found.Others) > 0:
			list.Add(ambiguous(ref, found))
		default:
			add(found.Node.UniqueID)
		}
	}
	return ids, whole
}

// selfReference reports a node that refers to itself.
func (r *reading) selfReference(d *draft) {
	at := d.node.Span
	for _, ref := range d.seen.Refs {
		if found := r.result.Index.Ref(d.pkg.Name, ref.Ref); found.Node == d.node {
			at = ref.Span
		}
	}
	r.list.Add(diag.Diagnostic{
		Code: "self-reference", Span: firstLine(at), What: d.node.Name + " refers to itself",
		Why: "it would have to be built before itself", Fix: "write {{ this }} for the relation as the last run left it",
	})
	d.node.DependsOn.Nodes = slices.DeleteFunc(d.node.DependsOn.Nodes, func(id string) bool { return id == d.node.UniqueID })
}

// unknownRef is the diagnostic of a ref that leads nowhere.
func (r *reading) unknownRef(p *pack, ref manifest.Ref, found Found, d diag.Diagnostic) diag.Diagnostic {
	d.Code = "unknown-ref"
	shown := ref.Name
	if ref.Version != nil {
		shown += " in version " + versionText(ref.Version)
	}
	d.What = "there is no model, seed or snapshot named " + shown
	if ref.Package != "" {
		d.What += " in the package " + ref.Package
	}
	switch {
	case found.Disabled != nil:
		d.Code, d.What = "disabled-ref", ref.Name+" is disabled"
		d.Notes = []diag.Note{{Span: switchedOff(found.Disabled), Text: "switched off here"}}
		d.Fix = "enable it, or disable this as well"
	case len(found.Versions) > 0:
		var known []string
		for _, n := range found.Versions {
			known = append(known, versionText(n.Version))
		}
		d.Fix = "its versions are " + strings.Join(known, ", ")
	case ref.Package != "" && r.byName[ref.Package] == nil:
		d.Code, d.What = "unknown-package", "there is no package "+ref.Package
		d.Fix = diag.DidYouMean(ref.Package, sortedKeys(r.byName))
		if d.Fix == "" {
			d.Fix = `add it to packages.yml and run "dbt deps", or leave the package out`
		}
	default:
		d.Fix = diag.DidYouMean(ref.Name, r.index().RefNames())
		for _, name := range r.index().SourceNames() {
			if d.Fix == "" && slices.Contains(r.index().Tables(name), ref.Name) {
				d.Fix = "it is a table of a source: write source('" + name + "', '" + ref.Name + "')"
			}
		}
		d.Fix = firstOf(d.Fix, "a model has the name of its file; tables that others load are read with source()")
	}
	return d
}

// switchedOff is where enabled was set to false.
func switchedOff(n *manifest.Node) source.Span {
	if at := n.Config.Place("enabled"); at.Known() {
		return at
	}
	return firstLine(n.Span)
}

func ambiguous(ref scope.SeenRef, found Found) diag.Diagnostic {
	d := diag.Diagnostic{
		Code: "ambiguous-ref", Span: firstLine(ref.Span), What: ref.Name + " could mean several nodes",
		Fix: "name the package: ref('" + found.Node.Package + "', '" + ref.Name + "')",
	}
	for _, n := range append([]*manifest.Node{found.Node}, found.Others...) {
		d.Notes = append(d.Notes, diag.Note{Span: firstLine(n.Span), Text: n.UniqueID})
	}
	return d
}

func unknownSource(index *Index, s scope.SeenSource, disabled *manifest.Source) diag.Diagnostic {
	d := diag.Diagnostic{Code: "unknown-source", Span: firstLine(s.Span), What: "there is no table " + s.Table + " of a source " + s.Source}
	tables := index.Tables(s.Source)
	switch {
	case disabled != nil:
		d.Code, d.What, d.Fix = "disabled-source", "the source "+s.Source+"."+s.Table+" is disabled", "enable it, or disable this as well"
		d.Notes = []diag.Note{{Span: disabled.Span, Text: "switched off here"}}
	case len(tables) > 0:
		d.What = "the source " + s.Source + " has no table " + s.Table
		d.Fix = firstOf(diag.DidYouMean(s.Table, tables), "its tables are "+strings.Join(tables, ", "))
	default:
		d.What = "there is no source " + s.Source
		d.Fix = firstOf(diag.DidYouMean(s.Source, index.SourceNames()), "describe it below sources: in a YAML file of the models' folder")
	}
	return d
}
