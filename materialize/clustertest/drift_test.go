package clustertest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// drifted is an incremental model with a config that another one's table does
// not follow.
func (s *shop) drifted() *manifest.Node {
	n := s.incremental("append", "persist_docs", value.DictOf("relation", true, "columns", true),
		"settings", value.DictOf("ttl_only_drop_parts", int64(1)), "indexes", value.NewList(value.DictOf("name", "i", "definition", "v TYPE minmax")))
	n.Description, n.Columns = "All entries.", []manifest.Column{{Name: "v", Description: "A value.", Codec: "ZSTD(2)"}}
	return n
}

// following are the statements with which a run of the model follows its config.
func (s *shop) following(n *manifest.Node) (all []string) {
	s.t.Helper()
	plan := s.begin().planAdding(n, added("none", 0, 0))
	for _, step := range plan.Steps {
		if strings.HasPrefix(step.Purpose, "follow the config") {
			all = append(all, step.Statement.SQL)
		}
	}
	for _, d := range plan.Warnings {
		if d.Code == "table-drifted" {
			all = append(all, d.What)
		}
	}
	return all
}

// TestDriftIsFollowedOnEveryHost changes a config: each host of each shard has
// the table as it says then. A host that somebody altered by hand is seen.
func TestDriftIsFollowedOnEveryHost(t *testing.T) {
	s := newEmbeddedShop(t)
	require.NoError(t, s.add(s.incremental("append"), added("old", 0, 10)))
	require.Empty(t, s.following(s.incremental("append")))
	require.Len(t, s.following(s.drifted()), 5)
	require.NoError(t, s.add(s.drifted(), added("new", 10, 10)))
	require.Empty(t, s.following(s.drifted()))
	for node, rows := range s.everywhere("SELECT create_table_query FROM system.tables WHERE database = '" + s.database + "' AND name = 'entries_local'") {
		for _, part := range []string{"`v` String COMMENT 'A value.' CODEC(ZSTD(2))", "INDEX i v TYPE minmax", "ttl_only_drop_parts = 1", "COMMENT 'All entries.'"} {
			require.Contains(t, rows[0][0], part, "node %d", node+1)
		}
	}
	s.holds("[[new 10] [old 10]]")
	s.bed.Exec(t, 2, "ALTER TABLE "+s.database+".entries_local RESET SETTING ttl_only_drop_parts")
	require.Len(t, s.following(s.drifted()), 1)
	require.NoError(t, s.add(s.drifted(), added("more", 20, 1)))
	require.Empty(t, s.following(s.drifted()))
}

// On old servers nothing is altered, and nothing is told where nothing changed.
func TestNoDriftOnOldReplicas(t *testing.T) {
	s := newShop(t, "1x3")
	n := s.incremental("delete+insert")
	require.NoError(t, s.add(n, added("old", 0, 10)))
	require.Empty(t, s.following(n))
	require.NoError(t, s.add(n, added("new", 6, 8)))
	require.Empty(t, s.following(n))
}
