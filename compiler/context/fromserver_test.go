package context

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// shown is a Go type that only knows how to print itself, as drivers have for
// UUIDs and decimals.
type shown string

func (s shown) String() string { return string(s) }

// What dbt's templates find in a cell; the repr of each was compared with what
// dbt finds.
func TestCellsOfResults(t *testing.T) {
	noon := time.Date(2017, 1, 2, 3, 4, 5, 123456000, time.UTC)
	whole := time.Date(2017, 1, 2, 3, 4, 5, 0, time.UTC)
	three := uint8(3)
	for _, c := range []struct {
		typ  string
		in   any
		want string
	}{
		{"UInt8", uint8(1), "1"},
		{"Nullable(UInt8)", &three, "3"},
		{"Nullable(UInt8)", (*uint8)(nil), "None"},
		{"UInt64", uint64(1<<64 - 1), "18446744073709551615"},
		{"Int256", big.NewInt(7), "7"},
		{"Float32", float32(0.5), "0.5"},
		{"Bool", true, "True"},
		{"Decimal(18, 3)", shown("12.340"), "Decimal('12.34')"},
		{"Nullable(Decimal(18, 3))", shown("-0.001"), "Decimal('-0.001')"},
		{"String", "5", "'5'"},
		{"String", []byte("bytes"), "'bytes'"},
		{"LowCardinality(Nullable(String))", "a", "'a'"},
		{"FixedString(3)", "ab\x00", "'ab'"},
		{"UUID", shown("61f0c404-5cb3-11e7-907b-a6006ad3dba0"), "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'"},
		{"Date", time.Date(2017, 1, 2, 0, 0, 0, 0, time.UTC), "datetime.date(2017, 1, 2)"},
		{"Nullable(Date32)", time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), "datetime.date(1950, 1, 1)"},
		{"DateTime", whole, "datetime.datetime(2017, 1, 2, 3, 4, 5)"},
		{"Nullable(DateTime64(6))", &noon, "datetime.datetime(2017, 1, 2, 3, 4, 5, 123456)"},
		{"DateTime", whole.In(time.FixedZone("", 3600)), "datetime.datetime(2017, 1, 2, 4, 4, 5)"},
		{"DateTime('Europe/Paris')", whole, "datetime.datetime(2017, 1, 2, 4, 4, 5, tzinfo=<DstTzInfo 'Europe/Paris' CET+1:00:00 STD>)"},
		{"DateTime64(3, 'UTC')", whole, "datetime.datetime(2017, 1, 2, 3, 4, 5, tzinfo=<UTC>)"},
		{"Array(UInt8)", []uint8{1, 2}, "'[1, 2]'"},
		{"Array(String)", []string{"a", "é"}, `'["a", "\\u00e9"]'`},
		{"Array(Date)", []time.Time{whole}, `'["2017-01-02"]'`},
		{"Array(DateTime)", []time.Time{whole}, `'["2017-01-02T03:04:05"]'`},
		{"Tuple(Decimal(9, 2), Nullable(UInt8))", []any{shown("1.50"), nil}, "'[1.5, null]'"},
		{"Tuple(x UInt8, `y z` Array(Date))", map[string]any{"x": uint8(1), "y z": []string{}}, `'{"x": 1, "y z": []}'`},
		{"Map(String, UInt8)", map[string]uint8{"b": 1, "a": 2}, `'{"a": 2, "b": 1}'`},
		{"Enum8('a, (' = 1, 'b' = 2)", "a, (", "'a, ('"},
		{"SimpleAggregateFunction(max, Date)", whole, "datetime.date(2017, 1, 2)"},
	} {
		found := &Result{Columns: []ResultColumn{{Name: "x", Type: c.typ}}, Rows: [][]any{{c.in}}}
		row, ok := value.Item(table(found), int64(0))
		require.True(t, ok)
		got, ok := value.Item(row, int64(0))
		require.True(t, ok)
		require.Equal(t, c.want, value.Repr(got), "%s %v", c.typ, c.in)
	}
}
