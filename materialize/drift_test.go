package materialize_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

const events = "SELECT toUInt64(number) AS id, toDate('2026-01-01') + modulo(number, 3) AS day, toDateTime('2026-01-01 00:00:00', 'UTC') AS at, 'x' AS v, 1.5 AS amount, [1, 2] AS list FROM numbers(10)"

// entry is an index or a projection.
func entry(name, key, text string) *value.Dict { return value.DictOf("name", name, key, text) }

// events is an incremental model with config, and columns as name, codec, TTL
// and description in turn.
func (s *shop) events(columns []manifest.Column, config ...any) *manifest.Node {
	n := s.model("events", append([]any{"materialized", "incremental"}, config...)...)
	n.Columns = columns
	return n
}

// followed are the statements with which a run of the model would follow its
// config, and what it would say of it.
func (s *shop) followed(n *manifest.Node, sql string) (statements, said []string) {
	s.t.Helper()
	plan, err := s.planned(s.input(n, ""), s.always(strings.ReplaceAll(sql, "$", s.database)))
	var failure *diag.Failure
	if errors.As(err, &failure) {
		for _, d := range failure.Diagnostics {
			said = append(said, d.Severity.String()+" "+d.What)
		}
		return nil, said
	}
	require.NoError(s.t, err)
	if statement, reads := plan.Reads(); reads {
		plan, err = plan.With(s.described(statement))
		require.NoError(s.t, err)
	}
	for _, step := range plan.Steps {
		if strings.HasPrefix(step.Purpose, "follow ") {
			statements = append(statements, strings.TrimPrefix(step.Statement.SQL, "ALTER TABLE `"+s.database+"`.`"+n.Alias+"` "))
		}
	}
	for _, d := range plan.Warnings {
		said = append(said, d.Severity.String()+" "+d.What)
	}
	return statements, said
}

func (s *shop) described(st adapters.Statement) *adapters.Table {
	s.t.Helper()
	session, err := s.adapter.Session(s.t.Context())
	require.NoError(s.t, err)
	table, _, err := session.Query(s.t.Context(), st)
	require.NoError(s.t, err)
	require.NoError(s.t, session.Close())
	return table
}

