package materialize_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize"
)

// What the SQL returns as another type is in the table with its value, or the
// run fails before anything is changed: never another value, and never a table
// that cannot be read.
func TestTypesChange(t *testing.T) {
	const lost, refused = "a value of column x is none of the table's type", "the SQL no longer returns the columns"
	const noName = "Unexpected value 2 in enum"
	const some = "as many rows have a value of x"
	for _, c := range []struct {
		was, is              string // expressions with types
		ignore, append, sync string // the rows then, or the error; not tried where empty
	}{
		{"5::Int32", "3000000000::Int64", lost, "5 3000000000 Int64", "5 3000000000 Int64"},
		{"5::Int64", "7::Int32", "5 7 Int64", "5 7 Int64", "5 7 Int64"},
		{"5::Int32", "NULL::Nullable(Int32)", lost, "5 - Nullable(Int32)", "5 - Nullable(Int32)"},
		{"toInt64(-1)", "7::UInt64", "-1 7 Int64", refused, some},
		{"'abc'", "7::Int32", "abc 7 String", refused, some},
		{"'12'", "7::Int32", "12 7 String", refused, "12 7 Int32"},
		{"'abc'", "7::Float64", "abc 7 String", refused, some},
		{"['abc']::Array(String)", "[7]::Array(Float32)", "['abc'] ['7'] Array(String)", refused, some},
		{"'abc'", "'{}'::JSON", "abc {} String", refused, "Cannot parse JSON"},
		{"1.5::Decimal(10, 2)", "'2.50'", "1.5 2.5 Decimal(10, 2)", "", ""},
		{"1.5::Decimal(10, 2)", "'2.555'", lost, "", ""},
		{"'2026-01-01'::DateTime('UTC')", "'2026-01-02'", "2026-01-01 00:00:00 2026-01-02 00:00:00 DateTime('UTC')", "", ""},
		{"'2026-01-01'::Date", "'2026-01-02 03:04:05'", lost, "", ""},
		{"'2026-01-01'::Date", "'1960-01-02'", lost, "", ""},
		{"'2026-01-01'::DateTime64(3, 'UTC')", "'2299-12-31'", "2026-01-01 00:00:00.000 2299-12-31 00:00:00.000 DateTime64(3, 'UTC')", "", ""},
		{"5::Int32", "'007'", "5 7 Int32", "", ""},
		{"5::UInt8", "'300'", lost, "", ""},
		{"5::Int32", "NULL::Nullable(String)", lost, "", ""},
		{"'a'::Enum8('a' = 1)", "1::Int8", "a a Enum8('a' = 1)", refused, "1 1 Int8"},
		{"1::Int8", "'a'::Enum8('a' = 1)", "1 1 Int8", refused, "a a Enum8('a' = 1)"},
		{"1.25::Decimal(10, 2)", "1.2345::Decimal(18, 4)", lost, "1.25 1.2345 Decimal(18, 4)", "1.25 1.2345 Decimal(18, 4)"},
		{"1.25::Decimal(10, 2)", "3.5::Float64", "1.25 3.5 Decimal(10, 2)", refused, "1.25 3.5 Float64"},
		{"nan::Float64", "7::Int64", "nan 7 Float64", refused, some},
		{"nan::Float64", "'8'", "nan 8 Float64", refused, "nan 8 String"},
		{"1.25::Float64", "1.15::Decimal(10, 2)", "1.25 1.15 Float64", refused, "1.25 1.15 Decimal(10, 2)"},
		{"'2026-01-01 00:00:00'::DateTime('UTC')", "'2026-01-01 00:00:00.5'::DateTime64(1, 'UTC')", lost,
			"2026-01-01 00:00:00.0 2026-01-01 00:00:00.5 DateTime64(1, 'UTC')", "2026-01-01 00:00:00.0 2026-01-01 00:00:00.5 DateTime64(1, 'UTC')"},
		{"'a'::Enum8('a' = 1)", "'b'::Enum8('a' = 1, 'b' = 2)", noName, "a b Enum8('a' = 1, 'b' = 2)", "a b Enum8('a' = 1, 'b' = 2)"},
		{"'a'::LowCardinality(String)", "NULL::Nullable(String)", lost, "a - LowCardinality(Nullable(String))", "a - Nullable(String)"},
		{"[3000000000]::Array(Int64)", "['1']::Array(String)", "[3000000000] [1] Array(Int64)", refused, "['3000000000'] ['1'] Array(String)"},
		{"[['abc']]::Array(Array(String))", "[[7]]::Array(Array(Int32))", "[['abc']] [['7']] Array(Array(String))", refused, some},
		{"map('k', 1)::Map(String, Int32)", "map('k', 3000000000)::Map(String, Int64)", lost, "{'k':1} {'k':3000000000} Map(String, Int64)", "{'k':1} {'k':3000000000} Map(String, Int64)"},
		{"tuple(1)::Tuple(a Int32)", "tuple(3000000000)::Tuple(a Int64)", lost, "(1) (3000000000) Tuple(a Int64)", "(1) (3000000000) Tuple(a Int64)"},
		{"tuple(1)::Tuple(a Int32)", "(2, 'z')::Tuple(a Int32, b String)", "(1) (2) Tuple(a Int32)", "(1,'') (2,'z') Tuple(a Int32, b String)", "(1,'') (2,'z') Tuple(a Int32, b String)"},
		{"(1, 'y')::Tuple(a Int32, b String)", "tuple(2)::Tuple(a Int32)", "(1,'y') (2,'') Tuple(a Int32, b String)", refused, "(1) (2) Tuple(a Int32)"},
	} {
		for policy, want := range map[string]string{"ignore": c.ignore, "append_new_columns": c.append, "sync_all_columns": c.sync} {
			if want == "" {
				continue
			}
			t.Run(strings.ReplaceAll(c.was+" to "+c.is+", "+policy, "/", ""), func(t *testing.T) {
				s := newShop(t)
				n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id", "on_schema_change", policy)
				s.mustAdd(n, "SELECT 1 AS id, "+c.was+" AS x")
				_, err := s.add(s.adapter, n, s.always("SELECT 2 AS id, "+c.is+" AS x"), false)
				held := s.sorted("SELECT ifNull(toString(x), '-') FROM $.orders ORDER BY id")
				if want == lost || want == noName || want == refused || want == some || strings.HasPrefix(want, "Cannot") {
					require.ErrorContains(t, err, want)
					require.Equal(t, s.sorted("SELECT toString("+c.was+")"), held, "nothing is changed")
					require.Equal(t, []string{"orders"}, s.tables())
					return
				}
				require.NoError(t, err)
				kind := fmt.Sprint(s.rows("SELECT DISTINCT replaceRegexpAll(toTypeName(x), '\\\\(\\n *', '(') FROM $.orders")[0][0])
				require.Equal(t, want, strings.Join(held, " ")+" "+strings.Join(strings.Fields(kind), " "))
			})
		}
	}
}

