package embedded_test

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

const (
	timeToEnd = 10 * time.Second
	tick      = 5 * time.Millisecond
)

func TestStartAnswersNativeAndHTTP(t *testing.T) {
	server := enginetest.Server(t)
	version := query1[string](t, enginetest.Connect(t, server, ""), "SELECT version()")
	require.Equal(t, version, server.Version)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+server.HTTPAddr, strings.NewReader("SELECT 6 * 7"))
	require.NoError(t, err)
	request.SetBasicAuth(server.User, server.Password)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, "42\n", string(body))
}

func TestWithoutHTTPThereIsNoAddressForIt(t *testing.T) {
	server := enginetest.Start(t, embedded.Options{})
	require.Empty(t, server.HTTPAddr)
	requireAnswers(t, server)
	requireStops(t, server)
}

func TestWarehouseIsItsOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "warehouse")
	server := enginetest.Start(t, embedded.Options{Dir: dir, Shared: true})
	execute(t, enginetest.Connect(t, server, "default"), "CREATE TABLE t ENGINE = MergeTree ORDER BY n AS SELECT number AS n FROM numbers(10)")
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		// Parts come and go.
		if os.IsNotExist(err) || entry.Type() == fs.ModeSymlink {
			return nil
		}
		require.NoError(t, err)
		info, err := entry.Info()
		if os.IsNotExist(err) {
			return nil
		}
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s is open to others: %s", path, info.Mode())
		return nil
	}))
}

func TestPasswordIsNotInThePublicPartOfTheProcess(t *testing.T) {
	server := enginetest.Server(t)
	require.GreaterOrEqual(t, len(server.Password), 26)
	for _, file := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(server.PID), file))
		if os.IsNotExist(err) {
			t.Skip("this system has no /proc")
		}
		require.NoError(t, err)
		require.NotEmpty(t, text)
		require.NotContains(t, string(text), server.Password)
	}
	another := enginetest.Start(t, embedded.Options{})
	require.NotEqual(t, server.Password, another.Password)
}

func TestSecondProcessOnAWarehouseIsToldWhoHasIt(t *testing.T) {
	dir := t.TempDir()
	first := startParent(t, embedded.Options{Dir: dir})
	began := time.Now()
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: enginetest.Engine(t)})
	var inUse *embedded.InUse
	require.ErrorAs(t, err, &inUse)
	require.Less(t, time.Since(began), 2*time.Second)
	require.Equal(t, first.server.PID, inUse.PID)
	require.Equal(t, first.command.Process.Pid, inUse.Holder.Parent)
	require.Equal(t, first.server.Addr, inUse.Holder.Addr)
	require.Contains(t, err.Error(), "in use by process "+strconv.Itoa(first.command.Process.Pid))
	require.Contains(t, err.Error(), "chmod engine start")
	requireAnswers(t, first.server)
}

func TestNextProcessWaitsForTheEngineOfOneThatDied(t *testing.T) {
	dir := t.TempDir()
	killed := startParent(t, embedded.Options{Dir: dir})
	requireAnswers(t, killed.server) // and its connection, still open, keeps the engine for its grace
	require.NoError(t, killed.command.Process.Kill())
	require.Error(t, killed.command.Wait())
	next, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: enginetest.Engine(t)})
	require.NoError(t, err)
	requireAnswers(t, next)
	require.NoError(t, next.Stop(t.Context()))
}

func TestDamagedLibrary(t *testing.T) {
	engine := enginetest.Engine(t)
	if engine.Kind != embedded.Library {
		t.Skip("the engine is no library")
	}
	whole, err := os.Open(engine.Path)
	require.NoError(t, err)
	defer whole.Close()
	damaged, err := os.Create(filepath.Join(t.TempDir(), filepath.Base(engine.Path)))
	require.NoError(t, err)
	_, err = io.CopyN(damaged, whole, 1<<20)
	require.NoError(t, err)
	require.NoError(t, damaged.Close())
	dir := t.TempDir()
	_, err = embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: embedded.Engine{Kind: embedded.Library, Path: damaged.Name()}})
	require.ErrorContains(t, err, "start the engine "+damaged.Name())
	require.ErrorContains(t, err, filepath.Join(dir, "logs"))
	require.ErrorContains(t, err, "`chmod engine install` fetches it anew")
	requireFree(t, dir)
}

