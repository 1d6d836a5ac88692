package resolve

import (
	"slices"
	"strings"

	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// readDocs reads the docs blocks of all packages.
func (r *reading) readDocs() error {
	for _, p := range r.packages {
		found := p.listing.In(p.DocsPaths, ".md")
		files, err := project.Read(found)
		if err != nil {
			return err
		}
		for i, f := range files {
			if !strings.Contains(f.Text, "{%") {
				continue
			}
			t, err := template.Parse(f)
			if err != nil {
				r.incomplete.docs = true
				if err := r.report(err); err != nil {
					return err
				}
				continue
			}
			for _, b := range t.Docs() {
				r.addDoc(p, found[i], b)
			}
		}
	}
	return nil
}

func (r *reading) addDoc(p *pack, f project.Found, b *template.Block) {
	d := &manifest.Doc{
		UniqueID: uniqueID("doc", p.Name, b.Name), Name: b.Name, Package: p.Name,
		Path: f.Rel, OriginalPath: f.Original, Span: b.Span, Contents: strings.TrimSpace(r.docText(b)),
	}
	if before := r.m.Docs[d.UniqueID]; before != nil {
		r.list.Add(diag.Diagnostic{
			Code: "duplicate-name", Span: b.NameSpan,
			What: "there are two docs blocks named " + b.Name, Why: "doc('" + b.Name + "') could mean either", Fix: "rename one of them",
			Notes: []diag.Note{{Span: before.Span, Text: "the other one"}},
		})
		return
	}
	r.m.Docs[d.UniqueID] = d
}

// docText is what a docs block says: it is a template that knows no names.
// Prose that is no template stays as it is.
func (r *reading) docText(b *template.Block) string {
	if !yaml.HasTemplate(b.Text) {
		return b.Text
	}
	t, err := template.ParseText(b.Text, b.Span)
	if err != nil {
		return b.Text
	}
	out, err := template.NewRenderer(r.ctx, nil, template.Options{}).Render(t)
	if err != nil {
		return b.Text
	}
	return out.Text
}

// text renders a description. Blocks are the unique ids of the docs blocks it
// quotes. Mistakes go to the list.
func (r *reading) text(p *pack, t property.Text, list *diag.List) (text string, blocks []string) {
	if !yaml.HasTemplate(t.Raw) {
		return t.Raw, nil
	}
	if name, ok := onlyDoc(t.Raw); ok {
		if found, err := r.doc(p, &value.Call{Args: []value.Value{name}}); err == nil && found.UniqueID != "" {
			return found.Contents, []string{found.UniqueID}
		}
	}
	at := source.Span{}
	if t.Node != nil {
		at = t.Node.Span
	}
	parsed, err := template.ParseText(t.Raw, at)
	if err == nil {
		doc := &value.Func{Name: "doc", Fn: func(c *value.Call) (value.Value, error) {
			found, err := r.doc(p, c)
			if err != nil {
				return nil, err
			}
			if found.UniqueID != "" && !slices.Contains(blocks, found.UniqueID) {
				blocks = append(blocks, found.UniqueID)
			}
			return found.Contents, nil
		}}
		// dbt reads vars in descriptions as the root project sees them.
		in := (&scope.Rendering{World: r.in.World, Package: r.in.Root.Name, Extra: map[string]value.Value{"doc": doc}}).Start(r.ctx)
		var out *template.Output
		if out, err = in.Render(parsed); err == nil {
			return out.Text, blocks
		}
	}
	if other := list.AddError(err); other != nil {
		list.Add(diag.Diagnostic{Code: "description", Span: at, What: other.Error()})
	}
	return t.Raw, nil
}

// onlyDoc is the name in a description that is nothing but {{ doc('name') }},
// as most of those with templates are.
func onlyDoc(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "{{ doc('")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, "') }}")
	return name, ok && !strings.ContainsAny(name, `'\{}`)
}

// doc finds the block that doc('name') or doc('package', 'name') means.
func (r *reading) doc(p *pack, c *value.Call) (*manifest.Doc, error) {
	var names []string
	for _, a := range c.Args {
		names = append(names, value.Str(a))
	}
	packages := []string{r.in.Root.Name, p.Name}
	for _, other := range r.packages {
		packages = append(packages, other.Name)
	}
	switch len(names) {
	case 1:
	case 2:
		packages, names = names[:1], names[1:]
	default:
		return nil, diag.Diagnostic{Code: "bad-doc", Span: c.Span, What: "doc() takes the name of a docs block", Fix: "write doc('name')"}
	}
	for _, pkg := range packages {
		if d := r.m.Docs[uniqueID("doc", pkg, names[0])]; d != nil {
			return d, nil
		}
	}
	if r.incomplete.docs {
		return &manifest.Doc{}, nil
	}
	var known []string
	for _, d := range r.m.Docs {
		known = append(known, d.Name)
	}
	slices.Sort(known)
	d := diag.Diagnostic{
		Code: "unknown-doc", Span: c.Span, What: "there is no docs block named " + names[0],
		Fix: diag.DidYouMean(names[0], known),
	}
	if d.Fix == "" {
		d.Fix = "write {% docs " + names[0] + " %}...{% enddocs %} in an .md file"
	}
	return nil, d
}
