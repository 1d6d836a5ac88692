package materialize_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/seed"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// shop is a database of the engine to build in.
type shop struct {
	t        testing.TB
	adapter  adapters.Adapter
	database string
}

func newShop(t testing.TB) *shop {
	return &shop{t: t, adapter: engine(t), database: enginetest.Database(t)}
}

// model is a model of the shop with config as names and values in turn.
func (s *shop) model(name string, config ...any) *manifest.Node {
	return &manifest.Node{
		UniqueID: "model.shop." + name, Name: name, ResourceType: manifest.Model, Schema: s.database, Alias: name,
		Config: manifest.NewConfig(value.DictOf(config...), nil), Span: source.Span{File: source.New(name+".sql", "", "")},
	}
}

// input observes the database for an invocation of its own.
func (s *shop) input(n *manifest.Node, sql string) materialize.Input {
	s.t.Helper()
	catalog, err := s.adapter.Catalog(s.t.Context(), []string{s.database})
	require.NoError(s.t, err)
	inv := materialize.Invocation{ID: uuid.New(), StartedAt: time.Now(), Host: "here", PID: os.Getpid()}
	return materialize.Input{
		Node: n, SQL: strings.ReplaceAll(sql, "$", s.database), Server: s.adapter.Server(), Invocation: inv,
		State:   materialize.Observe(catalog, materialize.Liveness{Invocation: inv, Now: time.Now()}),
		Comment: "materialize_test",
	}
}

// build plans and applies.
func (s *shop) build(n *manifest.Node, sql string) (*materialize.Result, error) {
	s.t.Helper()
	plan, err := materialize.New(s.input(n, sql))
	require.NoError(s.t, err)
	return materialize.Apply(s.t.Context(), s.adapter, plan, nil)
}

func (s *shop) rows(sql string) [][]any {
	s.t.Helper()
	return query(s.t, s.adapter, strings.ReplaceAll(sql, "$", s.database))
}

// tables are the names in the database.
func (s *shop) tables() []string {
	var names []string
	for _, r := range s.rows("SELECT name FROM system.tables WHERE database = '$' ORDER BY name") {
		names = append(names, r[0].(string))
	}
	return names
}

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

// Readers that poll while a table is rebuilt see all of the old one or all of
// the new one, never anything else.
func TestReadersSeeWholeTables(t *testing.T) {
	s := newShop(t)
	builds := []string{"table", "table", "view", "table", "view", "view", "table"}
	_, err := s.build(s.model("orders", "materialized", "table"), "SELECT 0 AS generation FROM numbers(1000)")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	wrong := make(chan string, 100)
	polls := make(chan int, 100)
	for range 3 {
		readers.Go(func() {
			session, err := s.adapter.Session(ctx)
			if err != nil {
				wrong <- err.Error()
				return
			}
			defer func() { _ = session.Close() }()
			count := 0
			for ctx.Err() == nil {
				table, _, err := session.Query(ctx, adapters.Statement{SQL: "SELECT count(), min(generation) = max(generation) FROM " + s.database + ".orders"})
				if ctx.Err() != nil {
					break
				}
				if err != nil {
					wrong <- err.Error()
				} else if got := fmt.Sprint(table.Rows); got != "[[1000 1]]" {
					wrong <- got
				}
				count++
			}
			polls <- count
		})
	}
	for i, m := range builds {
		_, err := s.build(s.model("orders", "materialized", m), fmt.Sprintf("SELECT %d AS generation FROM numbers(1000)", i+1))
		require.NoError(t, err)
	}
	stop()
	readers.Wait()
	require.Empty(t, wrong)
	total := 0
	for range 3 {
		total += <-polls
	}
	require.Greater(t, total, 10)
}

// errKilled is a statement that a test let fail.
var errKilled = errors.New("killed by the test")

// killer is an adapter whose statement number at fails, before or after it was
// sent. With dead set, nothing works any more after that: a crash.
type killer struct {
	adapters.Adapter
	at    int
	after bool
	dead  bool
	count int
}

func (k *killer) Session(ctx context.Context) (adapters.Session, error) {
	if k.dead && k.count >= k.at {
		return nil, errKilled
	}
	session, err := k.Adapter.Session(ctx)
	return &killerSession{session, k}, err
}

