package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTwoLoadsEqualOne loads the wallet up to a day, and then what has arrived
// since: late and corrected rows, deletes and corrected rates. Its tables are
// then those that a plain recomputation gives.
func TestTwoLoadsEqualOne(t *testing.T) {
	t.Parallel()
	loaded, computed := copied(t, "wallet"), copied(t, "wallet")
	require.NoError(t, chmod(t, loaded, "build", "--quiet", "--exclude-resource-type", "test", "--vars", `{"as_of": "2026-03-20"}`).Run())
	require.NoError(t, chmod(t, loaded, "build", "--quiet").Run())
	require.NoError(t, chmod(t, computed, "build", "--quiet").Run())

	for _, name := range []string{
		"stg_payments__transactions", "fct_transactions", "mart_daily_volume", "fct_ledger_entries", "mart_customer_360",
	} {
		sum := "select count(), sum(cityHash64(*)) from {{ ref('" + name + "') }}"
		require.Equal(t, shown(t, computed, sum), shown(t, loaded, sum), name)
	}
	written := map[string]float64{}
	for _, r := range readJSON(t, filepath.Join(loaded, "target", "run_results.json"))["results"].([]any) {
		result := r.(map[string]any)
		if rows, ok := result["adapter_response"].(map[string]any)["rows_affected"].(float64); ok {
			written[result["unique_id"].(string)] = rows
		}
	}
	require.Less(t, written["model.wallet.fct_transactions"], 300.0)
	require.Less(t, written["model.wallet.mart_daily_volume"], 400.0)
	require.Equal(t, 2.0, written["snapshot.wallet.dim_customers_history"], "the end of one state, and the state after it")
}

// shown is what chmod shows for a query.
func shown(t *testing.T, project, sql string) string {
	t.Helper()
	out, err := chmod(t, project, "show", "--quiet", "--output", "json", "--inline", sql).Output()
	require.NoError(t, err)
	return string(out)
}