// What a table is sorted by keeps its type: it is said before anything is done.
func TestKeysKeepTheirTypes(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id", "on_schema_change", "sync_all_columns")
	s.mustAdd(n, "SELECT 1::Int32 AS id, 'a' AS gone")
	_, err := s.add(s.adapter, n, s.always("SELECT 1::Int64 AS id, 2 AS more"), false)
	require.ErrorContains(t, err, "a column of the keys of")
	require.Equal(t, "[[gone] [id]]", fmt.Sprint(s.rows("SELECT name FROM system.columns WHERE database = '$' AND table = 'orders' ORDER BY name")))
	s.mustAdd(n, "SELECT 1::Int8 AS id, 'a' AS gone")
}

// How a key is kept may change, as far as servers let it.
func TestKeysAreKeptOtherwise(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id", "on_schema_change", "sync_all_columns")
	s.mustAdd(n, "SELECT 'a' AS id")
	_, err := s.add(s.adapter, n, s.always("SELECT 'b'::LowCardinality(String) AS id"), false)
	require.NoError(t, err)
	require.Equal(t, "[[a LowCardinality(String)] [b LowCardinality(String)]]", fmt.Sprint(s.rows("SELECT id, toTypeName(id) FROM $.orders ORDER BY id")))
}

// A backfill looks at values, too.
func TestTypesInBackfills(t *testing.T) {
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id", "event_time", "day")
	s.mustAdd(n, "SELECT 1 AS id, 5::Int32 AS x, toDate('2026-01-01') AS day")
	for value, want := range map[string]string{"6": "", "3000000000": "a value of column x is none of the table's type Int32"} {
		in := s.input(n, "")
		in.Within = &materialize.Within{Column: "day", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
		plan, err := s.planned(in, s.always("SELECT 1 AS id, "+value+"::Int64 AS x, toDate('2026-01-01') AS day"))
		require.NoError(t, err)
		_, err = materialize.Apply(t.Context(), s.adapter, plan, nil)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
	require.Equal(t, "[[1 6]]", fmt.Sprint(s.rows("SELECT id, x FROM $.orders")))
}
