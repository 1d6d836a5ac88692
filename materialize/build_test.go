package materialize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

func TestBuildAndRebuildTable(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table", "order_by", "id")
	result, err := s.build(n, "SELECT number AS id, toString(number) AS name FROM numbers(10)")
	require.NoError(t, err)
	require.Equal(t, uint64(10), result.Rows)
	require.NotZero(t, result.Bytes)
	result, err = s.build(n, "SELECT number + 1 AS id FROM numbers(7)")
	require.NoError(t, err)
	require.Equal(t, uint64(7), result.Rows)
	require.Equal(t, [][]any{{uint64(28)}}, s.rows("SELECT sum(id) FROM $.orders"))
	require.Equal(t, []string{"orders"}, s.tables())
	for _, step := range result.Steps {
		require.NotEmpty(t, step.Summary.QueryID)
	}
}

func TestEachMaterializationBecomesEachOther(t *testing.T) {
	s := newShop(t)
	for i, m := range []string{"view", "table", "table", "view", "view", "table"} {
		_, err := s.build(s.model("orders", "materialized", m), fmt.Sprintf("SELECT %d AS n", i))
		require.NoError(t, err)
		require.Equal(t, [][]any{{uint8(i)}}, s.rows("SELECT n FROM $.orders"))
		want := map[string]string{"view": "View", "table": "MergeTree"}[m]
		require.Equal(t, [][]any{{want}}, s.rows("SELECT engine FROM system.tables WHERE database = '$'"))
	}
}

func TestViewWithEverything(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "view", "persist_docs", value.DictOf("relation", true, "columns", true),
		"query_settings", value.DictOf("join_use_nulls", int64(1)), "sql_security", "invoker")
	n.Description, n.Columns = "All 'orders'", []manifest.Column{{Name: "b", Description: "from `b`"}}
	for range 2 {
		_, err := s.build(n, "WITH 1 AS x SELECT a.n AS a, b.n AS b FROM (SELECT x AS n) a LEFT JOIN (SELECT 2 AS n) b USING (n) -- end")
		require.NoError(t, err)
	}
	require.Equal(t, [][]any{{uint64(1)}}, s.rows("SELECT count() FROM $.orders WHERE b IS NULL"))
	require.Equal(t, [][]any{{"All 'orders'"}}, s.rows("SELECT comment FROM system.tables WHERE database = '$'"))
	require.Equal(t, [][]any{{""}, {"from `b`"}}, s.rows("SELECT comment FROM system.columns WHERE database = '$' ORDER BY name"))
}

func TestTableWithEverything(t *testing.T) {
	s := newShop(t)
	entry := func(pairs ...any) *value.List { return value.NewList(value.DictOf(pairs...)) }
	n := s.model("orders", "materialized", "table", "engine", "ReplacingMergeTree(at)", "order_by", value.NewList("id", "day"), "primary_key", "id",
		"partition_by", "toYYYYMM(day)", "ttl", "day + INTERVAL 100 YEAR", "settings", value.DictOf("index_granularity", int64(1024), "deduplicate_merge_projection_mode", "rebuild"),
		"query_settings", value.DictOf("max_threads", "1"), "indexes", entry("name", "by_name", "definition", "name TYPE minmax"),
		"projections", entry("name", "days", "query", "SELECT day, count() GROUP BY day"),
		"persist_docs", value.DictOf("relation", true, "columns", true), "sql_header", "SET max_block_size = 100;")
	n.Description = "All\norders"
	n.Columns = []manifest.Column{
		{Name: "id", Codec: "Delta, ZSTD"}, {Name: "name", Description: "the name", TTL: "day + INTERVAL 1 YEAR"},
	}
	n.Constraints = []manifest.Constraint{{Type: "check", Name: "positive", Expression: "id >= 0"}}
	_, err := s.build(n, "SELECT number AS id, 'x' AS name, now() AS at, toDate('2030-01-01') AS day, getSetting('max_block_size') AS header FROM numbers(3)")
	require.NoError(t, err)
	require.Equal(t, [][]any{{uint64(3), "100"}}, s.rows("SELECT count(), toString(any(header)) FROM $.orders"))
	create := s.rows("SHOW CREATE TABLE $.orders")[0][0].(string)
	for _, want := range []string{"CODEC(Delta(8), ZSTD(1))", "INDEX by_name", "PROJECTION days", "CONSTRAINT positive", "TTL day", "COMMENT 'the name'", "PARTITION BY toYYYYMM(day)", "PRIMARY KEY id", "index_granularity = 1024"} {
		require.Contains(t, create, want)
	}
}