// spellings are configs that a server writes in its own way.
func spellings() map[string]*manifest.Node {
	s := &shop{database: "x"}
	return map[string]*manifest.Node{
		"nothing":                 s.events(nil),
		"tuple()":                 s.events(nil, "order_by", "tuple()"),
		"a list":                  s.events(nil, "order_by", list("id", "day")),
		"a text":                  s.events(nil, "order_by", "id, day"),
		"parentheses":             s.events(nil, "order_by", "(id)", "partition_by", "(toYYYYMM(day))"),
		"two pairs":               s.events(nil, "order_by", "((id, day))"),
		"quotes":                  s.events(nil, "order_by", "`id`", "partition_by", "`day`"),
		"functions":               s.events(nil, "order_by", "cityHash64( id ),lower(v)", "partition_by", "(toMonday(day), id % 4)"),
		"operators":               s.events(nil, "order_by", "id+1, -id", "partition_by", "intDiv(id,2)"),
		"cast":                    s.events(nil, "order_by", "id::String, CAST(day AS DateTime)", "partition_by", "day::Date32"),
		"interval":                s.events(nil, "order_by", "day + INTERVAL 1 DAY", "partition_by", "toStartOfInterval(day, INTERVAL 1 week)"),
		"case":                    s.events(nil, "order_by", "case when id > 1 then 1 else 2 end"),
		"primary key":             s.events(nil, "order_by", "id, day", "primary_key", "(id)"),
		"the same primary key":    s.events(nil, "order_by", "id, day", "primary_key", "id, day"),
		"sample by":               s.events(nil, "order_by", "cityHash64(id)", "sample_by", "cityHash64(id)"),
		"comments in SQL":         s.events(nil, "order_by", "id /* the key */, day"),
		"ttl":                     s.events(nil, "ttl", "day + interval 10 YEAR"),
		"ttl delete":              s.events(nil, "ttl", "day + INTERVAL 10 YEAR DELETE"),
		"ttl where":               s.events(nil, "ttl", "day + toIntervalYear(10) delete where id = 1, day + INTERVAL 20 YEAR"),
		"ttl recompress":          s.events(nil, "ttl", "day + INTERVAL 10 year RECOMPRESS CODEC(ZSTD(9))"),
		"ttl group by":            s.events(nil, "order_by", "id", "ttl", "day + INTERVAL 10 YEAR GROUP BY id SET amount = max(amount)"),
		"ttl to disk":             s.events(nil, "ttl", "at + INTERVAL 10 YEAR TO DISK 'default'"),
		"ttl of seconds":          s.events(nil, "ttl", "at + 1000000000"),
		"settings":                s.events(nil, "settings", value.DictOf("index_granularity", int64(1024), "ttl_only_drop_parts", true, "min_bytes_for_wide_part", "'0'", "merge_with_ttl_timeout", "3600")),
		"a text setting":          s.events(nil, "settings", value.DictOf("storage_policy", "default", "ratio_of_defaults_for_sparse_serialization", 0.5)),
		"the default granularity": s.events(nil, "settings", value.DictOf("index_granularity", int64(8192))),
		"engine":                  s.events(nil, "engine", "MergeTree"),
		"replacing":               s.events(nil, "engine", "ReplacingMergeTree( at )", "order_by", "id"),
		"replacing by two":        s.events(nil, "engine", "ReplacingMergeTree(`at`)", "order_by", "id"),
		"summing":                 s.events(nil, "engine", "SummingMergeTree((amount))", "order_by", "id"),
		"collapsing":              s.events(nil, "engine", "ReplacingMergeTree()", "order_by", "id"),
		"log":                     s.events(nil, "engine", "Log"),
		"memory":                  s.events(nil, "engine", "Memory"),
		"indexes": s.events(nil, "order_by", "id", "indexes", value.NewList(
			entry("a", "definition", "v TYPE bloom_filter"), entry("b", "definition", "(v) type set( 100 ) granularity 4"), entry("c", "definition", "lower(v) TYPE tokenbf_v1(256,2,0) GRANULARITY 1"),
			entry("d e", "definition", "amount*2 TYPE minmax"), entry("f", "definition", "(id,day) TYPE minmax;"))),
		"projections": s.events(nil, "order_by", "id", "projections", value.NewList(
			entry("p", "query", "select day, sum(amount) group by day"), entry("q", "query", "(SELECT * ORDER BY v)"), entry("r", "query", "SELECT v,count() as n,max(id)+1 GROUP BY v -- all"))),
		"codecs": s.events([]manifest.Column{
			{Name: "id", Codec: "Delta, ZSTD"}, {Name: "day", Codec: "CODEC(DoubleDelta, LZ4)"}, {Name: "v", Codec: "ZSTD(3)"}, {Name: "amount", Codec: "Gorilla,LZ4HC"}, {Name: "list", Codec: "NONE"}, {Name: "at", Codec: "T64"},
		}),
		"ttl of columns": s.events([]manifest.Column{{Name: "v", TTL: "day + INTERVAL 10 YEAR"}, {Name: "amount", TTL: "at+toIntervalYear(9)", Codec: "ZSTD"}}),
		"comments": telling(s.events([]manifest.Column{{Name: "id", Description: "it's a \\ key\nof `two` lines"}, {Name: "v", Description: ""}},
			"persist_docs", value.DictOf("relation", true, "columns", true)), "All \"events\".\n\n- one: 'x'\t\\n"),
		"undescribed":      s.events([]manifest.Column{{Name: "id"}}, "persist_docs", value.DictOf("relation", true, "columns", true)),
		"constraints":      constrained(s.events(nil), "id >= 0 and v != ''", "length(v) < 100"),
		"delete+insert":    s.events(nil, "unique_key", "id", "order_by", "id", "partition_by", "day", "projections", value.NewList(entry("p", "query", "SELECT day, sum(amount) GROUP BY day"))),
		"insert_overwrite": s.events(nil, "incremental_strategy", "insert_overwrite", "partition_by", "toYYYYMM(day)", "ttl", "day + INTERVAL 30 YEAR"),
	}
}

func telling(n *manifest.Node, text string) *manifest.Node {
	n.Description = text
	return n
}

func constrained(n *manifest.Node, expressions ...string) *manifest.Node {
	for i, e := range expressions {
		n.Constraints = append(n.Constraints, manifest.Constraint{Type: "check", Name: fmt.Sprintf("c%d", i), Expression: e})
	}
	return n
}

// A table that was built as the config says is as the config says, whatever
// way the server has of writing it.
func TestNoDriftWhereNothingChanged(t *testing.T) {
	for name, n := range spellings() {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			n.Schema = s.database
			s.mustAdd(n, events)
			statements, said := s.followed(n, events)
			require.Empty(t, statements)
			require.Empty(t, said)
		})
	}
}

