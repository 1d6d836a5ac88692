package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// patience is how long anything may take that should take moments.
const patience = 30 * time.Second

// TestFirstInterruptLetsWhatRunsEnd presses Ctrl-C once during a slow model.
func TestFirstInterruptLetsWhatRunsEnd(t *testing.T) {
	t.Parallel()
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			project := slowProject(t, 3)
			server := sharedEngine(t, project)
			run := start(t, project, "run", "--threads", "1")
			server.waitFor(t, "INSERT INTO%slow%")
			require.NoError(t, run.cmd.Process.Signal(s))

			require.Equal(t, 1, run.wait(t))
			require.Contains(t, run.String(), "Interrupted: waiting for what runs to end")
			require.Contains(t, run.String(), "OK table model shop.slow")
			require.NotContains(t, run.String(), "START view model shop.after")
			require.Contains(t, run.String(), "PASS=1 WARN=0 ERROR=0 SKIP=1")
			require.Equal(t, map[string]string{"model.shop.slow": "success", "model.shop.after": "skipped"}, statuses(t, project))
			require.EqualValues(t, 30, server.value(t, "select count() from shop.slow"))
		})
	}
}

// TestSecondInterruptKillsTheQuery presses Ctrl-C twice: the statement is gone
// from the server, and the old table serves.
func TestSecondInterruptKillsTheQuery(t *testing.T) {
	t.Parallel()
	project := slowProject(t, 0)
	server := sharedEngine(t, project)
	require.NoError(t, chmod(t, project, "run").Run())
	writeSlow(t, project, 600)

	run := start(t, project, "run", "--threads", "1")
	id := server.waitFor(t, "INSERT INTO%slow%")
	require.NoError(t, run.cmd.Process.Signal(os.Interrupt))
	require.Eventually(t, func() bool { return strings.Contains(run.String(), "Press Ctrl-C again") }, patience, 10*time.Millisecond)
	require.EqualValues(t, 1, server.value(t, "select count() from system.processes where query_id = '"+id+"'"), "one Ctrl-C kills nothing")
	require.NoError(t, run.cmd.Process.Signal(os.Interrupt))

	require.Equal(t, 1, run.wait(t))
	require.Contains(t, run.String(), "Stopping the running queries on the server")
	require.Regexp(t, `SKIP table model shop\.slow \.+ \[stopped before it was done\]`, run.String())
	require.NotContains(t, run.String(), "error[")
	require.Equal(t, map[string]string{"model.shop.slow": "skipped", "model.shop.after": "skipped"}, statuses(t, project))
	require.Eventually(t, func() bool {
		return server.value(t, "select count() from system.processes where query_id = '"+id+"'") == uint64(0)
	}, patience, 50*time.Millisecond)
	_, _, err := server.session.Query(context.Background(), adapters.Statement{SQL: "system flush logs"})
	require.NoError(t, err)
	// Cancelled by the connection, or killed: whichever comes first.
	require.Contains(t, []any{int32(394), int32(735)}, server.value(t, "select max(exception_code) from system.query_log where query_id = '"+id+"'"))
	require.NotZero(t, server.value(t, "select count() from system.query_log where type = 'QueryStart' and query like 'KILL QUERY%"+id+"%'"))
	require.EqualValues(t, 1, server.value(t, "select count() from shop.slow"), "the old table serves")
	require.EqualValues(t, 0, server.value(t, "select count() from system.tables where name like '%\\_\\_chmod\\_%'"), "nothing is left over")
}

// TestInterruptOnATerminal presses the key itself: the signal goes to every
// process of the terminal, and the embedded engine must outlive it.
func TestInterruptOnATerminal(t *testing.T) {
	t.Parallel()
	project := slowProject(t, 3)
	cmd := chmod(t, project, "run", "--threads", "1")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: 100})
	require.NoError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	screen := &running{cmd: cmd}
	go screen.read(terminal)
	waitForStatement(t, project, "INSERT INTO")
	_, err = terminal.Write([]byte{3})
	require.NoError(t, err)
	require.Equal(t, 1, screen.wait(t))
	require.Equal(t, map[string]string{"model.shop.slow": "success", "model.shop.after": "skipped"}, statuses(t, project))
}

// TestKilledBuildLeavesTheOldTable ends chmod with no chance to clean up.
func TestKilledBuildLeavesTheOldTable(t *testing.T) {
	t.Parallel()
	project := slowProject(t, 0)
	require.NoError(t, chmod(t, project, "run").Run())
	writeSlow(t, project, 600)
	require.NoError(t, os.RemoveAll(filepath.Join(project, "logs")))

	run := start(t, project, "run")
	waitForStatement(t, project, "INSERT INTO")
	require.NoError(t, run.cmd.Process.Kill())
	run.wait(t)
	require.Eventually(t, func() bool {
		out, err := chmod(t, project, "engine", "status").Output()
		return err == nil && strings.Contains(string(out), "running     no")
	}, patience, 50*time.Millisecond, "the engine ends with its parent")

	tables := func() string {
		out, err := chmod(t, project, "show", "--quiet", "--inline-direct", "show tables from shop").Output()
		require.NoError(t, err)
		return string(out)
	}
	require.Contains(t, tables(), "slow__chmod_")
	out, err := chmod(t, project, "show", "--quiet", "--inline-direct", "select count() as n from shop.slow").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "| 1 |", "the old table serves")

	writeSlow(t, project, 0)
	require.NoError(t, chmod(t, project, "run").Run())
	require.NotContains(t, tables(), "__chmod_", "the next run cleans up")
}

