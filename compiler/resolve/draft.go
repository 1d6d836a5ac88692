package resolve

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/config"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// draft is a node on its way into the manifest.
type draft struct {
	node *manifest.Node
	pkg  *pack
	// at is where the template lies; parsed from there unless body is set.
	at   source.Span
	body *template.Template
	// plain is set for a template that is known to have no mistake in it, and
	// is not rendered.
	plain bool
	patch *patchEntry
	// version is set for a versioned model, and asFile is what the node was
	// before it was known to be one.
	version *property.Version
	asFile  *manifest.Node
	// calls are configs that were set elsewhere than in the template, as strong
	// as config().
	calls []config.Layer
	// run replaces the rendering of the template, for tests, whose arguments
	// are rendered first.
	run func(in *scope.Rendering) error
	// columnTags and group are what a test has of what it tests.
	columnTags []string
	group      string
	// extra are names that only this node's templates know.
	extra func(in *scope.Rendering) map[string]value.Value

	seen scope.Seen
	list diag.List
	// once is set when each source counts once, however often it is named.
	once bool
	// failed is set when the template could not be read or rendered.
	failed bool
	// deferred are mistakes that matter to whoever builds the node.
	deferred []error
}

// trimmed is a file's text without the white space around it.
func trimmed(f *source.File) source.Span {
	left := len(f.Text) - len(strings.TrimLeft(f.Text, " \t\r\n\v\f"))
	text := strings.TrimSpace(f.Text)
	return source.Span{File: f, Start: left, End: left + len(text)}
}

// newDraft starts a node that a file defines.
func (r *reading) newDraft(p *pack, kind, name string, f project.Found, at source.Span) *draft {
	raw := at.Text()
	return &draft{pkg: p, at: at, node: &manifest.Node{
		UniqueID: uniqueID(kind, p.Name, name), Name: name, ResourceType: kind, Package: p.Name,
		FQN: fqn(p.Name, f.Rel, name), Path: f.Rel, OriginalPath: f.Original,
		Span: at, RawCode: raw, CreatedAt: r.created,
	}}
}

// describe lets YAML tell about a node.
func (d *draft) describe(e *patchEntry) {
	if e == nil {
		return
	}
	d.patch = e
	d.node.PatchPath = e.patchPath()
	d.node.DescribedAt = e.Span
	d.node.DeprecationDate = e.DeprecationDate
	d.node.Constraints = e.Constraints
}

// tree is which config tree a type of resource is configured by.
func tree(kind string) string {
	switch kind {
	case manifest.Analysis, manifest.Operation:
		return manifest.Model
	}
	return kind
}

// sources are the places that configure the node.
func (r *reading) sources(d *draft, calls []config.Layer) config.Sources {
	s := config.Sources{Own: d.pkg.Trees[tree(d.node.ResourceType)], Calls: calls, KeepTemplates: r.keepTemplates}
	if d.node.ResourceType == manifest.Model {
		s.Presets = d.pkg.presets
	}
	if !r.isRoot(d.pkg) {
		s.Root = r.root().Trees[tree(d.node.ResourceType)]
	}
	switch {
	case d.patch != nil && d.version != nil:
		s.Property = []config.Layer{config.Deepened(d.patch.Config, d.version.Config)}
	case d.patch != nil:
		s.Property = []config.Layer{d.patch.Config}
	}
	return s
}

// parse reads the draft's template and renders it once.
func (r *reading) parse(d *draft) error {
	body := d.body
	if body == nil && !d.plain {
		var err error
		if body, err = template.ParseText(d.node.RawCode, d.at); err != nil {
			d.failed = true
			return d.list.AddError(err)
		}
	}
	in := r.rendering(d)
	defer r.rendered(in)
	if err := r.render(d, body, in); err != nil {
		d.failed = true
		if err := d.list.AddError(err); err != nil {
			return err
		}
	}
	d.seen = in.Seen
	d.deferred = in.Seen.MissingVars
	d.missed(in)
	if err := r.configure(d, body, in); err != nil {
		return err
	}
	if d.run == nil && len(d.seen.Sources) > 1 && d.literal(body) {
		// What dbt reads without rendering it names each source once.
		d.once = true
	}
	r.columns(d)
	return nil
}

// rendering is the scope of a draft's templates.
func (r *reading) rendering(d *draft) *scope.Rendering {
	in, reused := r.renderings.Get().(*scope.Rendering)
	if !reused {
		in = &scope.Rendering{}
	}
	*in = scope.Rendering{
		World: r.in.World, Package: d.pkg.Name, Node: d.node,
		This: &scope.Relation{Schema: r.names.target, Identifier: versionedName(d.node.Name, d.node.Version), OnCluster: r.in.World.Server.OnCluster()},
	}
	in.Model = func() *value.Dict {
		shown := *d.node
		if d.asFile != nil { // dbt reads a file before it knows of versions
			shown.Name, shown.UniqueID, shown.FQN = d.asFile.Name, d.asFile.UniqueID, d.asFile.FQN
			shown.Version, shown.LatestVersion = nil, nil
		}
		shown.Config, _, _ = config.Merge(d.node.ResourceType, d.node.FQN, r.sources(d, nil))
		shown.Schema, shown.Alias = r.names.target, shown.Name
		return scope.NodeDict(&shown)
	}
	in.Start(r.ctx)
	if d.extra != nil {
		in.Extra = d.extra(in)
	}
	return in
}

