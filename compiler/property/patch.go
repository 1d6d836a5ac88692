package property

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

var patchKeys = []string{"name", "description", "docs", "config", "columns", "data_tests", "tests", "meta", "access",
	"group", "contract", "constraints", "latest_version", "versions", "deprecation_date", "time_spine", "semantic_model",
	"primary_entity", "agg_time_dimension", "metrics", "derived_semantics", "quote_columns", "relation"}

func (r *reader) patch(section, what string, n, raw *yaml.Node) *Patch {
	at, name, ok := r.name(what, "", n)
	if !ok {
		return nil
	}
	r.known(what, n, patchKeys)
	_, noun, _ := strings.Cut(what, " ")
	what = "the " + noun + " " + name
	p := &Patch{
		Section: section, Name: name, NameSpan: at.Span, Span: n.Span, Node: n,
		Description:     r.text("the description of ", what, n.Get("description")),
		Config:          r.config(what, n, raw, "meta", "docs", "group", "access", "contract"),
		Columns:         r.columns(what, n.Get("columns"), raw.Get("columns")),
		Tests:           r.tests(what, n),
		Constraints:     r.constraints(what, n.Get("constraints")),
		Versions:        r.versions(what, n.Get("versions"), raw.Get("versions")),
		LatestVersion:   n.Get("latest_version").Scalar(),
		DeprecationDate: r.moment("the deprecation_date of ", what, n.Get("deprecation_date")),
		Relation:        r.text("the relation of ", what, n.Get("relation")),
	}
	r.latest(what, n.Get("latest_version"), p)
	return p
}

// latest checks that latest_version is a version.
func (r *reader) latest(what string, n *yaml.Node, p *Patch) {
	if n.Null() || len(p.Versions) == 0 {
		return
	}
	var all []string
	for _, v := range p.Versions {
		all = append(all, value.Str(v.V))
	}
	if slices.Contains(all, value.Str(p.LatestVersion)) {
		return
	}
	r.List.Add(diag.Diagnostic{
		Code: "property-value", Span: n.Span,
		What: fmt.Sprintf("the latest_version of %s is %s, which is none of its versions", what, value.Str(p.LatestVersion)),
		Why:  "versions: has " + strings.Join(all, ", "),
		Fix:  "name one of these, or leave latest_version out for the highest",
	})
}

var columnKeys = []string{"name", "description", "data_type", "quote", "tags", "meta", "config", "docs", "constraints",
	"data_tests", "tests", "codec", "ttl", "granularity", "dimension", "entity", "policy_tags", "database_specific_data_type"}

func (r *reader) columns(what string, n, raw *yaml.Node) []*Column {
	var out []*Column
	if n.Null() {
		return nil
	}
	seen := make(map[string]*Column, len(n.Items()))
	r.each("columns", n, raw, func(n, _ *yaml.Node) {
		if c := r.column(what, n); c != nil {
			if first := seen[c.Column.Name]; first != nil {
				r.List.Add(diag.Diagnostic{
					Severity: diag.Warning, Code: "duplicate-column", Span: c.Column.Span,
					What:  fmt.Sprintf("the column %s of %s is described twice", c.Column.Name, strings.TrimPrefix(what, "the ")),
					Fix:   "keep one description",
					Notes: []diag.Note{{Span: first.Column.Span, Text: "first described here"}},
				})
			}
			seen[c.Column.Name] = c
			out = append(out, c)
		}
	})
	return out
}

func (r *reader) column(of string, n *yaml.Node) *Column {
	at, name, ok := r.name("a column of ", of, n)
	if !ok {
		return nil
	}
	what := "the column " + name
	c := &Column{
		Description: r.text("the description of ", what, n.Get("description")),
		Tests:       r.tests(what, n),
	}
	c.Column = manifest.Column{
		Name: name, Span: at.Span,
		DataType:    r.string("the data_type of ", what, n.Get("data_type")),
		Codec:       r.string("the codec of ", what, n.Get("codec")),
		TTL:         r.string("the ttl of ", what, n.Get("ttl")),
		Tags:        r.strings("tags of ", what, n.Get("tags")),
		Meta:        r.mapping("meta of ", what, n.Get("meta")),
		Config:      r.mapping("config of ", what, n.Get("config")),
		Constraints: r.constraints(what, n.Get("constraints")),
	}
	if q := n.Get("quote"); !q.Null() {
		quote := r.Bool("quote of "+what, q, false)
		c.Column.Quote = &quote
	}
	if cfg := c.Column.Config; cfg != nil {
		r.columnConfig(c, n.Get("config"))
	}
	for _, e := range n.Entries {
		if slices.Contains(columnKeys, e.Name()) {
			continue
		}
		if near := diag.Suggest(e.Name(), columnKeys); near != "" {
			r.known("a column", &yaml.Node{Kind: yaml.Mapping, Span: n.Span, Entries: []yaml.Entry{e}}, columnKeys)
		}
		if c.Column.Extra == nil {
			c.Column.Extra = value.NewDict()
		}
		c.Column.Extra.Put(e.Name(), e.Value.Value())
	}
	return c
}

// columnConfig takes tags and meta from a column's config, where they may
// stand as well.
func (r *reader) columnConfig(c *Column, n *yaml.Node) {
	c.Column.Tags = append(c.Column.Tags, r.Strs("tags of a column", n.Get("tags"))...)
	if meta := r.Dict("meta of a column", n.Get("meta")); meta != nil {
		if c.Column.Meta == nil {
			c.Column.Meta = value.NewDict()
		}
		for k, v := range meta.All() {
			_ = c.Column.Meta.Set(k, v) // k was a key before
		}
	}
}

func (r *reader) constraints(what string, n *yaml.Node) []manifest.Constraint {
	var out []manifest.Constraint
	r.each("constraints", n, nil, func(n, _ *yaml.Node) {
		r.known("a constraint", n, []string{"type", "name", "expression", "columns", "to", "to_columns", "warn_unenforced", "warn_unsupported"})
		kind := r.word("the type of a constraint of "+what, n, "type",
			"check", "not_null", "unique", "primary_key", "foreign_key", "custom")
		if kind == "" {
			if n.Get("type").Null() {
				r.Wrong(n, "a constraint of "+what+" has no type", "add type:")
			}
			return
		}
		out = append(out, manifest.Constraint{
			Type: kind, Span: n.Span,
			Name:       r.Str("the name of a constraint", n.Get("name")),
			Expression: r.Str("the expression of a constraint", n.Get("expression")),
			Columns:    r.Strs("columns of a constraint", n.Get("columns")),
			To:         r.Str("to of a constraint", n.Get("to")),
			ToColumns:  r.Strs("to_columns of a constraint", n.Get("to_columns")),
		})
	})
	return out
}

// word reads a string that is one of a few, in any case.
func (r *reader) word(what string, n *yaml.Node, key string, words ...string) string {
	node := n.Get(key)
	if node.Null() {
		return ""
	}
	s := strings.ToLower(r.Str(what, node))
	if s != "" && !slices.Contains(words, s) {
		r.List.Add(diag.Diagnostic{
			Code: "property-value", Span: node.Span,
			What: fmt.Sprintf("%s cannot be %q", what, s),
			Why:  "it is one of " + strings.Join(words, ", "),
			Fix:  diag.DidYouMean(s, words),
		})
		return ""
	}
	return s
}
