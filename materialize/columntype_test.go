package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"
)

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