// What is changed in the config is changed in the table, by the next run, and
// then it is so; what cannot be changed is told.
func TestDriftIsFollowed(t *testing.T) {
	all := spellings()
	// What tables cannot get or lose once they are there.
	fixed := []string{"ORDER BY", "PARTITION BY", "PRIMARY KEY", "SAMPLE BY", "engine", "index_granularity", "storage_policy"}
	for _, pair := range [][2]string{
		{"nothing", "ttl"}, {"ttl", "ttl where"}, {"ttl where", "nothing"}, {"nothing", "settings"}, {"settings", "a text setting"}, {"settings", "nothing"},
		{"codecs", "nothing"}, {"nothing", "codecs"}, {"codecs", "ttl of columns"}, {"ttl of columns", "codecs"}, {"nothing", "indexes"}, {"nothing", "projections"},
		{"nothing", "comments"}, {"comments", "undescribed"}, {"nothing", "constraints"}, {"constraints", "nothing"}, {"a list", "primary key"}, {"nothing", "insert_overwrite"},
		{"delete+insert", "indexes"}, {"indexes", "projections"}, {"ttl", "ttl recompress"}, {"summing", "summing"}, {"nothing", "functions"}, {"ttl", "delete+insert"},
	} {
		t.Run(pair[0]+" becomes "+pair[1], func(t *testing.T) {
			s := newShop(t)
			from, to := all[pair[0]], all[pair[1]]
			from.Schema, to.Schema = s.database, s.database
			s.mustAdd(from, events)
			s.mustAdd(to, events)
			statements, said := s.followed(to, events)
			require.Empty(t, statements)
			for _, text := range said {
				require.True(t, slices.ContainsFunc(fixed, func(f string) bool { return strings.Contains(text, f) }), text)
			}
			s.mustAdd(to, events)
			require.Equal(t, []string{"events"}, s.tables())
		})
	}
}

func TestDriftStatements(t *testing.T) {
	indexes := func(definition string) []any {
		return []any{"order_by", "id", "indexes", value.NewList(entry("i", "definition", definition))}
	}
	for name, c := range map[string]struct {
		from, to   []any
		statements []string
		said       []string
	}{
		"setting":       {nil, []any{"settings", value.DictOf("ttl_only_drop_parts", true)}, []string{"MODIFY SETTING ttl_only_drop_parts = 1"}, nil},
		"fixed setting": {nil, []any{"settings", value.DictOf("index_granularity", int64(1024))}, nil, []string{"warning events: `$`.`events` is not as the config says: setting index_granularity is 8192 instead of 1024"}},
		"index":         {indexes("v TYPE minmax"), indexes("v TYPE set(5)"), []string{"DROP INDEX IF EXISTS i, ADD INDEX IF NOT EXISTS i v TYPE set(5) GRANULARITY 1"}, nil},
		"no index":      {indexes("v TYPE minmax"), []any{"order_by", "id", "indexes", value.NewList()}, []string{"DROP INDEX IF EXISTS i"}, nil},
		"unsaid index":  {indexes("v TYPE minmax"), []any{"order_by", "id"}, nil, nil},
		"keys": {[]any{"order_by", "id"}, []any{"order_by", "day", "partition_by", "day"}, nil, []string{
			"warning events: `$`.`events` is not as the config says: ORDER BY is id instead of day", "warning events: `$`.`events` is not as the config says: PARTITION BY is not set instead of day",
		}},
		"engine": {[]any{"order_by", "id"}, []any{"order_by", "id", "engine", "ReplacingMergeTree(at)"}, nil, []string{"error events: `$`.`events` has the engine MergeTree, and the config asks for ReplacingMergeTree"}},
		"engine's arguments": {[]any{"order_by", "id", "engine", "ReplacingMergeTree"}, []any{"order_by", "id", "engine", "ReplacingMergeTree(at)"}, nil, []string{
			"warning events: `$`.`events` is not as the config says: the engine is ReplacingMergeTree instead of ReplacingMergeTree(at)",
		}},
		"continue":          {nil, []any{"ttl", "day + INTERVAL 9 YEAR", "on_configuration_change", "continue"}, nil, nil},
		"by its short name": {nil, []any{"ttl", "day + INTERVAL 9 YEAR", "on_configuration_change", "apply", "on_config_change", "continue"}, nil, nil},
		"fail":              {nil, []any{"ttl", "day + INTERVAL 9 YEAR", "on_configuration_change", "fail"}, nil, []string{"error events: `$`.`events` is not as the config says: TTL is not set instead of day + toIntervalYear(9)"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.mustAdd(s.events(nil, c.from...), events)
			statements, said := s.followed(s.events(nil, c.to...), events)
			require.Equal(t, c.statements, statements)
			for i := range said {
				said[i] = strings.ReplaceAll(said[i], s.database, "$")
			}
			require.Equal(t, c.said, said)
		})
	}
}

