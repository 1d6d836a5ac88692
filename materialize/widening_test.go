package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWidens(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"UInt8", "UInt64", true}, {"UInt64", "UInt32", false}, {"UInt32", "Int64", true}, {"UInt64", "Int64", false}, {"Int8", "UInt64", false},
		{"Int32", "BIGINT", true}, {"UInt8", "Float32", true}, {"Int32", "Float32", false}, {"Int32", "Float64", true}, {"Int64", "Float64", false},
		{"Float32", "Float64", true}, {"Float64", "Float32", false}, {"Float64", "Int64", false}, {"Bool", "UInt8", true}, {"UInt8", "Bool", false},
		{"Int32", "Decimal(12, 2)", true}, {"Int32", "Decimal(11, 2)", false}, {"Decimal(10, 2)", "Decimal(18, 4)", true},
		{"Decimal(10, 2)", "Decimal(11, 4)", false}, {"Decimal(10, 2)", "Decimal(12, 1)", false}, {"Decimal(4, 0)", "Int32", false}, {"Decimal(4, 2)", "Float64", false},
		{"String", "Nullable(String)", true}, {"Nullable(String)", "String", false}, {"Nullable(Int8)", "Nullable(Int16)", true},
		{"String", "LowCardinality(Nullable(String))", true}, {"LowCardinality(String)", "String", true}, {"FixedString(3)", "String", false},
		{"Date", "Date32", true}, {"Date32", "Date", false}, {"Date", "DateTime", false}, {"DateTime", "DateTime64(3)", true},
		{"DateTime('UTC')", "DateTime64(3, 'UTC')", true}, {"DateTime('UTC')", "DateTime64(3)", false}, {"DateTime64(3)", "DateTime64(6)", true},
		{"DateTime64(6)", "DateTime64(3)", false}, {"DateTime64(3)", "DateTime64(9)", false}, {"DateTime64(3)", "DateTime", false},
		{"Enum8('a' = 1)", "Enum8('a' = 1, 'b' = 2)", true}, {"Enum8('a' = 1)", "Enum16('a' = 1)", true}, {"Enum8('a' = 1)", "Enum8('a' = 2, 'b' = 1)", false},
		{"Enum8('a' = 1, 'b' = 2)", "Enum8('a' = 1)", false}, {"Enum8('a' = 1)", "LowCardinality(String)", true}, {"String", "Enum8('a' = 1)", false},
		{"Array(Int8)", "Array(Nullable(Int64))", true}, {"Array(Int64)", "Array(Int8)", false}, {"Int8", "Array(Int8)", false},
		{"Map(String, Int8)", "Map(String, Int16)", true}, {"Map(Int8, Int8)", "Map(Int16, Int8)", false},
		{"Tuple(a Int8, b String)", "Tuple(a Int16, b Nullable(String))", true}, {"Tuple(a Int8)", "Tuple(b Int8)", false},
		{"Tuple(a Int8)", "Tuple(a Int8, b Int8)", false}, {"Tuple(Int8, Decimal(3, 1))", "Tuple(Int16, Decimal(4, 1))", true},
		{"Tuple(`a b` Array(Int8))", "Tuple(`a b` Array(Int16))", true}, {"UUID", "String", false}, {"JSON", "JSON", true}, {"Odd(", "Odd(", true}, {"Odd(", "Int8", false},
	} {
		require.Equal(t, c.want, widens(c.from, c.to), "%s to %s", c.from, c.to)
	}
}