type killerSession struct {
	adapters.Session
	k *killer
}

// hit runs a statement unless it is the one to fail.
func (s *killerSession) hit(run func() error) error {
	s.k.count++
	switch {
	case s.k.dead && s.k.count > s.k.at:
		return errKilled
	case s.k.count != s.k.at:
		return run()
	case s.k.after:
		return errors.Join(run(), errKilled)
	}
	return errKilled
}

func (s *killerSession) Exec(ctx context.Context, st adapters.Statement) (sum adapters.Summary, err error) {
	err = s.hit(func() (err error) { sum, err = s.Session.Exec(ctx, st); return err })
	return sum, err
}

func (s *killerSession) Query(ctx context.Context, st adapters.Statement) (table *adapters.Table, sum adapters.Summary, err error) {
	err = s.hit(func() (err error) { table, sum, err = s.Session.Query(ctx, st); return err })
	return table, sum, err
}

func (s *killerSession) Insert(ctx context.Context, st adapters.Statement, columns []adapters.Column, next func() ([]any, error)) (sum adapters.Summary, err error) {
	err = s.hit(func() (err error) { sum, err = s.Session.Insert(ctx, st, columns, next); return err })
	return sum, err
}

// A failure at any statement leaves the old or the new table serving, whole,
// and nothing else behind; a crash leaves something that the next run removes.
func TestFailuresAtEveryStep(t *testing.T) {
	for _, from := range []string{"", "table", "view"} {
		for _, to := range []string{"table", "view"} {
			for _, noExchange := range []bool{false, true} {
				if from == "" && noExchange {
					continue
				}
				t.Run(fmt.Sprintf("%s to %s, renames %v", from, to, noExchange), func(t *testing.T) {
					failEverywhere(t, from, to, noExchange)
				})
			}
		}
	}
}

func failEverywhere(t *testing.T, from, to string, noExchange bool) {
	s := newShop(t)
	for at := 1; ; at++ {
		reached := false
		for _, after := range []bool{false, true} {
			for _, dead := range []bool{false, true} {
				if dead && !after {
					continue // as after the step before
				}
				exec(t, s.adapter, "DROP TABLE IF EXISTS "+s.database+".orders SYNC")
				if from != "" {
					_, err := s.build(s.model("orders", "materialized", from), "SELECT 1 AS generation FROM numbers(10)")
					require.NoError(t, err)
				}
				in := s.input(s.model("orders", "materialized", to), "SELECT 2 AS generation FROM numbers(10)")
				in.NoExchange = noExchange
				plan, err := materialize.New(in)
				require.NoError(t, err)
				if at > len(plan.Steps) {
					return
				}
				reached = true
				k := &killer{Adapter: s.adapter, at: at, after: after, dead: dead}
				_, err = materialize.Apply(t.Context(), k, plan, nil)
				require.ErrorIs(t, err, errKilled)

				where := fmt.Sprintf("step %d (%s), after %v, dead %v", at, plan.Steps[at-1].Purpose, after, dead)
				for _, name := range s.tables() {
					// Without EXCHANGE, whether the swap was done is not known
					// then, and the old table is not to be lost.
					unsure := noExchange && after && strings.Contains(name, "__chmod_o")
					require.True(t, dead || unsure || name == "orders", "%s: %s is left", where, name)
				}
				if from != "" {
					require.Contains(t, []string{"[[1 10]]", "[[2 10]]"}, fmt.Sprint(s.rows("SELECT generation, count() FROM $.orders GROUP BY generation")), where)
				}
				_, err = s.build(s.model("orders", "materialized", to), "SELECT 3 AS generation FROM numbers(10)")
				require.NoError(t, err, where)
				require.Equal(t, []string{"orders"}, s.tables(), where)
				require.Equal(t, "[[3 10]]", fmt.Sprint(s.rows("SELECT generation, count() FROM $.orders GROUP BY generation")), where)
			}
		}
		require.True(t, reached)
	}
}

