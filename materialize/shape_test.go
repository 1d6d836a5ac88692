package materialize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func shapeOf(t testing.TB, sql string) shape {
	t.Helper()
	s, err := readShape(sql)
	require.NoError(t, err)
	return s
}

// What a server prints is read as what was sent to it, and what it prints is
// another text on each version.
func TestShapesThatMeanTheSame(t *testing.T) {
	all := looks{columns: true, types: true, storage: true, comment: true, column: true, query: true}
	for _, pair := range [][2]string{
		{
			"CREATE TABLE `shop`.`orders`\n(\n    `id` INTEGER,\n    `x` Decimal(10,2) CODEC(ZSTD) COMMENT 'it''s'\n)\nENGINE = MergeTree()\nORDER BY (id)",
			"CREATE TABLE shop.orders (`id` Int32, `x` Decimal(10, 2) CODEC(ZSTD(1)) COMMENT 'it''s') ENGINE = MergeTree ORDER BY id",
		},
		{
			"CREATE TABLE a.t (id UInt64 DEFAULT 1+2, INDEX i (id) TYPE minmax) ENGINE = ReplicatedMergeTree('/x/{shard}', '{replica}', version) ORDER BY (id,d) PRIMARY KEY (id,d)",
			"CREATE TABLE a.t ( id UInt64 DEFAULT 1 + 2,  INDEX i (id) TYPE minmax GRANULARITY 1) ENGINE = ReplicatedMergeTree('/y/{shard}', 'r3', version) ORDER BY (id, d)",
		},
		{
			"CREATE VIEW v AS (\nSELECT a, b -- why\nFROM `x`.`y`\n)\nCOMMENT 'c'",
			"CREATE VIEW v (`a` UInt8) COMMENT 'c' AS SELECT a, b FROM x.y",
		},
	} {
		want, have := shapeOf(t, pair[0]), shapeOf(t, pair[1])
		if len(want.columns) == 0 {
			want.columns = have.columns
		}
		require.Empty(t, differences(want, have, all), "%s\n%s", pair[0], pair[1])
	}
}

func TestDifferencesOfShapes(t *testing.T) {
	const base = "CREATE TABLE s.t (`id` UInt64, `v` String DEFAULT 'x' CODEC(LZ4) COMMENT 'c', INDEX i v TYPE minmax GRANULARITY 4, PROJECTION p (SELECT id ORDER BY id))" +
		" ENGINE = ReplacingMergeTree(id) PARTITION BY toYYYYMM(d) ORDER BY id TTL d + toIntervalDay(3) SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1 COMMENT 'all'"
	for _, c := range []struct {
		from, to string
		aspect   Aspect
		what     string
	}{
		{"ReplacingMergeTree(id)", "MergeTree", AspectEngine, "the engine is MergeTree instead of ReplacingMergeTree(id)"},
		{"`id` UInt64", "`id` UInt32", AspectColumns, "column id is UInt32 instead of UInt64"},
		{"`id` UInt64, ", "", AspectColumns, "column id UInt64 is missing"},
		{"`id` UInt64", "`id` UInt64, `y` Date", AspectColumns, "column y Date is too much"},
		{"DEFAULT 'x'", "DEFAULT 'y'", AspectColumns, "column v: the default is DEFAULT 'y' instead of DEFAULT 'x'"},
		{"CODEC(LZ4)", "CODEC(LZ4, ZSTD(3))", AspectColumns, "column v: the codec is LZ4, ZSTD(3) instead of LZ4"},
		{"COMMENT 'c'", "", AspectComment, "the comment of column v is not set instead of 'c'"},
		{"GRANULARITY 4", "GRANULARITY 2", AspectIndexes, "index i is v TYPE minmax GRANULARITY 2 instead of v TYPE minmax GRANULARITY 4"},
		{", PROJECTION p (SELECT id ORDER BY id)", "", AspectIndexes, "projection p is missing"},
		{"toYYYYMM(d)", "d", AspectKeys, "PARTITION BY is d instead of toYYYYMM(d)"},
		{"ORDER BY id T", "ORDER BY (id, d) T", AspectKeys, "ORDER BY is id, d instead of id"},
		{" TTL d + toIntervalDay(3)", "", AspectKeys, "TTL is not set instead of d + toIntervalDay(3)"},
		{"ttl_only_drop_parts = 1", "ttl_only_drop_parts = 0", AspectSettings, "setting ttl_only_drop_parts is 0 instead of 1"},
		{"COMMENT 'all'", "COMMENT 'some'", AspectComment, "the comment is 'some' instead of 'all'"},
	} {
		t.Run(c.what, func(t *testing.T) {
			require.Contains(t, base, c.from)
			found := differences(shapeOf(t, base), shapeOf(t, strings.Replace(base, c.from, c.to, 1)), looks{columns: true, types: true, storage: true, comment: true, column: true})
			require.Len(t, found, 1)
			require.Equal(t, c.what, found[0].what)
			require.Equal(t, c.aspect, found[0].aspect)
		})
	}
}

func TestCopiedDefinitions(t *testing.T) {
	const query = "CREATE TABLE s.`t 1` UUID '6ba7b810-9dad-11d1-80b4-00c04fd430c8' (id UInt64) ENGINE = ReplicatedMergeTree('/p/{shard}', 'r1-abc', v) ORDER BY id"
	sql, err := ddl{}.copy(copied{verb: "ATTACH TABLE", relation: adapters.Relation{Database: "s", Name: "x"}, uuid: "u", query: query, replica: "'{replica}'"})
	require.NoError(t, err)
	require.Equal(t, "ATTACH TABLE `s`.`x` UUID 'u'\n(id UInt64) ENGINE = ReplicatedMergeTree('/p/{shard}', '{replica}', v) ORDER BY id", sql)
	_, err = ddl{}.copy(copied{verb: "CREATE TABLE", query: "SELECT 1"})
	require.Error(t, err)
}

// FuzzShape is that no text of a server makes reading it fail in another way
// than by saying so.
func FuzzShape(f *testing.F) {
	for _, text := range []string{
		"CREATE TABLE s.t (`id` UInt64, `v` Enum8('a' = 1) CODEC(LZ4), INDEX i v TYPE minmax GRANULARITY 4) ENGINE = ReplicatedMergeTree('/a', 'b') ORDER BY id TTL d TO DISK 'x' SETTINGS a = 1 COMMENT 'c'",
		"CREATE VIEW v (`a` UInt8) AS WITH x AS (SELECT 1) SELECT * FROM x COMMENT 'c'",
		"CREATE MATERIALIZED VIEW v TO x.y (`a` UInt8) AS SELECT 1", "CREATE TABLE (,,) ENGINE = (", "CREATE TABLE a.b UUID ((", "create dictionary d (a UInt8 DEFAULT", "CREATE TABLE t (a",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := readShape(text)
		if err != nil {
			return
		}
		require.LessOrEqual(t, s.rest, len(text))
		for _, at := range s.arguments {
			require.LessOrEqual(t, at[0], at[1])
		}
		for _, d := range differences(s, s, looks{columns: true, types: true, storage: true, comment: true, column: true, query: true}) {
			// Two columns of one name cannot be in a table.
			require.Equal(t, AspectColumns, d.aspect)
		}
	})
}
