package materialize

import (
	"github.com/chmod-sql/chmod/adapters"
)

// partitionID is the id of the partition that a row is in.
func (d ddl) partitionID() string {
	if d.server.Version.AtLeast(22, 1) {
		return "_partition_id"
	}
	return "splitByChar('_', _part)[1]"
}

// partitionsOf is a condition on system.parts for those of a table.
func partitionsOf(r adapters.Relation) string {
	return "active AND database = " + adapters.Literal(r.Database) + " AND table = " + adapters.Literal(r.Name)
}

// partitions names the partitions of a table on the host that is asked.
func (d ddl) partitions(r adapters.Relation) string {
	return "SELECT DISTINCT partition_id FROM system.parts WHERE " + partitionsOf(r) + " ORDER BY partition_id"
}

// partitionsElsewhere names the partitions of a table that another table has on
// other shards only.
func (d ddl) partitionsElsewhere(of, in adapters.Relation) string {
	parts := adapters.Relation{Database: "system", Name: "parts"}
	return "SELECT DISTINCT partition_id FROM system.parts WHERE " + partitionsOf(in) +
		"\n  AND partition_id IN (SELECT partition_id FROM " + d.onShards(parts) + " WHERE " + partitionsOf(of) + ")" +
		"\n  AND partition_id NOT IN (SELECT partition_id FROM system.parts WHERE " + partitionsOf(of) + ")" +
		"\nORDER BY partition_id"
}

// partitionsTouched names the partitions of a table that new rows go into, and
// those with rows that the condition takes out, if there is one. Rows are looked
// at in partitions only that get no new ones.
func (d ddl) partitionsTouched(of, by adapters.Relation, out string) string {
	into := "(SELECT partition_id FROM system.parts WHERE " + partitionsOf(by)
	sql := "SELECT DISTINCT partition_id FROM system.parts WHERE " + partitionsOf(of) + "\n  AND partition_id IN " + into
	if out != "" {
		sql += "\n    UNION ALL SELECT DISTINCT " + d.partitionID() + " FROM " + of.String() +
			"\n    WHERE " + d.partitionID() + " NOT IN " + into + ") AND " + out
	}
	return sql + ")\nORDER BY partition_id"
}