// A run that is cancelled cleans up although its context has ended.
func TestCancelledBuild(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table")
	_, err := s.build(n, "SELECT 1 AS n")
	require.NoError(t, err)
	plan, err := materialize.New(s.input(n, "SELECT sleepEachRow(1) AS n FROM numbers(100) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var undone []string
	_, err = materialize.Apply(ctx, s.adapter, plan, func(e materialize.Event) {
		switch e := e.(type) {
		case materialize.StepStarted:
			if e.Step.Kind == materialize.KindInsert {
				time.AfterFunc(50*time.Millisecond, cancel)
			}
		case materialize.Undone:
			undone = append(undone, e.Statement.SQL)
			require.NoError(t, e.Err)
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, undone, 1)
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, [][]any{{uint8(1)}}, s.rows("SELECT n FROM $.orders"))
}

func TestStagingThatLosesRowsIsNotPutInPlace(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "table")
	plan, err := materialize.New(s.input(n, "SELECT number FROM numbers(10)"))
	require.NoError(t, err)
	var staging string
	_, err = materialize.Apply(t.Context(), s.adapter, plan, func(e materialize.Event) {
		if f, ok := e.(materialize.StepFinished); ok && f.Step.Kind == materialize.KindInsert {
			staging = s.tables()[0]
			exec(t, s.adapter, "TRUNCATE TABLE "+s.database+"."+staging)
		}
	})
	var check *materialize.CheckError
	require.ErrorAs(t, err, &check)
	require.Equal(t, materialize.CheckError{Want: 10, Found: 0}, *check)
	require.Empty(t, s.tables())
}

// seedOf reads a CSV file into a seed.
func (s *shop) seedOf(text string, types map[string]string) *materialize.Seed {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "s.csv")
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
	f, err := seed.Read(seed.Options{Path: "seeds/s.csv", Abs: path, Types: types})
	require.NoError(s.t, err)
	out := &materialize.Seed{Open: func() (materialize.SeedRows, error) { return f.Open() }}
	for _, c := range f.Columns {
		out.Columns = append(out.Columns, materialize.SeedColumn{
			Column: adapters.Column{Name: c.Name, Type: c.Type}, Text: c.Text, Nullable: c.Nullable, Defaults: c.Defaults,
		})
	}
	return out
}

func (s *shop) load(sd *materialize.Seed, config ...any) (*materialize.Result, error) {
	s.t.Helper()
	n := s.model("orders", config...)
	n.ResourceType = manifest.Seed
	in := s.input(n, "")
	in.Seed = sd
	plan, err := materialize.New(in)
	require.NoError(s.t, err)
	return materialize.Apply(s.t.Context(), s.adapter, plan, nil)
}

func TestSeedOfEveryType(t *testing.T) {
	s := newShop(t)
	text := "i,f,d,big,day,old,at,fine,ok,id,name,empty\n" +
		"1,2.5,0.1234567890123456789,12345678901234567890,2024-01-01,1950-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00.123Z,true,6ba7b810-9dad-11d1-80b4-00c04fd430c8,\"a,\"\"b\n\",\n" +
		",,,,,,,,,,,\n"
	result, err := s.load(s.seedOf(text, nil), "order_by", "tuple()")
	require.NoError(t, err)
	require.Equal(t, uint64(2), result.Rows)
	var types []string
	for _, r := range s.rows("SELECT name || ' ' || type FROM system.columns WHERE database = '$' ORDER BY position") {
		types = append(types, r[0].(string))
	}
	require.Equal(t, []string{
		"i Nullable(Int64)", "f Nullable(Float64)", "d Nullable(Decimal(38, 19))", "big Nullable(Decimal(38, 0))", "day Nullable(Date)", "old Nullable(Date32)",
		"at Nullable(DateTime)", "fine Nullable(DateTime64(3))", "ok Nullable(Bool)", "id Nullable(UUID)", "name Nullable(String)", "empty Nullable(String)",
	}, types)
	require.Equal(t, `1|2.5|0.1234567890123456789|12345678901234567890|2024-01-01|1950-01-01|2024-01-01 10:00:00|2024-01-01 10:00:00.123|true|6ba7b810-9dad-11d1-80b4-00c04fd430c8|a,"b
|NULL`, s.rows("SELECT arrayStringConcat([toString(i), toString(f), toString(d), toString(big), toString(day), toString(old), toString(at, 'UTC'), toString(fine, 'UTC'), toString(ok), toString(id), name, ifNull(empty, 'NULL')], '|') FROM $.orders WHERE i = 1")[0][0])
	require.Equal(t, [][]any{{uint64(1)}}, s.rows("SELECT count() FROM $.orders WHERE isNull(i) AND isNull(f) AND isNull(d) AND isNull(day) AND isNull(at) AND isNull(ok) AND isNull(id) AND isNull(name)"))
}

func TestSeedOfGivenTypes(t *testing.T) {
	s := newShop(t)
	types := map[string]string{
		"tags": "Array(String)", "m": "Tuple(String, UInt8)", "kind": "Enum8('a' = 1, 'b' = 2)", "low": "LowCardinality(Nullable(String))", "n": "UInt8",
		"code": "FixedString(3)", "ip": "IPv4", "price": "Decimal(10, 2)", "wide": "Int128", "v": "varchar(10)", "at": "DateTime64(3, 'Asia/Tokyo')", "lowday": "LowCardinality(String)",
	}
	text := "tags,m,kind,low,n,code,ip,price,wide,v,at,lowday\n" +
		"\"['x','y']\",\"('k',1)\",b,,,abc,127.0.0.1,1.239,170141183460469231731687303715884105727,x,2024-01-01 09:00:00.5,2024-01-01\n" +
		",\"('',0)\",a,q,7,def,10.0.0.1,2,1,y,2024-01-02,2024-01-01\n"
	sd := s.seedOf(text, types)
	for range 2 {
		_, err := s.load(sd, "order_by", "n")
		require.NoError(t, err)
	}
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, "['x','y'] ('k',1) b NULL 0 abc 127.0.0.1 1.23 170141183460469231731687303715884105727 x 2024-01-01 00:00:00.500 2024-01-01",
		s.rows("SELECT concat(toString(tags), ' ', toString(m), ' ', toString(kind), ' ', ifNull(low, 'NULL'), ' ', toString(n), ' ', toString(code), ' ', toString(ip), ' ', toString(price), ' ', toString(wide), ' ', v, ' ', toString(at, 'UTC'), ' ', toString(lowday)) FROM $.orders WHERE n = 0")[0][0])
	require.Equal(t, [][]any{{uint64(0), "q"}}, s.rows("SELECT length(tags), low FROM $.orders WHERE n = 7"))
}

