package adapters

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Holding is what one host has of one relation.
type Holding struct {
	Relation
	Engine, UUID string
	Definition
	// Replica is nil for what is no replicated table.
	Replica *ReplicaFacts
	Parts   []Part
	// Detached says that the host has the table's definition and maybe its
	// data, and does not serve it.
	Detached bool
}

// Rows are those of the parts.
func (h Holding) Rows() uint64 {
	rows := uint64(0)
	for _, p := range h.Parts {
		rows += p.Rows
	}
	return rows
}

// ReadHoldings reads what the host of a session has of the relations. Those
// that it has nothing of are left out.
func ReadHoldings(ctx context.Context, s Session, v Version, relations []Relation) (map[Relation]Holding, error) {
	found := make(map[Relation]Holding, len(relations))
	if len(relations) == 0 {
		return found, nil
	}
	if err := readTables(ctx, s, v, relations, found); err != nil {
		return nil, fmt.Errorf("read tables: %w", err)
	}
	replicas, err := replicaFacts(ctx, s, " WHERE "+among(relations, "table"))
	if err != nil {
		return nil, fmt.Errorf("read replicas: %w", err)
	}
	for _, r := range replicas {
		if h, ok := found[r.Relation]; ok {
			h.Replica = &r
			found[r.Relation] = h
		}
	}
	if err := readParts(ctx, s, relations, found); err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	var lacking []Relation
	for _, r := range relations {
		if _, ok := found[r]; !ok {
			lacking = append(lacking, r)
		}
	}
	if err := readDetached(ctx, s, v, lacking, found); err != nil {
		return nil, fmt.Errorf("read detached tables: %w", err)
	}
	return found, nil
}

// among is the condition for rows about the relations.
func among(relations []Relation, name string) string {
	databases, pairs := map[string]bool{}, make([]string, len(relations))
	for i, r := range relations {
		databases[Literal(r.Database)] = true
		pairs[i] = "(" + Literal(r.Database) + ", " + Literal(r.Name) + ")"
	}
	// The first condition is the one that spares servers the other databases.
	return "database IN (" + strings.Join(sortedKeys(databases), ", ") + ") AND (database, " + name + ") IN (" + strings.Join(pairs, ", ") + ")"
}

func readTables(ctx context.Context, s Session, v Version, relations []Relation, found map[Relation]Holding) error {
	uuid := "''"
	if v.AtLeast(20, 5) {
		uuid = "toString(uuid)"
	}
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT database, name, engine, " + uuid + ", engine_full, create_table_query" +
		" FROM system.tables WHERE " + among(relations, "name")})
	if err != nil {
		return err
	}
	for _, row := range table.Rows {
		var h Holding
		if err := assign(row, &h.Database, &h.Name, &h.Engine, &h.UUID, &h.EngineFull, &h.CreateQuery); err != nil {
			return err
		}
		if h.UUID == noUUID {
			h.UUID = ""
		}
		found[h.Relation] = h
	}
	return nil
}

const noUUID = "00000000-0000-0000-0000-000000000000"

func readParts(ctx context.Context, s Session, relations []Relation, found map[Relation]Holding) error {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT database, table, partition_id, name, min_block_number, max_block_number, data_version," +
		" toUInt64(rows), toUInt64(bytes_on_disk) FROM system.parts WHERE active AND " + among(relations, "table") + " ORDER BY name"})
	if err != nil {
		return err
	}
	for _, row := range table.Rows {
		var r Relation
		var p Part
		if err := assign(row, &r.Database, &r.Name, &p.Partition, &p.Name, &p.MinBlock, &p.MaxBlock, &p.Version, &p.Rows, &p.Bytes); err != nil {
			return err
		}
		if h, ok := found[r]; ok {
			h.Parts = append(h.Parts, p)
			found[r] = h
		}
	}
	return nil
}

// readDetached finds the relations that a host does not serve although it has
// their definition. Servers that do not list them still show how to create one.
func readDetached(ctx context.Context, s Session, v Version, relations []Relation, found map[Relation]Holding) error {
	if len(relations) == 0 {
		return nil
	}
	if v.AtLeast(24, 9) {
		table, _, err := s.Query(ctx, Statement{SQL: "SELECT database, table FROM system.detached_tables WHERE " + among(relations, "table")})
		if err != nil {
			return err
		}
		for _, row := range table.Rows {
			h := Holding{Detached: true}
			if err := assign(row, &h.Database, &h.Name); err != nil {
				return err
			}
			found[h.Relation] = h
		}
		return nil
	}
	for _, r := range relations {
		row, err := oneRow(ctx, s, "SHOW CREATE TABLE "+r.String())
		var refused *ServerError
		if errors.As(err, &refused) && refused.Class != ClassNetwork && refused.Class != ClassCancelled && !refused.Unsent {
			continue
		}
		if err != nil {
			return err
		}
		h := Holding{Relation: r, Detached: true}
		if err := assign(row[:min(1, len(row))], &h.CreateQuery); err != nil {
			return err
		}
		found[r] = h
	}
	return nil
}

// ReadReplicaNames reads from Keeper which replicas a table has. The path is
// the table's; false when Keeper does not have it.
func ReadReplicaNames(ctx context.Context, s Session, path string) ([]string, bool, error) {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT name FROM system.zookeeper WHERE path = " + Literal(path+"/replicas")})
	var refused *ServerError
	if errors.As(err, &refused) && strings.Contains(strings.ToLower(refused.Message), "no node") {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	names := make([]string, len(table.Rows))
	for i, row := range table.Rows {
		if err := assign(row, &names[i]); err != nil {
			return nil, false, fmt.Errorf("system.zookeeper: %w", err)
		}
	}
	return names, len(names) > 0, nil
}
