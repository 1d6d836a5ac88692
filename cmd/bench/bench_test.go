package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSmall measures everything on 20 models, beside a dbt that fails: that is
// told, and the rest is there.
func TestSmall(t *testing.T) {
	t.Setenv(asChmod, "1")
	self, err := os.Executable()
	require.NoError(t, err)
	work := t.TempDir()
	dbt := filepath.Join(work, "dbt")
	require.NoError(t, os.WriteFile(dbt, []byte("#!/bin/sh\n[ \"$1\" = --version ] && echo '  - installed: 1.11.0' && exit\necho broken >&2\nexit 3\n"), 0o755))
	page := filepath.Join(work, "page.md")
	err = run(t.Context(), []string{
		"-chmod", self, "-work", work, "-page", page, "-runs", "1", "-sizes", "20,40", "-models", "20", "-rows", "2000", "-large-rows", "4000",
		"-fact-rows", "200000", "-dbt", dbt, "-dbt2", dbt, "-dbt-sizes", "20",
	})
	text, readErr := os.ReadFile(filepath.Join(work, "report.json"))
	require.NoError(t, readErr)
	var r Report
	require.NoError(t, json.Unmarshal(text, &r))
	require.Len(t, r.Failed, 2)
	require.ErrorContains(t, err, "2 parts were not measured")
	require.Equal(t, "dbt parse on 20 models", r.Failed[0].Part)
	require.Contains(t, r.Failed[0].Error, "broken")
	require.Equal(t, "dbt-core 1.11.0", r.Dbt)
	require.Len(t, r.Sizes, 2)
	for _, s := range r.Sizes {
		for _, call := range calls {
			c, ok := s.Of(join(call))
			require.True(t, ok, call)
			require.Positive(t, c.Seconds)
			require.Positive(t, c.PeakBytes)
		}
	}
	require.Len(t, r.Builds, 4)
	require.NotNil(t, r.Builds[0].Bare)
	require.Positive(t, r.Seed.Chmod.Seconds)
	require.Positive(t, r.Seed.BareCSV.Seconds)
	require.NotNil(t, r.Seed.Large)
	require.EqualValues(t, 200, r.Loads.Least.InsertedRows)
	require.Len(t, r.Loads.All, 9)
	for _, load := range r.Loads.All {
		if load.Tool == "dbt" {
			require.Contains(t, load.Error, "broken")
			continue
		}
		require.Empty(t, load.Error, load.Strategy)
		require.GreaterOrEqual(t, load.Work.InsertedRows, uint64(100), load.Strategy)
		require.Less(t, load.Work.InsertedRows+load.Work.MutatedRows, uint64(20_000), "%s writes the fact again", load.Strategy)
	}

	shown, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, part := range []string{"## 20 models, 40 tests", "## How it grows", "## What a run adds", "## Seeds", "## Incremental loads", "## Not measured", "broken"} {
		require.Contains(t, string(shown), part)
	}
}
