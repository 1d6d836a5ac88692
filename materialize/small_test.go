package materialize

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                      nil,
		" ; -- x\n;":                            nil,
		"SELECT 1":                              {"SELECT 1"},
		"SELECT ';' ; SELECT 2;":                {"SELECT ';'", "SELECT 2"},
		`SELECT 'it\'s;', "a;""b", ` + "`;`;x":  {`SELECT 'it\'s;', "a;""b", ` + "`;`", "x"},
		"SELECT 1 -- a;b\n; SELECT 2":           {"SELECT 1 -- a;b", "SELECT 2"},
		"/* a; /* b; */ c; */ SELECT 1; # x;\n": {"/* a; /* b; */ c; */ SELECT 1"},
		"SELECT $$a;b$$, $t$;$$;$t$; SELECT $1": {"SELECT $$a;b$$, $t$;$$;$t$", "SELECT $1"},
		"SELECT 'open; ":                        {"SELECT 'open;"},
	} {
		var got []string
		for _, p := range split(text) {
			got = append(got, p.text)
			require.Equal(t, p.text, text[p.at:p.at+len(p.text)])
		}
		require.Equal(t, want, got, text)
	}
}

func TestWithoutEnd(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1": "SELECT 1", "SELECT 1 ;\n; ": "SELECT 1", "SELECT ';' -- ;": "SELECT ';' -- ;", "SELECT 1; -- done": "SELECT 1", "": "", "SELECT 1; SELECT 2": "SELECT 1; SELECT 2",
	} {
		require.Equal(t, want, withoutEnd(text), text)
	}
}

// FuzzSplit: pieces are disjoint, in order, and nothing but white space,
// comments and semicolons is lost.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a;b", "'", "`\\", "/*", "$a$;$a$", "--\n;", "\"\"\";"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, p := range split(text) {
			require.NotEmpty(t, p.text)
			require.GreaterOrEqual(t, p.at, last)
			require.Equal(t, p.text, text[p.at:p.at+len(p.text)])
			last = p.at + len(p.text)
		}
		require.True(t, strings.HasPrefix(text, withoutEnd(text)))
	})
}

func TestStampsAreReadBack(t *testing.T) {
	inv := Invocation{ID: uuid.New(), StartedAt: time.Now(), Host: "here/1", PID: 4194304}
	for _, table := range []string{"t", "orders__chmod_x", strings.Repeat("x", 300), strings.Repeat("ä", 100), "weird name.%"} {
		for _, role := range []Role{RoleStaging, RoleOld, RoleText} {
			name := inv.stamp(role).name("shop", table)
			require.LessOrEqual(t, escapedLength(name), 206)
			base, stamp, ok := ParseStaging(name)
			require.True(t, ok, name)
			require.Equal(t, stagingBase("shop", table), base)
			require.Equal(t, inv.stamp(role), stamp)
		}
	}
	require.NotEqual(t, stagingBase("shop", strings.Repeat("x", 300)), stagingBase("shop", strings.Repeat("x", 301)))
	for _, name := range []string{"", "orders", "orders__dbt_backup", "orders__chmod_s1", inv.stamp('x').name("shop", "t"), inv.stamp(RoleOld).name("shop", ""), inv.stamp(RoleOld).name("shop", "t") + "0"} {
		_, _, ok := ParseStaging(name)
		require.False(t, ok, name)
	}
}

func FuzzParseStaging(f *testing.F) {
	f.Add(Invocation{ID: uuid.New(), StartedAt: time.Unix(1, 0), PID: 1}.stamp(RoleStaging).name("d", "t"))
	f.Fuzz(func(t *testing.T, name string) {
		if base, stamp, ok := ParseStaging(name); ok {
			require.True(t, strings.HasPrefix(name, base+stampMark))
			require.Contains(t, []Role{RoleStaging, RoleOld, RoleText}, stamp.Role)
		}
	})
}

func TestNormalType(t *testing.T) {
	for in, want := range map[string]string{
		"int": "Int32", "UInt8": "UInt8", "varchar(10)": "String", "text": "String", "BOOLEAN": "Bool", "double precision": "Float64",
		"decimal": "Decimal(10, 0)", "Decimal(10,2)": "Decimal(10, 2)", "Decimal64(3)": "Decimal(18, 3)", "numeric(5)": "Decimal(5, 0)",
		"DateTime64": "DateTime64(3)", "timestamp": "DateTime", "DateTime( 'UTC' )": "DateTime('UTC')",
		"nullable(Int8)": "nullable(Int8)", "Nullable( text )": "Nullable(String)", "LowCardinality(Nullable(String))": "LowCardinality(Nullable(String))",
		"Enum('a'=1,'b'=-2)": "Enum8('a' = 1, 'b' = -2)", "Map(String,Array(int))": "Map(String, Array(Int32))",
		"Tuple(`a` Int8, b String)": "Tuple(a Int8, b String)", "Tuple(Int8,String)": "Tuple(Int8, String)",
		"AggregateFunction(sum, UInt64)": "AggregateFunction(sum, UInt64)", "AggregateFunction(quantile(0.5), Float64)": "AggregateFunction(quantile(0.5), Float64)",
		"FixedString(3)": "FixedString(3)", "Array(": "Array(", "": "", "a b c": "a b c", "Int8)": "Int8)", "JSON": "JSON",
	} {
		require.Equal(t, want, NormalType(in), in)
	}
	require.True(t, SameType("Array( INT )", "Array(Int32)"))
	require.False(t, SameType("FixedString(3)", "String"))
	require.False(t, SameType("LowCardinality(String)", "String"))
}

