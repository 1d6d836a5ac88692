package materialize

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// column is a column as it goes into a CREATE.
type column struct {
	adapters.Column
	codec, ttl, comment string
	// into is the type that its values must fit, when the table's column is not
	// changed to have them all.
	into string
}

// declared is the column for a view, which has no codec and no TTL.
func (c column) declared(comments bool) string {
	s := adapters.QuoteIdent(c.Name) + " " + c.Type
	if comments && c.comment != "" {
		s += " COMMENT " + adapters.Literal(c.comment)
	}
	return s
}

// stored is the column for a table.
func (c column) stored() string {
	s := c.declared(true)
	if c.codec != "" {
		s += " " + c.codec
	}
	if c.ttl != "" {
		s += " TTL " + c.ttl
	}
	return s
}

// described joins columns with what the YAML says of them.
func (p *planner) described(columns []adapters.Column) []column {
	out := make([]column, len(columns))
	for i, c := range columns {
		out[i] = column{Column: c}
		if d := p.in.Node.Column(c.Name); d != nil {
			p.describeColumn(&out[i], d)
		}
	}
	return out
}

// describeColumn adds codec, TTL and comment of the YAML.
func (p *planner) describeColumn(c *column, d *manifest.Column) {
	if d.Codec != "" && p.needsAt(adapters.Codecs, "codec", d) {
		c.codec = d.Codec
		if !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(d.Codec)), "CODEC") {
			c.codec = "CODEC(" + d.Codec + ")"
		}
	}
	if d.TTL != "" && p.needsAt(adapters.TableTTL, "ttl", d) {
		c.ttl = d.TTL
	}
	if p.documentsColumns() {
		c.comment = d.Description
	}
}

// documentsColumns reports whether column comments are wanted and there are
// some.
func (p *planner) documentsColumns() bool {
	if !p.persists("columns") {
		return false
	}
	for _, c := range p.in.Node.Columns {
		if c.Description != "" {
			return true
		}
	}
	return false
}

// relationComment is the comment of the table or view, if one is wanted.
func (p *planner) relationComment() string {
	if !p.persists("relation") || p.in.Node.Description == "" {
		return ""
	}
	if !p.has(adapters.TableComment) {
		p.warn("persist_docs", "server-too-old", p.in.Node.Name+": the description is not stored on the server",
			"tables have no comments on "+p.in.Server.Version.Text, "")
		return ""
	}
	return p.in.Node.Description
}

func (p *planner) persists(what string) bool {
	d := p.in.Node.Config.Dict("persist_docs")
	if d == nil {
		return false
	}
	v, _ := d.Get(what)
	yes, _ := v.(bool)
	return yes
}

// columnNames are the columns' names.
func columnNames(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// selects reports whether what is inserted has to be selected from the SQL: it is
// not all that the SQL returns, or not as it does.
func (p *planner) selects(columns []column) bool {
	return p.in.Node.Contract.Enforced || len(columns) < len(p.in.Columns) || slices.ContainsFunc(columns, func(c column) bool { return c.into != "" })
}

// selectList names the columns for a SELECT.
func selectList(columns []column) string {
	if columns == nil {
		return placeholder
	}
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.selected()
	}
	return strings.Join(list, ", ")
}

// selected is the column as the SQL's values of it are inserted.
func (c column) selected() string {
	name := adapters.QuoteIdent(c.Name)
	if c.into == "" {
		return name
	}
	return conversion{name, c.Type, c.into}.fitting("", fitsNot(c.Name, c.into)) + " AS " + name
}
