package resolve

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/property"
)

// columns gives a node its description and its columns.
func (r *reading) columns(d *draft) {
	if d.patch == nil {
		return
	}
	n := d.node
	description := d.patch.Description
	if d.version != nil && d.version.Description != nil {
		description = *d.version.Description
	}
	n.Description, n.DocBlocks = r.text(d.pkg, description, &d.list)
	n.Columns = r.columnsOf(d.pkg, describedColumns(d.patch.Patch, d.version), &d.list)
	n.Contract.Checksum = contractChecksum(n)
}

// columnsOf renders the descriptions of columns.
func (r *reading) columnsOf(p *pack, columns []*property.Column, list *diag.List) []manifest.Column {
	if len(columns) == 0 {
		return nil
	}
	out := make([]manifest.Column, 0, len(columns))
	for _, c := range columns {
		col := c.Column
		col.Description, col.DocBlocks = r.text(p, c.Description, list)
		out = append(out, col)
	}
	return out
}

// describedColumns are a model's columns, or those of one of its versions: the
// version's own, and of the model's what it includes.
func describedColumns(p *property.Patch, v *property.Version) []*property.Column {
	if v == nil {
		return p.Columns
	}
	var out []*property.Column
	for _, c := range p.Columns {
		name := c.Column.Name
		if !v.IncludeAll && !slices.Contains(v.Include, name) || slices.Contains(v.Exclude, name) {
			continue
		}
		if slices.ContainsFunc(v.Columns, func(own *property.Column) bool { return own.Column.Name == name }) {
			continue
		}
		out = append(out, c)
	}
	return append(out, v.Columns...)
}
