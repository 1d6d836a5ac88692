package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

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
