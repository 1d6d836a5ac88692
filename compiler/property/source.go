package property

import (
	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Source is a source with its tables.
type Source struct {
	Name        string
	NameSpan    source.Span
	Span        source.Span
	Description Text
	Schema      string // the name when none is written
	// RawSchema is the schema before rendering; empty when none is written.
	RawSchema string
	// Database is dbt's level above the schema, which ClickHouse does not
	// have: it stands for the schema where none is written.
	Database      string
	Loader        string
	LoadedAtField string
	LoadedAtQuery Text
	// Freshness is nil when it is switched off with null or not written;
	// FreshnessSet tells which.
	Freshness    *value.Dict
	FreshnessSet bool
	Quoting      *value.Dict
	Meta         *value.Dict
	Tags         []string
	Config       config.Layer
	Tables       []*Table
}

// Table is a table of a source.
type Table struct {
	Name          string
	NameSpan      source.Span
	Span          source.Span
	Description   Text
	Identifier    string // the name when none is written
	Loader        string
	LoadedAtField string
	// LoadedAtSet tells an empty field that was written from none.
	LoadedAtSet   bool
	LoadedAtQuery Text
	Freshness     *value.Dict
	FreshnessSet  bool
	Quoting       *value.Dict
	External      *value.Dict
	Meta          *value.Dict
	Tags          []string
	Config        config.Layer
	Columns       []*Column
	Tests         []*Test
}

func (r *reader) source(n, raw *yaml.Node) {
	at, name, ok := r.name("a source", "", n)
	if !ok {
		return
	}
	r.known("a source", n, []string{"name", "description", "database", "schema", "loader", "quoting", "freshness",
		"loaded_at_field", "loaded_at_query", "tags", "meta", "config", "overrides", "tables", "data_tests", "tests",
		"unrendered_database", "unrendered_schema"})
	what := "the source " + name
	s := &Source{
		Name: name, NameSpan: at.Span, Span: n.Span, Schema: name,
		Description:   r.text("the description of ", what, n.Get("description")),
		Loader:        r.Str("the loader of "+what, n.Get("loader")),
		LoadedAtField: r.Str("loaded_at_field of "+what, n.Get("loaded_at_field")),
		LoadedAtQuery: r.text("loaded_at_query of ", what, n.Get("loaded_at_query")),
		Quoting:       r.Dict("quoting of "+what, n.Get("quoting")),
		Meta:          r.Dict("meta of "+what, n.Get("meta")),
		Tags:          r.Strs("tags of "+what, n.Get("tags")),
		Config:        r.config(what, n, raw),
	}
	if schema := r.Str("the schema of "+what, n.Get("schema")); schema != "" {
		s.Schema = schema
		if written := raw.Get("schema"); written != nil {
			s.RawSchema = written.Text
		}
	}
	s.Database = r.Str("the database of "+what, n.Get("database"))
	s.Freshness, s.FreshnessSet = r.freshness(what, n)
	r.each("tables", n.Get("tables"), raw.Get("tables"), func(n, raw *yaml.Node) {
		if t := r.table(what, n, raw); t != nil {
			s.Tables = append(s.Tables, t)
		}
	})
	r.file.Sources = append(r.file.Sources, s)
}

func (r *reader) table(of string, n, raw *yaml.Node) *Table {
	at, name, ok := r.name("a table of ", of, n)
	if !ok {
		return nil
	}
	r.known("a table of a source", n, []string{"name", "identifier", "description", "columns", "data_tests", "tests",
		"freshness", "loader", "loaded_at_field", "loaded_at_query", "quoting", "external", "tags", "meta", "config", "docs"})
	what := "the table " + name
	t := &Table{
		Name: name, NameSpan: at.Span, Span: n.Span, Identifier: name,
		Description:   r.text("the description of ", what, n.Get("description")),
		Loader:        r.Str("the loader of "+what, n.Get("loader")),
		LoadedAtField: r.Str("loaded_at_field of "+what, n.Get("loaded_at_field")),
		LoadedAtSet:   n.Get("loaded_at_field") != nil,
		LoadedAtQuery: r.text("loaded_at_query of ", what, n.Get("loaded_at_query")),
		Quoting:       r.Dict("quoting of "+what, n.Get("quoting")),
		External:      r.Dict("external of "+what, n.Get("external")),
		Meta:          r.Dict("meta of "+what, n.Get("meta")),
		Tags:          r.Strs("tags of "+what, n.Get("tags")),
		Config:        r.config(what, n, raw),
		Columns:       r.columns(what, n.Get("columns"), raw.Get("columns")),
		Tests:         r.tests(what, n),
	}
	if id := r.Str("the identifier of "+what, n.Get("identifier")); id != "" {
		t.Identifier = id
	}
	t.Freshness, t.FreshnessSet = r.freshness(what, n)
	return t
}

// freshness stands beside config or in it.
func (r *reader) freshness(what string, n *yaml.Node) (*value.Dict, bool) {
	beside, inConfig := n.Get("freshness"), n.Get("config").Get("freshness")
	switch {
	case beside == nil && inConfig == nil:
		return nil, false
	case beside.Null():
		return r.limits(what, inConfig)
	case inConfig == nil:
		return r.limits(what, beside)
	}
	first, _ := r.limits(what, beside)
	second, _ := r.limits(what, inConfig)
	if first == nil || second == nil {
		return second, true
	}
	both := first.Copy()
	_ = both.Merge(second) // a dict always can
	return both, true
}

func (r *reader) limits(what string, node *yaml.Node) (*value.Dict, bool) {
	if node.Null() {
		return nil, true
	}
	d := r.Dict("freshness of "+what, node)
	if d == nil {
		return nil, true
	}
	r.known("freshness", node, []string{"warn_after", "error_after", "filter", "build_after"})
	for _, key := range []string{"warn_after", "error_after"} {
		after := node.Get(key)
		if after.Null() {
			continue
		}
		if r.Dict(key+" of "+what, after) == nil {
			continue
		}
		r.word("the period of "+key+" of "+what, after, "period", "minute", "hour", "day")
		if count := after.Get("count"); !count.Null() {
			if _, ok := count.Scalar().(int64); !ok {
				r.Wrong(count, "the count of "+key+" of "+what+" must be a whole number, not "+count.What(), "")
			}
		}
	}
	return d, true
}
