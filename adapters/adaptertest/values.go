package adaptertest

import (
	"fmt"
	"math"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

type value struct {
	sql  string
	want any
}

func testQueryTypes(t *testing.T, b *bed) {
	noon := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	checkValues(t, b, []value{
		{"toInt8(-8)", int8(-8)}, {"toInt16(-16)", int16(-16)}, {"toInt32(-32)", int32(-32)}, {"toInt64(-64)", int64(-64)},
		{"toUInt8(8)", uint8(8)}, {"toUInt16(16)", uint16(16)}, {"toUInt32(32)", uint32(32)},
		{"toUInt64(18446744073709551615)", uint64(math.MaxUint64)},
		{"toFloat32(0.5)", float32(0.5)}, {"toFloat64(-0.25)", -0.25}, {"1/0", math.Inf(1)},
		{"'Käse \\' \\\\ \\n'", "Käse ' \\ \n"}, {"toFixedString('ab', 2)", "ab"}, {"''", ""},
		{"toDate('2024-02-29')", noon.Truncate(24 * time.Hour)},
		{"toDateTime('2024-02-29 12:00:00', 'UTC')", noon},
		{"toDecimal64('12.50', 2)", decimal.RequireFromString("12.5")},
		{"toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", uuid.MustParse("61f0c404-5cb3-11e7-907b-a6006ad3dba0")},
		{"CAST('b' AS Enum8('a' = 1, 'b' = 2))", "b"},
		{"toNullable(toInt32(5))", int32(5)}, {"CAST(NULL AS Nullable(Int32))", nil}, {"CAST(NULL AS Nullable(String))", nil}, {"NULL", nil},
		{"[toUInt8(1), toUInt8(2)]", []uint8{1, 2}}, {"['a', 'b']", []string{"a", "b"}},
		{"emptyArrayUInt32()", []uint32{}},
		{"[toNullable(toInt16(1)), NULL]", []any{int16(1), nil}},
		{"[[toUInt16(300)], [toUInt16(301), toUInt16(302)]]", [][]uint16{{300}, {301, 302}}},
		{"(toUInt8(1), 'x')", []any{uint8(1), "x"}},
	})
}

func testModernTypes(t *testing.T, b *bed) {
	if !b.modern() {
		t.Skipf("server %s does not have these types", b.version.Text)
	}
	million, _ := new(big.Int).SetString("1000000000000000000000000000000", 10)
	checkValues(t, b, []value{
		{"true", true}, {"toInt128('1000000000000000000000000000000')", million},
		{"toDateTime64('2024-02-29 12:00:00.123456', 6, 'UTC')", time.Date(2024, 2, 29, 12, 0, 0, 123456000, time.UTC)},
		{"toLowCardinality('low')", "low"}, {"toLowCardinality(toNullable('low'))", "low"},
		{"CAST(NULL AS LowCardinality(Nullable(String)))", nil},
		{"toDecimal128('-1.000000001', 9)", decimal.RequireFromString("-1.000000001")},
		{"toDate32('1930-01-02')", time.Date(1930, 1, 2, 0, 0, 0, 0, time.UTC)},
		{"toIPv4('127.0.0.1')", net.ParseIP("127.0.0.1").To4()},
		{"map('a', toUInt8(1))", map[string]uint8{"a": 1}},
		{"map('a', CAST(NULL AS Nullable(Int8)))", map[string]any{"a": nil}},
		{"CAST((1, 'x') AS Tuple(n UInt8, s String))", map[string]any{"n": uint8(1), "s": "x"}},
		{"CAST(toUInt8(7) AS Variant(String, UInt8))", uint8(7)},
	})
}

func checkValues(t *testing.T, b *bed, values []value) {
	t.Helper()
	s := b.session(t)
	for _, v := range values {
		table, _, err := s.Query(t.Context(), adapters.Statement{SQL: "SELECT " + v.sql + " AS v"})
		require.NoError(t, err, v.sql)
		got := one(t, table)
		switch want := v.want.(type) {
		case time.Time:
			require.True(t, want.Equal(got.(time.Time)), "%s: %v", v.sql, got)
		case decimal.Decimal:
			require.True(t, want.Equal(got.(decimal.Decimal)), "%s: %v", v.sql, got)
		case *big.Int:
			require.Zero(t, want.Cmp(got.(*big.Int)), "%s: %v", v.sql, got)
		case net.IP:
			require.True(t, want.Equal(got.(net.IP)), "%s: %v", v.sql, got)
		default:
			require.Equal(t, v.want, got, "%s is a %T", v.sql, got)
		}
		require.Equal(t, "v", table.Columns[0].Name)
		require.NotEmpty(t, table.Columns[0].Type)
	}
}

// hostile are strings that quoting has to survive.
func hostile() []string {
	all := []string{
		"plain", "with space", "quote'quote", "''", `back\slash`, `\`, `\'`, "`", "``", "\\`", `"`, "tab\tnew\nline\rreturn",
		"zero\x00byte", "bell\a\b\f\v\x1b", "-- comment", "/* c */", "# hash", ";", "$$heredoc$$", "{name:String}", "{{ jinja }}",
		"a(b", "a)b", "a (b", "(", ")", "a,b", "?", "$1", "@p", "%s %%", "Käse", "日本語", "🦀", "\u2028", "'; DROP TABLE t; --",
		"VALUES", "FORMAT Native", "SETTINGS a=1", "select",
	}
	for c := range 128 {
		all = append(all, fmt.Sprintf("c%cc", c))
	}
	return all
}

func testLiterals(t *testing.T, b *bed) {
	s := b.session(t)
	for _, text := range append(hostile(), "", "broken \xff utf8") {
		require.Equal(t, text, one(t, queryIn(t, s, "SELECT "+adapters.Literal(text))), "%q", text)
	}
	require.Equal(t, hostile(), one(t, queryIn(t, s, "SELECT "+adapters.Literal(hostile()))))
	for _, f := range []float64{0, 1, -1, 0.1, 1e100, -1e-100, math.MaxFloat64, 2.5e-308, 123456789012, math.Inf(1), math.Inf(-1)} {
		require.Equal(t, f, one(t, queryIn(t, s, "SELECT toFloat64("+adapters.Literal(f)+")")), "%v", f)
	}
	require.True(t, math.IsNaN(one(t, queryIn(t, s, "SELECT "+adapters.Literal(math.NaN()))).(float64)))
	require.Equal(t, int64(math.MinInt64), one(t, queryIn(t, s, "SELECT toInt64("+adapters.Literal(int64(math.MinInt64))+")")))
	require.Nil(t, one(t, queryIn(t, s, "SELECT "+adapters.Literal(nil))))
}

func testIdentifiers(t *testing.T, b *bed) {
	s := b.session(t)
	for _, name := range hostile() {
		table := queryIn(t, s, "SELECT 1 AS "+adapters.QuoteIdent(name))
		require.Equal(t, name, table.Columns[0].Name, "%q", name)
	}
	for i, name := range []string{"with space", "quo'te", "back\\slash", "tick`tick", "Käse", "a.b", "dot.", "zero\x01one"} {
		r := adapters.Relation{Database: b.database, Name: name}
		execIn(t, s, fmt.Sprintf("CREATE TABLE %s (%s UInt8) ENGINE = Memory", r, adapters.QuoteIdent(name)))
		catalog, err := b.adapter.Catalog(t.Context(), []string{b.database})
		require.NoError(t, err)
		require.Len(t, catalog.Databases[b.database].Tables, i+1)
		_, ok := catalog.Table(r)
		require.True(t, ok, "%q", name)
	}
}