// slowProject is a project with a table that takes about so many seconds to
// build, and a view on it.
func slowProject(t *testing.T, seconds int) string {
	t.Helper()
	project := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(project, "models"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(project, "dbt_project.yml"), []byte("name: shop\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(project, "models", "after.sql"), []byte("select * from {{ ref('slow') }}"), 0o644))
	writeSlow(t, project, seconds)
	return project
}

func writeSlow(t *testing.T, project string, seconds int) {
	t.Helper()
	sql := "{{ config(materialized='table') }}\nselect number as n from numbers(1)"
	if seconds > 0 {
		sql = "{{ config(materialized='table', query_settings={'max_block_size': 1}) }}\n" +
			"select number as n, sleepEachRow(0.1) as s from numbers(" + strconv.Itoa(10*seconds) + ")"
	}
	require.NoError(t, os.WriteFile(filepath.Join(project, "models", "slow.sql"), []byte(sql), 0o644))
}

// waitForStatement waits until a call's log tells of a statement.
func waitForStatement(t *testing.T, project, sql string) {
	t.Helper()
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(filepath.Join(project, "logs", "dbt.log"))
		return err == nil && bytes.Contains(text, []byte(sql))
	}, patience, 10*time.Millisecond)
}

// statuses are those of run_results.json.
func statuses(t *testing.T, project string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(project, "target", "run_results.json"))
	require.NoError(t, err)
	var file struct {
		Results []struct {
			UniqueID string `json:"unique_id"`
			Status   string `json:"status"`
		} `json:"results"`
	}
	require.NoError(t, json.Unmarshal(text, &file))
	out := map[string]string{}
	for _, r := range file.Results {
		out[r.UniqueID] = r.Status
	}
	return out
}

// running is a call at work and what it has written so far.
type running struct {
	cmd  *exec.Cmd
	mu   sync.Mutex
	text bytes.Buffer
}

func start(t *testing.T, project string, args ...string) *running {
	t.Helper()
	r := &running{cmd: chmod(t, project, args...)}
	r.cmd.Stdout, r.cmd.Stderr = r, r
	require.NoError(t, r.cmd.Start())
	return r
}

func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

// read collects what a terminal shows until it is gone.
func (r *running) read(from *os.File) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if _, writeErr := r.Write(buffer[:n]); err != nil || writeErr != nil {
			return
		}
	}
}

func (r *running) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// wait is the exit code; -1 after a kill.
func (r *running) wait(t *testing.T) int {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.cmd.Wait() // the exit code says it
	}()
	select {
	case <-done:
	case <-time.After(patience):
		_ = r.cmd.Process.Kill()
		t.Fatalf("still running after %s:\n%s", patience, r)
	}
	return r.cmd.ProcessState.ExitCode()
}

// joined is a shared engine, looked into from aside.
type joined struct{ session adapters.Session }

// sharedEngine starts an engine for a project that ends with the test.
func sharedEngine(t *testing.T, project string) joined {
	t.Helper()
	out, err := chmod(t, project, "engine", "start").Output()
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := chmod(t, project, "engine", "stop").Run(); err != nil {
			t.Errorf("stop the engine: %v", err)
		}
	})
	said := engineSaid.FindStringSubmatch(string(out))
	require.NotNil(t, said, string(out))
	port, err := strconv.Atoi(said[1])
	require.NoError(t, err)
	adapter, err := clickhouse.Open(context.Background(), clickhouse.Config{
		Driver: clickhouse.Native, Host: "127.0.0.1", Port: port, User: said[2], Password: said[3], Embedded: true,
	})
	require.NoError(t, err)
	session, err := adapter.Session(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, session.Close())
		require.NoError(t, adapter.Close())
	})
	return joined{session}
}

// value is the only value of a query.
func (j joined) value(t *testing.T, sql string) any {
	t.Helper()
	table, _, err := j.session.Query(context.Background(), adapters.Statement{SQL: sql})
	require.NoError(t, err)
	require.Len(t, table.Rows, 1)
	return table.Rows[0][0]
}

// waitFor waits until a statement runs and returns its id.
func (j joined) waitFor(t *testing.T, like string) string {
	t.Helper()
	var id string
	require.Eventually(t, func() bool {
		id, _ = j.value(t, "select max(query_id) from system.processes where query like '"+like+"' and query not like '%system.processes%'").(string)
		return id != ""
	}, patience, 20*time.Millisecond)
	return id
}
