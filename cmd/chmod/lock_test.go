package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLocks starts runs beside one that takes its time.
func TestLocks(t *testing.T) {
	t.Parallel()
	project := copied(t, "jaffle_shop")
	slow := filepath.Join(project, "models", "slow.sql")
	require.NoError(t, os.WriteFile(slow, []byte("{{ config(materialized='table') }} select sleepEachRow(1) as x from numbers(10) settings max_block_size = 1\n"), 0o644))
	require.NoError(t, chmod(t, project, "engine", "start").Run())
	t.Cleanup(func() { require.NoError(t, chmod(t, project, "engine", "stop").Run()) })
	require.NoError(t, chmod(t, project, "seed").Run())

	first := chmod(t, project, "run", "--select", "slow")
	require.NoError(t, first.Start())
	require.Eventually(t, func() bool {
		out, err := chmod(t, project, "locks").Output()
		return err == nil && strings.Contains(string(out), "`slow`")
	}, time.Minute, 10*time.Millisecond)

	out, err := chmod(t, project, "run", "--select", "slow", "stg_orders", "--if-locked", "skip").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "is being built by chmod run")
	require.Contains(t, string(out), "1 of 2 selected nodes are skipped")
	require.Contains(t, string(out), "PASS=1")
	out, err = chmod(t, project, "run", "--select", "slow", "--if-locked", "fail").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "nothing was done")

	out, err = chmod(t, project, "run", "--select", "slow").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "Waiting: ")
	require.NoError(t, first.Wait())
}
