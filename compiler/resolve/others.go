package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/config"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// readOthers reads groups, exposures, unit tests and what is only carried.
func (r *reading) readOthers() error {
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, g := range f.Groups {
				r.addGroup(p, f, g)
			}
			for _, e := range f.Exposures {
				if err := r.addExposure(p, f, e); err != nil {
					return err
				}
			}
			for _, u := range f.UnitTests {
				r.addUnitTest(p, f, u)
			}
			for _, c := range f.Carried {
				r.addCarried(p, f, c)
			}
		}
	}
	return nil
}

func (r *reading) addGroup(p *pack, f *properties, g *property.Group) {
	id := uniqueID("group", p.Name, g.Name)
	described, _ := r.text(p, g.Description, &r.list)
	r.m.Groups[id] = &manifest.Group{
		UniqueID: id, Name: g.Name, Package: p.Name, Path: f.found.Rel, OriginalPath: f.found.Original,
		Owner: g.Owner, Description: described, Config: g.Config, Span: g.Span,
	}
}

func (r *reading) addExposure(p *pack, f *properties, e *property.Exposure) error {
	n := &manifest.Exposure{
		UniqueID: uniqueID("exposure", p.Name, e.Name), Name: e.Name, Package: p.Name,
		FQN: fqn(p.Name, f.found.Rel, e.Name), Path: f.found.Rel, OriginalPath: f.found.Original, Span: e.NameSpan,
		Type: e.Type, Owner: e.Owner, Label: e.Label, Maturity: e.Maturity, URL: e.URL, CreatedAt: r.created,
	}
	from := config.Sources{Own: p.Trees["exposure"], Property: []config.Layer{e.Config}}
	if !r.isRoot(p) {
		from.Root = r.root().Trees["exposure"]
	}
	var list diag.List
	n.Config, n.UnrenderedConfig, list = config.Merge("exposure", n.FQN, from)
	r.list.Join(list)
	n.Description, _ = r.text(p, e.Description, &r.list)
	n.Tags = distinct(slices.Concat(e.Tags, n.Config.Strings("tags")))
	slices.Sort(n.Tags)
	n.Meta = joined(e.Meta, n.Config.Dict("meta"))
	n.Config = n.Config.With("tags", textList(n.Tags)).With("meta", n.Meta)
	if _, ok := n.Owner.Get("email"); !ok {
		n.Owner = value.DictOf("email", nil)
		for k, v := range e.Owner.All() {
			_ = n.Owner.Set(k, v) // k was a key before
		}
	}
	if !n.Config.Bool("enabled", true) {
		return nil
	}
	if before := r.m.Exposures[n.UniqueID]; before != nil {
		r.list.Add(diag.Diagnostic{
			Code: "duplicate-name", Span: n.Span, What: "there are two exposures named " + n.Name, Fix: "rename one of them",
			Notes: []diag.Note{{Span: before.Span, Text: "the other one"}},
		})
		return nil
	}
	r.m.Exposures[n.UniqueID] = n
	in := (&scope.Rendering{World: r.in.World, Package: p.Name}).Start(r.ctx)
	for _, text := range e.DependsOn {
		t, err := template.ParseText("{{ "+strings.TrimSpace(text.Raw)+" }}", text.Node.Span)
		if err == nil {
			err = in.Run(t)
		}
		if err := r.report(err); err != nil {
			return err
		}
	}
	ids, _ := r.follow(p, in.Seen, diag.Error, &r.list)
	n.DependsOn.Nodes = ids
	n.Refs, n.Sources = refsOf(in.Seen), sourcesOf(in.Seen)
	return nil
}

func (r *reading) addUnitTest(p *pack, f *properties, u *property.UnitTest) {
	n := &manifest.UnitTest{
		UniqueID: uniqueID("unit_test", p.Name, u.Model, u.Name), Name: u.Name, Model: u.Model, Package: p.Name,
		Path: f.found.Rel, OriginalPath: f.found.Original, Definition: u.Definition, Span: u.NameSpan, CreatedAt: r.created,
	}
	prefix := fqn(p.Name, f.found.Rel, u.Model)
	n.FQN = append(prefix, u.Name)
	from := config.Sources{Own: p.Trees["unit_test"], Property: []config.Layer{u.Config}}
	var list diag.List
	n.Config, _, list = config.Merge("unit_test", n.FQN, from)
	r.list.Join(list)
	n.Description, _ = r.text(p, u.Description, &r.list)
	if !n.Config.Bool("enabled", true) {
		return
	}
	found := r.index().Ref(p.Name, manifest.Ref{Name: u.Model})
	if found.Node == nil {
		if found.Disabled == nil && !r.broken[u.Model] {
			r.list.Add(r.unknownRef(p, manifest.Ref{Name: u.Model}, found, diag.Diagnostic{Span: u.ModelSpan}))
		}
		return
	}
	n.DependsOn.Nodes = []string{found.Node.UniqueID}
	r.m.UnitTests[n.UniqueID] = n
}

// carriedKinds are the resource types of the sections that are kept as they
// are.
func carriedKind(section string) string {
	return strings.TrimSuffix(strings.ReplaceAll(section, "queries", "querys"), "s")
}

func (r *reading) addCarried(p *pack, f *properties, c *property.Carried) {
	kind := carriedKind(c.Section)
	if kind == "saved_query" || kind == "saved_querie" {
		kind = "saved_query"
	}
	if r.m.Carried[c.Section] == nil {
		r.m.Carried[c.Section] = map[string]any{}
	}
	id := uniqueID(kind, p.Name, c.Name)
	d := c.Value.Copy()
	d.Put("unique_id", id)
	d.Put("package_name", p.Name)
	d.Put("path", f.found.Rel)
	d.Put("original_file_path", path.Clean(f.found.Original))
	r.m.Carried[c.Section][id] = value.ToGo(d)
}
