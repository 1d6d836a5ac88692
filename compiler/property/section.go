package property

import (
	"fmt"
	"regexp"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// sections are the top-level keys of a property file and how they are read.
var sections = map[string]func(*reader, yaml.Entry, *yaml.Node){
	"models":          patches("a model", func(f *File) *[]*Patch { return &f.Models }),
	"seeds":           patches("a seed", func(f *File) *[]*Patch { return &f.Seeds }),
	"snapshots":       patches("a snapshot", func(f *File) *[]*Patch { return &f.Snapshots }),
	"analyses":        patches("an analysis", func(f *File) *[]*Patch { return &f.Analyses }),
	"data_tests":      patches("a data test", func(f *File) *[]*Patch { return &f.DataTests }),
	"tests":           patches("a data test", func(f *File) *[]*Patch { return &f.DataTests }),
	"sources":         func(r *reader, e yaml.Entry, raw *yaml.Node) { r.each("sources", e.Value, raw, r.source) },
	"macros":          func(r *reader, e yaml.Entry, raw *yaml.Node) { r.each("macros", e.Value, raw, r.macro) },
	"exposures":       func(r *reader, e yaml.Entry, raw *yaml.Node) { r.each("exposures", e.Value, raw, r.exposure) },
	"groups":          func(r *reader, e yaml.Entry, raw *yaml.Node) { r.each("groups", e.Value, raw, r.group) },
	"unit_tests":      func(r *reader, e yaml.Entry, raw *yaml.Node) { r.each("unit_tests", e.Value, raw, r.unitTest) },
	"metrics":         carried,
	"semantic_models": carried,
	"saved_queries":   carried,
	"functions":       carried,
}

func patches(what string, into func(*File) *[]*Patch) func(*reader, yaml.Entry, *yaml.Node) {
	return func(r *reader, e yaml.Entry, raw *yaml.Node) {
		r.each(e.Name(), e.Value, raw, func(n, raw *yaml.Node) {
			if p := r.patch(e.Name(), what, n, raw); p != nil {
				list := into(r.file)
				*list = append(*list, p)
			}
		})
	}
}

func carried(r *reader, e yaml.Entry, raw *yaml.Node) {
	section := e.Name()
	r.each(section, e.Value, raw, func(n, _ *yaml.Node) {
		_, name, ok := r.name("an entry of ", section, n)
		d, isDict := n.Value().(*value.Dict)
		if ok && isDict {
			r.file.Carried = append(r.file.Carried, &Carried{Section: section, Name: name, Span: n.Span, Value: d})
		}
	})
}

func (r *reader) macro(n, _ *yaml.Node) {
	at, name, ok := r.name("a macro", "", n)
	if !ok {
		return
	}
	what := "the macro " + name
	r.known("a macro", n, []string{"name", "description", "docs", "meta", "config", "arguments"})
	m := &Macro{
		Name: name, NameSpan: at.Span,
		Description: r.text("the description of ", what, n.Get("description")),
		Meta:        r.Dict("meta of "+what, n.Get("meta")),
		Config:      r.Dict("config of "+what, n.Get("config")),
	}
	for _, at := range []*yaml.Node{n, n.Get("config")} {
		if show := at.Get("docs").Get("show"); show != nil && show.Scalar() == false {
			m.Hidden = true
		}
	}
	r.each("arguments", n.Get("arguments"), nil, func(a, _ *yaml.Node) {
		if _, arg, ok := r.name("an argument of ", what, a); ok {
			m.Arguments = append(m.Arguments, manifest.Argument{
				Name: arg, Type: r.Str("the type of "+arg, a.Get("type")),
				Description: r.Str("the description of "+arg, a.Get("description")),
			})
		}
	})
	r.file.Macros = append(r.file.Macros, m)
}

func (r *reader) group(n, _ *yaml.Node) {
	_, name, ok := r.name("a group", "", n)
	if !ok {
		return
	}
	r.known("a group", n, []string{"name", "owner", "description", "config", "docs", "meta"})
	owner := r.Dict("the owner of "+name, n.Get("owner"))
	if owner == nil {
		r.Wrong(n, "the group "+name+" has no owner", "add owner: with a name or an email")
		return
	}
	r.file.Groups = append(r.file.Groups, &Group{
		Name: name, Span: n.Span, Owner: owner,
		Description: r.text("the description of ", name, n.Get("description")),
		Config:      r.Dict("config of "+name, n.Get("config")),
	})
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r *reader) exposure(n, raw *yaml.Node) {
	at, name, ok := r.name("an exposure", "", n)
	if !ok {
		return
	}
	what := "the exposure " + name
	r.known("an exposure", n, []string{"name", "type", "owner", "label", "maturity", "url", "description",
		"depends_on", "tags", "meta", "config", "enabled"})
	if !identifier.MatchString(name) {
		r.Wrong(at, fmt.Sprintf("%q cannot name an exposure", name), "use letters, digits and _ here, and label: for a title")
		return
	}
	x := &Exposure{
		Name: name, NameSpan: at.Span, Span: n.Span,
		Type:        r.word("the type of "+what, n, "type", "dashboard", "notebook", "analysis", "ml", "application"),
		Owner:       r.Dict("the owner of "+what, n.Get("owner")),
		Label:       r.Str("the label of "+what, n.Get("label")),
		Maturity:    r.word("the maturity of "+what, n, "maturity", "low", "medium", "high"),
		URL:         r.Str("the url of "+what, n.Get("url")),
		Description: r.text("the description of ", what, n.Get("description")),
		Tags:        r.Strs("tags of "+what, n.Get("tags")),
		Meta:        r.Dict("meta of "+what, n.Get("meta")),
		Config:      r.config(what, n, raw, "enabled"),
	}
	if x.Type == "" {
		if n.Get("type").Null() {
			r.Wrong(n, what+" has no type", "add type: dashboard, notebook, analysis, ml or application")
		}
		return
	}
	if x.Owner == nil {
		if n.Get("owner").Null() {
			r.Wrong(n, what+" has no owner", "add owner: with a name or an email")
		}
		return
	}
	if depends := n.Get("depends_on"); depends.Null() || depends.Kind == yaml.Sequence {
		if depends != nil {
			for _, d := range depends.Items() {
				x.DependsOn = append(x.DependsOn, r.text("an entry of depends_on of ", what, d))
			}
		}
	} else {
		r.Wrong(depends, "depends_on of "+what+" must be a list, not "+depends.What(), "write - ref('model') below it")
	}
	r.file.Exposures = append(r.file.Exposures, x)
}

func (r *reader) unitTest(n, raw *yaml.Node) {
	at, name, ok := r.name("a unit test", "", n)
	if !ok {
		return
	}
	what := "the unit test " + name
	r.known("a unit test", n, []string{"name", "model", "given", "expect", "overrides", "versions", "description", "config", "tags", "meta", "enabled"})
	model := n.Get("model")
	if model.Null() {
		r.Wrong(n, what+" names no model", "add model:")
		return
	}
	if n.Get("expect").Null() {
		r.Wrong(n, what+" expects nothing", "add expect: with rows")
		return
	}
	d, _ := n.Value().(*value.Dict)
	r.file.UnitTests = append(r.file.UnitTests, &UnitTest{
		Name: name, NameSpan: at.Span, Span: n.Span,
		Model: r.Str("the model of "+what, model), ModelSpan: model.Span,
		Description: r.text("the description of ", what, n.Get("description")),
		Config:      r.config(what, n, raw, "tags", "meta", "enabled"), Definition: d, Node: n,
	})
}
