package materialize

import (
	"context"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Target is the table that an incremental model adds to, as the server has it
// when the model's turn comes.
type Target struct {
	// Missing says that there is none any more; all else is empty then.
	Missing bool
	Columns []adapters.ColumnInfo
	adapters.Definition
	// Hosts is how each host of a cluster has it, Fronts the same of what readers
	// find it by, by relation; and Wanted how the server
	// writes what the config asks for; see ReadDrift.
	Hosts  map[string]adapters.Definition
	Fronts map[adapters.Relation]map[string]adapters.Definition
	Wanted string
	// View are the columns of the view of the newest rows, where there is one;
	// see ReadDrift.
	View []adapters.ColumnInfo
	// Projected says that it has got a projection since it was read.
	Projected bool
	// Patched says that rows were updated that are not yet written anew.
	Patched bool
	// Feeds are what gets a copy of each row that is inserted: materialized
	// views, mostly.
	Feeds []adapters.Relation
}

// TargetOf is the table that has to be read for the plan of a node, by
// ReadTarget; false when none has to be.
func TargetOf(in Input) (adapters.Relation, bool) {
	switch n := in.Node; {
	case n.ResourceType == manifest.Snapshot:
	case n.ResourceType != manifest.Model || !incrementally(n.Materialized()) || fullRefresh(in):
		return adapters.Relation{}, false
	}
	p := newPlanner(in)
	return p.data, p.existing != nil && !p.existing.IsView() && (in.Node.ResourceType != manifest.Model || p.readable())
}

func incrementally(materialized string) bool {
	return materialized == "incremental" || materialized == "distributed_incremental"
}

// fullRefresh reports whether an incremental model is to be built from nothing.
func fullRefresh(in Input) bool {
	return in.Within == nil && !in.Adds && in.Node.Config.Bool("full_refresh", in.FullRefresh)
}

// ReadTarget reads what a plan has to know of a table.
func ReadTarget(ctx context.Context, s adapters.Session, v adapters.Version, r adapters.Relation) (*Target, error) {
	columns, err := adapters.Columns(ctx, s, r)
	if adapters.ClassOf(err) == adapters.ClassMissing {
		return &Target{Missing: true}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", r, err)
	}
	t := &Target{Columns: columns}
	found, err := adapters.Definitions(ctx, s, []adapters.Relation{r})
	if err != nil {
		return nil, fmt.Errorf("read how %s was made: %w", r, err)
	}
	t.Definition = found[r]
	if !v.AtLeast(19, 1) {
		return t, nil // these servers do not tell what a table feeds
	}
	patches := "0"
	if patchParts(v) {
		patches = "(SELECT count() FROM system.parts WHERE " + partitionsOf(r) + " AND startsWith(partition_id, 'patch-'))"
	}
	table, _, err := s.Query(ctx, adapters.Statement{SQL: "SELECT dependencies_database, dependencies_table, toUInt64(" + patches + ") FROM system.tables WHERE database = " +
		adapters.Literal(r.Database) + " AND name = " + adapters.Literal(r.Name)})
	if err != nil {
		return nil, fmt.Errorf("read what %s feeds: %w", r, err)
	}
	for _, row := range table.Rows {
		databases, ok := row[0].([]string)
		names, ok2 := row[1].([]string)
		if !ok || !ok2 || len(databases) != len(names) {
			return nil, fmt.Errorf("read what %s feeds: %T and %T instead of lists of names", r, row[0], row[1])
		}
		if n, ok := row[2].(uint64); ok && n > 0 {
			t.Patched = true
		}
		for i := range names {
			t.Feeds = append(t.Feeds, adapters.Relation{Database: databases[i], Name: names[i]})
		}
	}
	return t, nil
}

// insertable are the columns that an INSERT may name.
func (t *Target) insertable() []adapters.ColumnInfo {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c adapters.ColumnInfo) bool {
		return c.DefaultKind == "MATERIALIZED" || c.DefaultKind == "ALIAS"
	})
}

// column finds a column by its name.
func (t *Target) column(name string) (adapters.ColumnInfo, bool) {
	i := slices.IndexFunc(t.Columns, func(c adapters.ColumnInfo) bool { return c.Name == name })
	if i < 0 {
		return adapters.ColumnInfo{}, false
	}
	return t.Columns[i], true
}