// A column that on_schema_change adds can be sorted by, from the statement on
// that adds it.
func TestNewColumnIsSortedBy(t *testing.T) {
	s := newShop(t)
	s.mustAdd(s.events(nil, "order_by", "id", "unique_key", "id"), "SELECT 1::UInt64 AS id, 2 AS a")
	to := s.events(nil, "order_by", list("id", "b"), "unique_key", "id", "on_schema_change", "append_new_columns")
	statements, said := s.followed(to, "SELECT 1::UInt64 AS id, 2 AS a, 3 AS b")
	require.Equal(t, []string{"ADD COLUMN IF NOT EXISTS `b` UInt8, MODIFY ORDER BY (id, b)"}, statements)
	require.Empty(t, said)
	for range 2 {
		s.mustAdd(to, "SELECT 1::UInt64 AS id, 2 AS a, 3 AS b")
		require.Equal(t, "[[id, b id]]", fmt.Sprint(s.rows("SELECT sorting_key, primary_key FROM system.tables WHERE database = '$' AND name = 'events'")))
	}
	statements, said = s.followed(to, "SELECT 1::UInt64 AS id, 2 AS a, 3 AS b")
	require.Empty(t, statements)
	require.Empty(t, said)
}

// What breaks off between two changes is gone on with by the next run.
func TestBrokenOffChanges(t *testing.T) {
	s := newShop(t)
	s.mustAdd(s.events(nil, "order_by", "id"), events)
	to := s.events([]manifest.Column{{Name: "v", Codec: "ZSTD(5)"}}, "order_by", "id", "ttl", "day + INTERVAL 9 YEAR", "settings", value.DictOf("merge_with_ttl_timeout", int64(99)))
	all, _ := s.followed(to, events)
	require.Len(t, all, 3)
	for done := 1; done < len(all); done++ {
		// The columns are read, one change is made, and the next one is the end.
		_, err := s.add(&killer{Adapter: s.adapter, at: 3, dead: true}, to, s.always(events), false)
		require.ErrorIs(t, err, errKilled)
		left, _ := s.followed(to, events)
		require.Len(t, left, len(all)-done)
	}
	s.mustAdd(to, events)
}

// Of a snapshot, too.
func TestSnapshotFollowsConfig(t *testing.T) {
	s := newShop(t)
	s.customers("(1, 'eu', 'a', '2026-01-01 00:00:00')")
	require.NoError(t, s.take(s.adapter, s.history("unique_key", "id", "strategy", "timestamp", "updated_at", "at"), customers, 1))
	n := s.history("unique_key", "id", "strategy", "timestamp", "updated_at", "at", "settings", value.DictOf("merge_with_ttl_timeout", int64(7)), "order_by", "id")
	statements, said := s.followed(n, customers)
	require.Equal(t, []string{"MODIFY SETTING merge_with_ttl_timeout = 7"}, statements)
	require.Equal(t, []string{"warning history: `" + s.database + "`.`history` is not as the config says: ORDER BY is tuple() instead of id"}, said)
	require.NoError(t, s.take(s.adapter, n, customers, 2))
	statements, _ = s.followed(n, customers)
	require.Empty(t, statements)
}

// A run that dies at any statement leaves no table whose TTL has changed and whose
// parts do not follow.
func TestTTLIsNotHalfChanged(t *testing.T) {
	s := newShop(t)
	const all = "SELECT number AS id, today() - number AS day FROM numbers(10)"
	s.mustAdd(s.model("events", "materialized", "incremental", "order_by", "id"), all)
	n := s.model("events", "materialized", "incremental", "order_by", "id", "ttl", "day + toIntervalDay(100)")
	mutations := func() string {
		return fmt.Sprint(s.rows("SELECT command FROM system.mutations WHERE database = '$' AND table = 'events'"))
	}
	changed := false
	for at := 1; !changed; at++ {
		require.Equal(t, "[]", mutations(), "before statement %d", at)
		_, err := s.add(&killer{Adapter: s.adapter, at: at, after: true, dead: true}, n, s.always(all), false)
		require.ErrorIs(t, err, errKilled)
		changed = strings.Contains(fmt.Sprint(s.rows("SELECT create_table_query FROM system.tables WHERE database = '$' AND name = 'events'")), "TTL")
	}
	require.Equal(t, "[[(MATERIALIZE TTL)]]", mutations())
	s.mustAdd(n, all)
	require.Equal(t, "[[(MATERIALIZE TTL)]]", mutations(), "and once only")
}
