package adaptertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func testCatalog(t *testing.T, b *bed) {
	second := b.newDatabase(t)
	empty := b.newDatabase(t)
	b.exec(t, "CREATE TABLE "+b.database+".t (a UInt64) ENGINE = MergeTree ORDER BY a")
	b.exec(t, "INSERT INTO "+b.database+".t SELECT number FROM numbers(1000)")
	b.exec(t, "CREATE VIEW "+second+".v AS SELECT a FROM "+b.database+".t")
	if b.version.Has(adapters.TableComment) {
		b.exec(t, "CREATE TABLE "+second+".c (a UInt64) ENGINE = Memory COMMENT 'it''s said'")
	}
	catalog, err := b.adapter.Catalog(t.Context(), []string{b.database, second, empty, "no such database"})
	require.NoError(t, err)
	require.Len(t, catalog.Databases, 3)
	require.NotEmpty(t, catalog.Databases[empty].Engine)
	require.Empty(t, catalog.Databases[empty].Tables)

	table, ok := catalog.Table(adapters.Relation{Database: b.database, Name: "t"})
	require.True(t, ok)
	require.Equal(t, "MergeTree", table.Engine)
	require.False(t, table.IsView())
	view, ok := catalog.Table(adapters.Relation{Database: second, Name: "v"})
	require.True(t, ok)
	require.True(t, view.IsView())
	_, ok = catalog.Table(adapters.Relation{Database: second, Name: "t"})
	require.False(t, ok)
	if b.modern() {
		require.Equal(t, uint64(1000), table.Rows)
		require.Positive(t, table.Bytes)
		require.Len(t, table.UUID, 36)
		commented, _ := catalog.Table(adapters.Relation{Database: second, Name: "c"})
		require.Equal(t, "it's said", commented.Comment)
	}
	none, err := b.adapter.Catalog(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, none.Databases)
}

func testColumns(t *testing.T, b *bed) {
	s := b.session(t)
	r := adapters.Relation{Database: b.database, Name: "my t"}
	execIn(t, s, "CREATE TABLE "+r.String()+" (`a b` UInt64, c Nullable(String) DEFAULT 'x', d Date MATERIALIZED toDate(0)) ENGINE = Memory")
	columns, err := adapters.Columns(t.Context(), s, r)
	require.NoError(t, err)
	require.Len(t, columns, 3)
	require.Equal(t, adapters.Column{Name: "a b", Type: "UInt64"}, columns[0].Column)
	require.Equal(t, "DEFAULT", columns[1].DefaultKind)
	require.Contains(t, columns[1].Default, "'x'")
	require.Equal(t, "MATERIALIZED", columns[2].DefaultKind)
	_, err = adapters.Columns(t.Context(), s, adapters.Relation{Database: b.database, Name: "none"})
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err))

	described, err := adapters.DescribeQuery(t.Context(), s, "SELECT `a b` AS x, toString(c) AS y FROM "+r.String()+" -- the end", nil)
	require.NoError(t, err)
	require.Equal(t, []adapters.Column{{Name: "x", Type: "UInt64"}, {Name: "y", Type: "Nullable(String)"}}, described)
	_, err = adapters.DescribeQuery(t.Context(), s, "SELECT nope FROM "+r.String(), nil)
	var e *adapters.ServerError
	require.ErrorAs(t, err, &e)
	require.Equal(t, [2]int{1, 8}, [2]int{e.Line, e.Column}, "%v", err)
	described, err = adapters.DescribeQuery(t.Context(), s, "SELECT CAST(NULL AS Nullable(UInt8)) AS n, x FROM (SELECT 1 AS x)", map[string]any{"join_use_nulls": 1})
	require.NoError(t, err)
	require.Equal(t, "Nullable(UInt8)", described[0].Type)

	made, err := adapters.Definitions(t.Context(), s, []adapters.Relation{r, {Database: b.database, Name: "none"}})
	require.NoError(t, err)
	require.Len(t, made, 1)
	require.Contains(t, made[r].CreateQuery, "CREATE TABLE")
	require.Equal(t, "Memory", made[r].EngineFull)
}

func testTopology(t *testing.T, b *bed) {
	topology, err := adapters.ReadTopology(t.Context(), b.session(t))
	require.NoError(t, err)
	require.NotNil(t, topology.Macros)
	for name, c := range topology.Clusters {
		require.Equal(t, name, c.Name)
		require.NotEmpty(t, c.Hosts)
		require.Positive(t, c.Shards())
		require.Positive(t, c.Replicas())
	}
}