func TestStopDoesNotWaitForClients(t *testing.T) {
	server := enginetest.Start(t, embedded.Options{Grace: 300 * time.Millisecond})
	requireAnswers(t, server) // and its connection stays open
	busy := enginetest.Connect(t, server, "")
	ended := make(chan error, 1)
	go func() {
		ended <- busy.Exec(context.Background(), "SELECT sleepEachRow(1) FROM numbers(100) FORMAT Null SETTINGS max_block_size = 1")
	}()
	watch := enginetest.Connect(t, server, "")
	require.Eventually(t, func() bool {
		return query1[uint64](t, watch, "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(1)%'") > 1
	}, timeToEnd, tick)
	began := time.Now()
	requireStops(t, server)
	// The engine by itself waits five.
	require.Less(t, time.Since(began), 3*time.Second)
	require.Error(t, <-ended)
	<-server.Done()
	require.NoError(t, server.Err())
}

func TestEngineThatEndsOnItsOwnIsAnErrorWithItsMessage(t *testing.T) {
	t.Run("its own lock is taken", func(t *testing.T) {
		dir := t.TempDir()
		requireStops(t, enginetest.Start(t, embedded.Options{Dir: dir}))
		status, err := os.OpenFile(filepath.Join(dir, "data", "status"), os.O_CREATE|os.O_RDWR, 0o600)
		require.NoError(t, err)
		defer status.Close()
		require.NoError(t, syscall.Flock(int(status.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
		_, err = embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: enginetest.Engine(t)})
		require.ErrorContains(t, err, "ended on its own")
		require.ErrorContains(t, err, "Cannot lock file")
		requireFree(t, dir)
	})
	t.Run("its configuration is wrong", func(t *testing.T) {
		_, err := embedded.Start(t.Context(), embedded.Options{
			Dir: t.TempDir(), Engine: enginetest.Engine(t),
			Config: map[string]string{"broken.xml": "<clickhouse><oops></clickhouse>"},
		})
		require.ErrorContains(t, err, "broken.xml")
	})
	t.Run("killed", func(t *testing.T) {
		dir := t.TempDir()
		server := enginetest.Start(t, embedded.Options{Dir: dir})
		require.NoError(t, syscall.Kill(server.PID, syscall.SIGKILL))
		<-server.Done()
		require.ErrorContains(t, server.Err(), "killed")
		require.ErrorContains(t, server.Stop(t.Context()), "killed")
		requireFree(t, dir)
	})
	t.Run("no library", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "libchdb.so")
		require.NoError(t, os.WriteFile(file, []byte("not a library"), 0o700))
		_, err := embedded.Start(t.Context(), embedded.Options{
			Dir: t.TempDir(), Engine: embedded.Engine{Kind: embedded.Library, Path: file},
		})
		require.ErrorContains(t, err, "load "+file)
	})
}

func TestShutdownByAClientEndsTheEngineAndNothingElse(t *testing.T) {
	server := enginetest.Start(t, embedded.Options{})
	// The connection may end before the answer.
	_ = enginetest.Connect(t, server, "").Exec(t.Context(), "SYSTEM SHUTDOWN")
	select {
	case <-server.Done():
	case <-time.After(timeToEnd):
		t.Fatal("the engine goes on")
	}
	require.NoError(t, server.Err())
}

func TestStartHonoursItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	_, err := embedded.Start(ctx, embedded.Options{Dir: dir, Engine: enginetest.Engine(t)})
	require.ErrorIs(t, err, context.Canceled)
	requireFree(t, dir)
}

func TestWarehouseOfANewerChmodIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "version"), []byte("999\n"), 0o600))
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: enginetest.Engine(t)})
	require.ErrorContains(t, err, "upgrade chmod")
	_, err = os.Stat(filepath.Join(dir, "data"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}
