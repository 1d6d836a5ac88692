package resolve

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/config"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// readSources puts the sources of all packages into the manifest.
func (r *reading) readSources() error {
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, s := range f.Sources {
				described, _ := r.text(p, s.Description, &r.list)
				for _, t := range s.Tables {
					r.addSource(p, f, s, t, described)
				}
			}
		}
	}
	return nil
}

func (r *reading) addSource(p *pack, f *properties, s *property.Source, t *property.Table, described string) {
	n := &manifest.Source{
		UniqueID: uniqueID("source", p.Name, s.Name, t.Name), Name: t.Name, SourceName: s.Name, Package: p.Name,
		Path: f.found.Original, OriginalPath: f.found.Original, Span: t.NameSpan,
		Schema: s.Schema, Identifier: t.Identifier, SourceDescription: described,
		Loader: firstOf(t.Loader, s.Loader), CreatedAt: r.created,
	}
	prefix := fqn(p.Name, f.found.Rel, "")
	n.FQN = append(prefix[:len(prefix)-1], s.Name, t.Name)
	if s.Database != "" && s.Schema == s.Name {
		n.Schema = s.Database
	}
	n.RelationName = (&scope.Relation{Schema: n.Schema, Identifier: n.Identifier}).Path()
	n.Freshness = freshness(s, t)
	n.Extra = value.DictOf("quoting", orNil(t.Quoting, s.Quoting), "external", orNil(t.External))
	from := config.Sources{Own: p.Trees["source"], Property: []config.Layer{
		beside(s.Tags, s.Meta, s.Span), s.Config, beside(t.Tags, t.Meta, t.Span), t.Config,
	}}
	if !r.isRoot(p) {
		from.Root = r.root().Trees["source"]
	}
	var list diag.List
	n.Config, n.UnrenderedConfig, list = config.Merge("source", n.FQN, from)
	r.list.Join(list)
	n.Tags = n.Config.Strings("tags")
	slices.Sort(n.Tags)
	n.Tags = slices.Compact(n.Tags)
	n.Config = n.Config.With("tags", textList(n.Tags))
	if n.Freshness != nil {
		n.Config = n.Config.With("freshness", n.Freshness)
	}
	trees, root := from.Own.Layers(n.FQN), from.Root.Layers(n.FQN)
	n.LoadedAtField, n.LoadedAtQuery = loadedAt(s, t, trees, root)
	if n.LoadedAtField != "" {
		n.Config = n.Config.With("loaded_at_field", n.LoadedAtField)
	}
	for i, l := range slices.Concat(trees, root) {
		// What the root project says of a package's source is stronger than
		// what stands beside the source, and what a project says of its own is
		// weaker.
		ofRoot := i >= len(trees)
		if inTree := dictIn(l, "freshness"); inTree != nil && (ofRoot || !s.FreshnessSet && !t.FreshnessSet) {
			n.Freshness = filled(inTree)
		}
	}
	unrendered := unrenderedSource(n, s, t)
	n.SourceMeta = joined(s.Meta, dictIn(s.Config, "meta"))
	n.UnrenderedSchema = s.RawSchema
	n.FreshnessOff = n.Freshness == nil && (s.FreshnessSet || t.FreshnessSet)
	n.UnrenderedConfig = overlaid(unrendered, root)
	n.Meta = joined(n.Config.Dict("meta"))
	n.Description, n.DocBlocks = r.text(p, t.Description, &r.list)
	n.Columns = r.columnsOf(p, t.Columns, &r.list)
	if !n.Config.Bool("enabled", true) {
		r.m.DisabledSources[n.UniqueID] = append(r.m.DisabledSources[n.UniqueID], n)
		return
	}
	if before := r.m.Sources[n.UniqueID]; before != nil {
		r.list.Add(diag.Diagnostic{
			Code: "duplicate-name", Span: n.Span, What: "there are two tables " + t.Name + " of the source " + s.Name,
			Why: "source('" + s.Name + "', '" + t.Name + "') could mean either", Fix: "remove one of them, or rename it and set identifier:",
			Notes: []diag.Note{{Span: before.Span, Text: "the other one"}},
		})
		return
	}
	r.m.Sources[n.UniqueID] = n
}

// freshness is what the table asks for over what the source does; null
// switches it off.
func freshness(s *property.Source, t *property.Table) *value.Dict {
	if t.FreshnessSet && t.Freshness == nil {
		return nil
	}
	d := joinedOrNil(s.Freshness, t.Freshness)
	if d != nil {
		d = filled(d)
	}
	return d
}

// filled has all keys of freshness.
func filled(limits *value.Dict) *value.Dict {
	d := limits.Copy()
	for _, key := range []string{"warn_after", "error_after", "filter"} {
		if _, set := d.Get(key); !set {
			d.Put(key, nil)
		}
	}
	return d
}

func joinedOrNil(dicts ...*value.Dict) *value.Dict {
	var out *value.Dict
	for _, d := range dicts {
		if d == nil {
			continue
		}
		if out == nil {
			out = value.NewDict()
		}
		for k, v := range d.All() {
			_ = out.Set(k, v) // k was a key before
		}
	}
	return out
}

func joined(dicts ...*value.Dict) *value.Dict {
	if d := joinedOrNil(dicts...); d != nil {
		return d
	}
	return value.NewDict()
}

// dictIn is a mapping that a layer sets; nil when there is none.
func dictIn(l config.Layer, key string) *value.Dict {
	s, _ := l.Get(key)
	d, _ := s.Value.(*value.Dict)
	return d
}

// beside are tags and meta that stand beside a config, as a layer of it.
func beside(tags []string, meta *value.Dict, at source.Span) config.Layer {
	var l config.Layer
	if len(tags) > 0 {
		v := textList(tags)
		l.Add(config.Setting{Key: "tags", Value: v, Raw: v, Span: at, KeySpan: at})
	}
	if meta != nil {
		l.Add(config.Setting{Key: "meta", Value: meta, Raw: meta, Span: at, KeySpan: at})
	}
	return l
}

func textList(texts []string) *value.List {
	l := value.NewList()
	for _, t := range texts {
		l.Elems = append(l.Elems, t)
	}
	return l
}

func orNil(dicts ...*value.Dict) value.Value {
	for _, d := range dicts {
		if d != nil {
			return d
		}
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