// rendered takes a scope back that nobody needs any more, for the next draft.
func (r *reading) rendered(in *scope.Rendering) {
	*in = scope.Rendering{}
	r.renderings.Put(in)
}

func (r *reading) render(d *draft, body *template.Template, in *scope.Rendering) error {
	if d.run != nil {
		return d.run(in)
	}
	return in.Run(body)
}

// configure merges the node's config, now that its template was rendered, and
// reads the hooks in it.
func (r *reading) configure(d *draft, body *template.Template, in *scope.Rendering) error {
	calls := d.calls
	for _, c := range in.Seen.Configs {
		layer, list := config.FromCall(c.Values, c.Places(), c.Span)
		d.list.Join(list)
		calls = append(calls, layer)
	}
	if d.run != nil && len(d.calls) > 0 {
		// What the entry of a test says is stronger than what its macro says.
		calls = slices.Concat(calls[len(d.calls):], d.calls)
	}
	n := d.node
	var list diag.List
	n.Config, n.UnrenderedConfig, list = config.Merge(n.ResourceType, n.FQN, r.sources(d, calls))
	d.list.Join(list)
	n.Tags = distinct(n.Config.Strings("tags"))
	n.Meta = n.Config.Dict("meta")
	n.Group = firstOf(n.Config.String("group"), d.group)
	if len(d.columnTags) > 0 {
		n.Tags = slices.Concat(d.columnTags, n.Tags)
		slices.Sort(n.Tags)
		n.Tags = slices.Compact(n.Tags)
	}
	if n.Hook != nil {
		n.Tags = append([]string{n.Hook.When}, n.Tags...)
	}
	if n.ResourceType == manifest.Test {
		settleFailures(n.Config.Values())
	}
	if n.ResourceType == manifest.Model {
		n.Access = n.Config.String("access")
	}
	n.Contract.AliasTypes = true
	if c := n.Config.Dict("contract"); c != nil {
		enforced, _ := c.Get("enforced")
		aliases, ok := c.Get("alias_types")
		n.Contract = manifest.Contract{Enforced: value.Truth(enforced), AliasTypes: !ok || value.Truth(aliases)}
	}
	if err := r.hookRefs(d, body, in); err != nil {
		return err
	}
	if err := r.names.name(n); err != nil {
		d.failed = true
		return d.list.AddError(err)
	}
	r.relation(n)
	return nil
}

// hookRefs renders the node's hooks, for what they refer to.
func (r *reading) hookRefs(d *draft, body *template.Template, in *scope.Rendering) error {
	if d.node.ResourceType == manifest.Test {
		return nil
	}
	own := len(in.Seen.Refs)
	for _, key := range []string{"pre-hook", "post-hook"} {
		l, ok := d.node.Config.Value(key).(*value.List)
		if !ok {
			continue
		}
		for _, h := range l.Elems {
			sql, _ := value.Item(h, "sql")
			text, ok := sql.(string)
			if !ok {
				continue
			}
			t, err := template.ParseText(text, d.node.Config.Place(key))
			if err == nil {
				err = in.Run(t)
			}
			if err := d.list.AddError(err); err != nil {
				return err
			}
		}
	}
	if own < len(in.Seen.Refs) && body != nil && d.literal(body) {
		// dbt reads such a template without rendering it, behind its hooks.
		in.Seen.Refs = slices.Concat(in.Seen.Refs[own:], in.Seen.Refs[:own])
	}
	d.seen = in.Seen
	return nil
}

// literal reports whether a template holds nothing but refs, sources and
// configs with their arguments written out.
func (d *draft) literal(body *template.Template) bool {
	calls := body.Calls()
	if len(tags(d.node.RawCode)) != len(calls) {
		return false
	}
	return !slices.ContainsFunc(calls, func(c template.StaticCall) bool {
		return !c.Literal || c.Name == "var" || c.Name == "env_var"
	})
}

// settleFailures makes the two settings that keep a test's rows agree: the
// one that says how comes first.
func settleFailures(values *value.Dict) {
	how, _ := values.Get("store_failures_as")
	whether, _ := values.Get("store_failures")
	switch {
	case how != nil:
		values.Put("store_failures", how != "ephemeral")
	case whether == true:
		values.Put("store_failures_as", "table")
	case whether == false:
		values.Put("store_failures_as", "ephemeral")
	}
}

// distinct are the texts, each once, where it was first.
func distinct(texts []string) []string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
