package compiler

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// resolver says what ref and source stand for in one rendering.
type resolver struct {
	project *Project
	pkg     string
	// node is what is rendered; nil for what is in no graph.
	node *manifest.Node
	// ctes are the ephemeral models that were referred to, in order.
	ctes []string
	// batch is what the node is rendered for; nil for all there is.
	batch *Batch
}

// Ref is the relation of a node, or the name of a common table expression.
func (r *resolver) Ref(c *value.Call, pkg, name string, version value.Value) (value.Value, error) {
	found := r.project.resolved.Index.Ref(r.pkg, manifest.Ref{Package: pkg, Name: name, Version: version})
	n := found.Node
	if n == nil {
		d := diag.Diagnostic{Code: "unknown-ref", Span: c.Span, What: "there is no model, seed or snapshot named " + name,
			Fix: diag.DidYouMean(name, r.project.resolved.Index.RefNames())}
		if found.Disabled != nil {
			d.Code, d.What, d.Fix = "disabled-ref", name+" is disabled", "enable it, or disable this as well"
		}
		return nil, d
	}
	if err := r.known(c, n.UniqueID, "ref('"+name+"')"); err != nil {
		return nil, err
	}
	if n.Ephemeral() {
		if !slices.Contains(r.ctes, n.UniqueID) {
			r.ctes = append(r.ctes, n.UniqueID)
		}
		return context.CTE(n.Alias), nil
	}
	return r.relation(n.Schema, n.Alias, n.Config), nil
}

// Source is the relation of a source's table.
func (r *resolver) Source(c *value.Call, name, table string) (value.Value, error) {
	found, disabled := r.project.resolved.Index.Source(r.pkg, name, table)
	if found == nil {
		d := diag.Diagnostic{Code: "unknown-source", Span: c.Span, What: "there is no table " + table + " of a source " + name,
			Fix: diag.DidYouMean(table, r.project.resolved.Index.Tables(name))}
		if disabled != nil {
			d.Code, d.What, d.Fix = "disabled-source", "the source "+name+"."+table+" is disabled", "enable it, or disable this as well"
		}
		return nil, d
	}
	if err := r.known(c, found.UniqueID, "source('"+name+"', '"+table+"')"); err != nil {
		return nil, err
	}
	return r.relation(found.Schema, found.Identifier, found.Config), nil
}

// known refuses what the node was not seen to refer to while the project was
// read: nothing would make it wait for that.
func (r *resolver) known(c *value.Call, id, shown string) error {
	n := r.node
	if n == nil || n.ResourceType == manifest.Operation || slices.Contains(n.DependsOn.Nodes, id) {
		return nil
	}
	return diag.Diagnostic{
		Code: "hidden-ref", Span: c.Span, What: n.Name + " refers to " + id + " only when it runs",
		Why: "while the project was read, this call did not happen: it stands in a condition, or its name was made by a query",
		Fix: "write a comment -- depends_on: {{ " + shown + " }} outside of any condition",
	}
}

func (r *resolver) relation(schema, identifier string, c *manifest.Config) *context.Relation {
	rel := &context.Relation{
		Schema: schema, Identifier: identifier, OnCluster: r.project.world.Server.OnCluster() && !c.Bool("disable_on_cluster", false),
	}
	if r.project.Flags.Empty && r.node != nil && (r.node.ResourceType == manifest.Model || r.node.ResourceType == manifest.Snapshot) {
		rel.Empty = true
	}
	rel.Filter = r.batch.filter(c)
	return rel
}