// FuzzNormalType: it never panics, and what it wrote it writes again.
func FuzzNormalType(f *testing.F) {
	for _, s := range []string{"Array(Int8)", "Enum8('a\\'' = 1)", "Tuple(`x` Int, y text)", "((((", "Decimal('", "a (b) c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := NormalType(text)
		require.Equal(t, once, NormalType(once))
	})
}

func TestDataTests(t *testing.T) {
	node := func(config ...any) *manifest.Node {
		return &manifest.Node{UniqueID: "test.shop.t", Name: "t", ResourceType: manifest.Test, Config: manifest.NewConfig(value.DictOf(config...), nil)}
	}
	row := func(cells ...any) *adapters.Table { return &adapters.Table{Rows: [][]any{cells}} }
	for _, c := range []struct {
		config []any
		row    *adapters.Table
		want   TestResult
	}{
		{nil, row(uint64(0), uint8(0), uint8(0)), TestResult{TestPass, 0, ""}},
		{nil, row(uint64(1), uint8(1), uint8(1)), TestResult{TestFail, 1, "Got 1 result, configured to fail if != 0"}},
		{[]any{"severity", "warn"}, row(uint64(2), true, true), TestResult{TestWarn, 2, "Got 2 results, configured to warn if != 0"}},
		{[]any{"error_if", "> 10", "warn_if", "> 1"}, row(int64(5), uint8(1), uint8(0)), TestResult{TestWarn, 5, "Got 5 results, configured to warn if > 1"}},
		{[]any{"severity", "ERROR", "error_if", "> 10"}, row(int64(0), uint8(0), uint8(0)), TestResult{TestPass, 0, ""}},
	} {
		test, err := NewTest(node(c.config...), "SELECT 1", "")
		require.NoError(t, err)
		got, err := test.Judge(c.row)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	test, err := NewTest(node("limit", int64(5), "fail_calc", "sum(n)", "store_failures", true), "SELECT 1 AS n -- x\n;", "")
	require.NoError(t, err)
	require.Len(t, test.Warnings, 1)
	require.Equal(t, `SELECT
  sum(n) AS failures,
  sum(n) != 0 AS should_warn,
  sum(n) != 0 AS should_error
FROM (
SELECT * FROM (
SELECT 1 AS n
) LIMIT 5
) dbt_internal_test`, test.Statement.SQL)
	offset, ok := test.Step().UserOffset(7, 8)
	require.True(t, ok)
	require.Equal(t, 7, offset)
	for _, bad := range []*adapters.Table{row(nil, uint8(0), uint8(0)), row(1.5, uint8(0), uint8(0)), row(int64(1), "x", uint8(0)), row(), {}} {
		_, err := test.Judge(bad)
		require.Error(t, err)
	}
	_, err = NewTest(node("severity", "loud", "limit", "x"), "SELECT 1", "")
	var failure *diag.Failure
	require.ErrorAs(t, err, &failure)
	require.Len(t, failure.Diagnostics, 2)
}

func TestGrantsAreRead(t *testing.T) {
	got, err := ReadGrants(&adapters.Table{Rows: [][]any{{"select", "bi"}}})
	require.NoError(t, err)
	require.Equal(t, []Grant{{"SELECT", "bi"}}, got)
	_, err = ReadGrants(&adapters.Table{Rows: [][]any{{"select", uint8(1)}}})
	require.Error(t, err)
}

func TestKeyClauses(t *testing.T) {
	for _, c := range []struct {
		given any
		want  string
	}{
		{nil, ""}, {"", ""}, {"id", "id"}, {"a, b", "(a, b)"}, {"(a, b)", "(a, b)"}, {"(a), (b)", "((a), (b))"}, {"tuple()", "tuple()"},
		{"f(a, b)", "f(a, b)"}, {value.NewList("a", "f(b)"), "(a, f(b))"}, {value.NewList("a"), "a"}, {value.NewList(), ""}, {"concat(a, ')')", "concat(a, ')')"},
	} {
		p := newPlanner(Input{Node: &manifest.Node{Config: manifest.NewConfig(value.DictOf("order_by", c.given), nil)}})
		require.Equal(t, c.want, p.keyClause("order_by"))
		require.Zero(t, p.diags.Len())
	}
}

func TestSettingsOfSessions(t *testing.T) {
	old, err := adapters.ParseVersion("18.16.1")
	require.NoError(t, err)
	now, err := adapters.ParseVersion("26.7.3.1")
	require.NoError(t, err)
	require.Equal(t, map[string]any{"insert_distributed_sync": 1}, SessionSettings(adapters.Server{Version: old}, nil))
	require.Equal(t, map[string]any{"insert_distributed_sync": 1, "mutations_sync": 1, "alter_sync": 2, "x": "y"},
		SessionSettings(adapters.Server{Version: now}, map[string]any{"mutations_sync": 1, "x": "y"}))
}
