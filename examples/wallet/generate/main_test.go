package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The committed seeds are what this program writes: nobody edits them by hand.
func TestSeedsAreUpToDate(t *testing.T) {
	fresh := t.TempDir()
	require.NoError(t, write(fresh))
	var files int
	require.NoError(t, filepath.WalkDir(fresh, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(fresh, path)
		require.NoError(t, err)
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		have, err := os.ReadFile(filepath.Join("..", "seeds", name))
		require.NoError(t, err)
		require.Equal(t, string(want), string(have), "%s is stale: go run ./examples/wallet/generate", name)
		files++
		return nil
	}))
	require.Equal(t, len(newWorld().streams()), files)
}

// The simulation keeps the promises that the project's tests rely on.
func TestBalancesNeverFallBelowZero(t *testing.T) {
	w := newWorld()
	w.openMerchants()
	w.quoteRates()
	w.signUpCustomers()
	w.openAccounts()
	w.issueCards()
	w.movePayments()
	w.publishBalances()
	for _, a := range w.accounts {
		var balance int64
		for _, p := range a.postings {
			balance += p.minor
			require.GreaterOrEqual(t, balance, int64(0), "account %s at %s", a.id, p.at)
			require.False(t, p.at.After(end), "account %s posts after the quarter", a.id)
		}
	}
	require.Greater(t, len(w.accounts), 100)
	require.Greater(t, len(w.transactionChanges.changes), 2000)
}