func TestContractIsKeptByName(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table")
	n.Contract.Enforced = true
	n.Columns = []manifest.Column{{Name: "name", DataType: "varchar(20)"}, {Name: "id", DataType: "UInt8"}}
	_, err := s.build(n, "SELECT 1 AS id, 'x' AS name")
	require.NoError(t, err)
	require.Equal(t, [][]any{{"x", uint8(1)}}, s.rows("SELECT * FROM $.orders"))

	_, err = s.build(n, "SELECT 1 AS id, 2 AS name")
	var failure *diag.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "contract-mismatch", failure.Diagnostics[0].Code)
	require.Equal(t, []string{"orders"}, s.tables())
}

func TestErrorsPointIntoTheSQL(t *testing.T) {
	s := newShop(t)
	sql := "SELECT\n  1 AS ä,\n  nope\nFROM numbers(1)"
	_, err := s.build(s.model("orders", "materialized", "table"), sql)
	var step *materialize.StepError
	require.ErrorAs(t, err, &step)
	var server *adapters.ServerError
	require.ErrorAs(t, err, &server)
	require.Equal(t, materialize.OriginSQL, step.Step.Origin.Kind)

	sql = "SELECT\n  'ä' AS a b\nFROM numbers(1)"
	_, err = s.build(s.model("orders", "materialized", "view"), sql)
	require.ErrorAs(t, err, &step)
	offset, ok := step.UserOffset()
	require.True(t, ok)
	require.Equal(t, "b\nFROM", sql[offset:offset+6])
}

func TestHooksShareTheSession(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table")
	in := s.input(n, "SELECT getSetting('max_block_size') AS size, id FROM "+"seen")
	in.PreHooks = []materialize.Hook{{SQL: "SET max_block_size = 77; CREATE TEMPORARY TABLE seen (id UInt8) AS SELECT 5", Transaction: true}}
	in.PostHooks = []materialize.Hook{{SQL: strings.ReplaceAll("INSERT INTO $.orders SELECT getSetting('max_block_size') + 1, 6;", "$", s.database)}}
	plan, err := materialize.New(in)
	require.NoError(t, err)
	_, err = materialize.Apply(t.Context(), s.adapter, plan, nil)
	require.NoError(t, err)
	require.Equal(t, "[[77 5] [78 6]]", fmt.Sprint(s.rows("SELECT toString(size), id FROM $.orders ORDER BY id")))
}

func TestSchemaPlanCreatesWhatIsMissing(t *testing.T) {
	s := newShop(t)
	missing := s.database + "_more"
	catalog, err := s.adapter.Catalog(t.Context(), []string{s.database, missing})
	require.NoError(t, err)
	plan := materialize.SchemaPlan(materialize.Observe(catalog, materialize.Liveness{}), s.adapter.Server(), materialize.Topology{}, []string{missing, s.database, missing}, "")
	require.Len(t, plan.Steps, 1)
	_, err = materialize.Apply(t.Context(), s.adapter, plan, nil)
	require.NoError(t, err)
	require.Equal(t, [][]any{{missing}}, s.rows("SELECT name FROM system.databases WHERE name = '$_more'"))
	exec(t, s.adapter, "DROP DATABASE "+missing)
}

func TestDataTestsAreJudgedByTheServer(t *testing.T) {
	s := newShop(t)
	for _, c := range []struct {
		config []any
		want   materialize.TestResult
	}{
		{nil, materialize.TestResult{Status: materialize.TestFail, Failures: 7, Message: "Got 7 results, configured to fail if != 0"}},
		{[]any{"limit", int64(3), "severity", "warn"}, materialize.TestResult{Status: materialize.TestWarn, Failures: 3, Message: "Got 3 results, configured to warn if != 0"}},
		{[]any{"fail_calc", "sum(number)", "warn_if", "> 100", "error_if", "> 1000"}, materialize.TestResult{Status: materialize.TestPass}},
	} {
		n := s.model("test", c.config...)
		n.ResourceType = manifest.Test
		test, err := materialize.NewTest(n, "SELECT number FROM numbers(7) SETTINGS max_threads = 1 -- all", "")
		require.NoError(t, err)
		session, err := s.adapter.Session(t.Context())
		require.NoError(t, err)
		table, _, err := session.Query(t.Context(), test.Statement)
		require.NoError(t, err)
		require.NoError(t, session.Close())
		got, err := test.Judge(table)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
}
