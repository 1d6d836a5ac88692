package adapters

import (
	"context"
	"fmt"
	"slices"
)

// Part is one active data part of a MergeTree table on one host.
type Part struct {
	Partition string // its id
	Name      string
	// MinBlock to MaxBlock are the inserts that it has the rows of.
	MinBlock, MaxBlock int64
	// Version is the newest mutation that it has, or its first insert.
	Version     uint64
	Rows, Bytes uint64
}

// holds reports whether p has all that q has: it is the same part, or one that
// q was merged into.
func (p Part) holds(q Part) bool {
	return p.Partition == q.Partition && p.MinBlock <= q.MinBlock && p.MaxBlock >= q.MaxBlock && p.Version >= q.Version
}

// within reports whether p is one of those that q was merged from.
func (p Part) within(q Part) bool {
	return p.Partition == q.Partition && p.MinBlock >= q.MinBlock && p.MaxBlock <= q.MaxBlock && p.Version >= q.Version
}

// LackingParts are those of theirs that a host with the parts mine does not
// have, neither as they are, nor merged into others, nor as what they were
// merged from.
func LackingParts(mine, theirs []Part) []Part {
	byPartition := map[string][]Part{}
	for _, p := range mine {
		byPartition[p.Partition] = append(byPartition[p.Partition], p)
	}
	var lacking []Part
	for _, q := range theirs {
		has := slices.ContainsFunc(byPartition[q.Partition], func(p Part) bool { return p.holds(q) || p.within(q) })
		if !has {
			lacking = append(lacking, q)
		}
	}
	return lacking
}

// ReadParts reads a table's active parts on the host of a session.
func ReadParts(ctx context.Context, s Session, r Relation) ([]Part, error) {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT partition_id, name, min_block_number, max_block_number, data_version," +
		" toUInt64(rows), toUInt64(bytes_on_disk) FROM system.parts WHERE active AND " + named(r) + " ORDER BY name"})
	if err != nil {
		return nil, fmt.Errorf("read the parts of %s: %w", r, err)
	}
	parts := make([]Part, len(table.Rows))
	for i, row := range table.Rows {
		p := &parts[i]
		if err := assign(row, &p.Partition, &p.Name, &p.MinBlock, &p.MaxBlock, &p.Version, &p.Rows, &p.Bytes); err != nil {
			return nil, fmt.Errorf("read the parts of %s: %w", r, err)
		}
	}
	return parts, nil
}

// named is the condition on a system table for the rows about r. An empty
// database is the session's.
func named(r Relation) string {
	database := "currentDatabase()"
	if r.Database != "" {
		database = Literal(r.Database)
	}
	return "database = " + database + " AND table = " + Literal(r.Name)
}