func TestSeedWhoseServerRefusesACell(t *testing.T) {
	s := newShop(t)
	_, err := s.load(s.seedOf("n\n1\n", nil))
	require.NoError(t, err)
	_, err = s.load(s.seedOf("n,t\n1,[1]\n2,oops\n", map[string]string{"t": "Array(UInt8)"}))
	require.Error(t, err)
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, [][]any{{int64(1)}}, s.rows("SELECT n FROM $.orders"))
}

// failingRows are rows of a file that turns out to be broken.
type failingRows struct {
	n   int
	err error
}

func (r *failingRows) Next() ([]any, error) {
	if r.n++; r.n > 100_000 {
		return nil, r.err
	}
	return []any{int64(r.n)}, nil
}

func (r *failingRows) Close() error { return nil }

func TestSeedThatBreaksOffLeavesTheOldOne(t *testing.T) {
	s := newShop(t)
	_, err := s.load(s.seedOf("n\n1\n", nil))
	require.NoError(t, err)
	bad := diag.Diagnostic{Code: "bad-cell", What: "not a number"}
	_, err = s.load(&materialize.Seed{
		Columns: []materialize.SeedColumn{{Column: adapters.Column{Name: "n", Type: "Int64"}}},
		Open:    func() (materialize.SeedRows, error) { return &failingRows{err: bad}, nil },
	})
	var d diag.Diagnostic
	require.ErrorAs(t, err, &d)
	require.Equal(t, bad, d)
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, [][]any{{int64(1)}}, s.rows("SELECT n FROM $.orders"))
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
	plan := materialize.SchemaPlan(materialize.Observe(catalog, materialize.Liveness{}), s.adapter.Server(), []string{missing, s.database, missing}, "", "")
	require.Len(t, plan.Steps, 1)
	_, err = materialize.Apply(t.Context(), s.adapter, plan, nil)
	require.NoError(t, err)
	require.Equal(t, [][]any{{missing}}, s.rows("SELECT name FROM system.databases WHERE name = '$_more'"))
	exec(t, s.adapter, "DROP DATABASE "+missing)
}
