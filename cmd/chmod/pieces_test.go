package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pieceProject has a model of six days, each of which takes a while to compute,
// and the marker that its rows have.
func pieceProject(t *testing.T, config string) string {
	t.Helper()
	project := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(project, "models"), 0o755))
	files := map[string]string{
		"dbt_project.yml": "name: shop\nvars: {marker: 0}\n",
		"models/slow.sql": "{{ config(" + config + ", order_by='id') }}\n" +
			"select number as id, toDateTime('2026-01-01 00:00:00', 'UTC') + toIntervalDay(intDiv(number, 5)) as day,\n" +
			"    (select max(m) from {{ ref('marker') }}) as m, sleepEachRow(0.05) as slept from numbers(30)\n",
		"models/marker.sql": "{{ config(materialized='table') }}\nselect {{ var('marker') }} as m\n",
	}
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(project, name), []byte(text), 0o644))
	}
	return project
}

const slowBackfill = "materialized='incremental', unique_key='id', event_time='day'"

// TestBackfillKilled ends chmod in the middle of a backfill: the same command
// computes what is missing, and nothing twice.
func TestBackfillKilled(t *testing.T) {
	t.Parallel()
	project := pieceProject(t, slowBackfill)
	server := sharedEngine(t, project)
	require.NoError(t, chmod(t, project, "run").Run())
	require.NoError(t, chmod(t, project, "run", "--select", "marker", "--vars", "{marker: 1}").Run())
	backfill := []string{"backfill", "slow", "--from", "2026-01-01", "--to", "2026-01-06", "--yes", "--parallel", "2"}

	run := start(t, project, backfill...)
	require.Eventually(t, func() bool {
		return server.value(t, "select toUInt64(count()) from system.tables where database = 'chmod' and name = 'pieces'") == uint64(1) &&
			server.value(t, "select toUInt64(count()) from chmod.pieces") != uint64(0)
	}, patience, 10*time.Millisecond, run)
	require.NoError(t, run.cmd.Process.Kill())
	run.wait(t)
	// The rows of each day are of one marker, in any case.
	require.EqualValues(t, 30, server.value(t, "select count() from shop.slow"))
	require.EqualValues(t, 1, server.value(t, "select max(n) from (select uniqExact(m) as n from shop.slow group by day)"))
	done := server.value(t, "select toUInt64(count()) from chmod.pieces where kind = 'backfill'")

	run = start(t, project, backfill...)
	require.Equal(t, 0, run.wait(t), run.String())
	require.Contains(t, run.String(), fmt.Sprintf("%d of 5 done by an earlier call", done))
	require.Contains(t, run.String(), fmt.Sprintf("%d of %d", 5-done.(uint64), 5-done.(uint64)))
	require.EqualValues(t, 30, server.value(t, "select uniqExact(id) from shop.slow"))
	require.EqualValues(t, 30, server.value(t, "select count() from shop.slow"))
	require.EqualValues(t, 25, server.value(t, "select sum(m) from shop.slow"), "the last day was not asked for")
	require.EqualValues(t, 0, server.value(t, "select count() from system.tables where name like '%\\_\\_chmod\\_%'"), "nothing is left over")
	require.EqualValues(t, 5, server.value(t, "select uniqExact(number) from chmod.pieces where last = 0"))
}

// TestBackfillInterrupted presses Ctrl-C once: what is computed is put in place,
// and no other piece is begun.
func TestBackfillInterrupted(t *testing.T) {
	t.Parallel()
	project := pieceProject(t, slowBackfill)
	server := sharedEngine(t, project)
	require.NoError(t, chmod(t, project, "run").Run())
	backfill := []string{"backfill", "slow", "--from", "2026-01-01", "--to", "2026-01-06", "--yes"}

	run := start(t, project, backfill...)
	server.waitFor(t, "INSERT INTO%2026-01-02 00:00:00%")
	require.NoError(t, run.cmd.Process.Signal(os.Interrupt))
	require.Equal(t, 1, run.wait(t))
	require.Regexp(t, `Stopped with [12] of 5 pieces done; the same command goes on with those that are not`, run.String())
	require.EqualValues(t, 0, server.value(t, "select count() from system.tables where name like '%\\_\\_chmod\\_%'"), "nothing is left over")

	run = start(t, project, backfill...)
	require.Equal(t, 0, run.wait(t), run.String())
	require.Regexp(t, `[12] of 5 done by an earlier call`, run.String())
	require.EqualValues(t, 30, server.value(t, "select count() from shop.slow"))
}

// TestChunksKilled ends chmod while it builds a table in chunks: the next run
// takes over what is done.
func TestChunksKilled(t *testing.T) {
	t.Parallel()
	project := pieceProject(t, "materialized='table', chunk_by={'column': 'day', 'size': 'day', 'begin': '2026-01-01', 'end': '2026-01-07'}")
	server := sharedEngine(t, project)
	require.NoError(t, chmod(t, project, "run", "--select", "marker").Run())

	run := start(t, project, "run", "--select", "slow")
	server.waitFor(t, "INSERT INTO%1767484800%") // the 4th
	require.NoError(t, run.cmd.Process.Kill())
	run.wait(t)

	run = start(t, project, "run", "--select", "slow", "--log-level", "debug")
	require.Equal(t, 0, run.wait(t), run.String())
	require.Regexp(t, `fill it: chunk [1234] of [1234],`, run.String())
	require.Contains(t, run.String(), "take over the table")
	require.EqualValues(t, 30, server.value(t, "select uniqExact(id) from shop.slow"))
	require.EqualValues(t, 30, server.value(t, "select count() from shop.slow"))
	require.EqualValues(t, 0, server.value(t, "select count() from system.tables where name like '%\\_\\_chmod\\_%'"), "nothing is left over")
}
