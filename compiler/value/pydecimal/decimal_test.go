package pydecimal_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pydecimal"
)

func decimal(t *testing.T, text string) *pydecimal.Decimal {
	t.Helper()
	d, ok := pydecimal.Parse(text)
	require.True(t, ok, text)
	return d
}

func TestDecimalsPrintAsInPython(t *testing.T) {
	for text, want := range map[string]string{
		"12.340": "12.34", "100": "100", "100.00": "100", "-0.5": "-0.5", "0.000": "0", "0.000001": "0.000001",
		"0.0000001": "1E-7", "-0.00000012": "-1.2E-7", "12345678901234567890123456789.5": "12345678901234567890123456789.5",
	} {
		require.Equal(t, want, value.Str(decimal(t, text)), text)
		require.Equal(t, "Decimal('"+want+"')", value.Repr(decimal(t, text)))
	}
	for _, text := range []string{"", "a", "1.2.3", "1.-2", "1e5", "nan"} {
		_, ok := pydecimal.Parse(text)
		require.False(t, ok, text)
	}
}

// What Python 3.11 answers with its default context.
func TestDecimalsCompute(t *testing.T) {
	for _, c := range []struct {
		a    value.Value
		op   value.Op
		b    value.Value
		want string
	}{
		{decimal(t, "1.5"), value.OpAdd, int64(1), "2.5"},
		{int64(1), value.OpSub, decimal(t, "1.5"), "-0.5"},
		{decimal(t, "1.5"), value.OpMul, decimal(t, "1.5"), "2.25"},
		{decimal(t, "1"), value.OpDiv, int64(3), "0.3333333333333333333333333333"},
		{decimal(t, "2"), value.OpDiv, int64(3), "0.6666666666666666666666666667"},
		{decimal(t, "-2"), value.OpDiv, int64(3), "-0.6666666666666666666666666667"},
		{decimal(t, "10"), value.OpDiv, decimal(t, "2.5"), "4"},
		{decimal(t, "12.5"), value.OpDiv, int64(5), "2.5"},
		{decimal(t, "-7.5"), value.OpFloorDiv, int64(2), "-3"},
		{decimal(t, "-7.5"), value.OpMod, int64(2), "-1.5"},
		{decimal(t, "9999999999999999999999999999"), value.OpAdd, decimal(t, "0.5"), "1.000000000000000000000000000E+28"},
		{decimal(t, "1.5"), value.OpAdd, true, "2.5"},
	} {
		got, err := value.Arithmetic(c.op, c.a, c.b)
		require.NoError(t, err)
		require.Equal(t, c.want, value.Str(got), "%s %s %s", value.Str(c.a), c.op, value.Str(c.b))
	}
	_, err := value.Arithmetic(value.OpAdd, decimal(t, "1.5"), 0.5)
	require.ErrorContains(t, err, "unsupported operand type(s) for +: 'decimal.Decimal' and 'float'")
	_, err = value.Arithmetic(value.OpDiv, decimal(t, "1.5"), int64(0))
	require.Error(t, err)
}

func TestDecimalsCompare(t *testing.T) {
	for _, c := range []struct {
		a, b value.Value
		want int
	}{
		{decimal(t, "1.5"), int64(1), 1},
		{int64(2), decimal(t, "1.5"), 1},
		{decimal(t, "0.1"), 0.1, -1}, // the float is a little more
		{decimal(t, "0.5"), 0.5, 0},
		{decimal(t, "3.0"), big.NewInt(3), 0},
	} {
		got, err := value.Compare(c.a, c.b)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%v %v", value.Str(c.a), value.Str(c.b))
		require.Equal(t, c.want == 0, value.Equal(c.a, c.b))
	}
	require.False(t, value.Equal(decimal(t, "1"), "1"))
	require.False(t, value.Truth(decimal(t, "0.00")))
	require.True(t, value.Truth(decimal(t, "0.01")))
	require.Equal(t, "-12", decimal(t, "-12.9").Integer().String())
	require.InDelta(t, -12.9, decimal(t, "-12.9").Float(), 0)
	require.Equal(t, "-1.5", value.Str(decimal(t, "1.5").Neg()))
}
