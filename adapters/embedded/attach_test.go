package embedded_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestSharedEngineIsAttachedTo(t *testing.T) {
	dir := t.TempDir()
	server := enginetest.Start(t, embedded.Options{Dir: dir, Shared: true, HTTP: true})
	info, err := os.Stat(filepath.Join(dir, "engine.json"))
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())

	attached, err := embedded.Open(t.Context(), embedded.Options{Dir: dir}, embedded.Search{})
	require.NoError(t, err)
	require.True(t, attached.Attached)
	require.Equal(t, server.Addr, attached.Addr)
	require.Equal(t, server.HTTPAddr, attached.HTTPAddr)
	require.Equal(t, server.PID, attached.PID)
	require.Equal(t, server.Version, attached.Version)
	requireAnswers(t, attached)
	require.NoError(t, attached.Release(t.Context()))
	requireAnswers(t, server)

	status, err := embedded.Status(dir)
	require.NoError(t, err)
	require.True(t, status.Exists)
	require.True(t, status.Running)
	require.Equal(t, server.PID, status.Holder.PID)
	require.Equal(t, server.Addr, status.Server.Addr)

	requireStops(t, attached)
	<-server.Done()
	require.NoError(t, server.Err())
	require.NoFileExists(t, filepath.Join(dir, "engine.json"))
	require.NoError(t, attached.Stop(t.Context()), "stopping twice")
}

func TestEngineOfOneProcessIsNotShared(t *testing.T) {
	dir := t.TempDir()
	server := enginetest.Start(t, embedded.Options{Dir: dir})
	_, ok, err := embedded.Attach(dir)
	require.NoError(t, err)
	require.False(t, ok)
	_, err = embedded.Open(t.Context(), embedded.Options{Dir: dir, Engine: enginetest.Engine(t)}, embedded.Search{})
	var inUse *embedded.InUse
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, server.PID, inUse.PID)
}

func TestStateOfADeadEngineIsNotBelieved(t *testing.T) {
	dir := t.TempDir()
	dead := enginetest.Start(t, embedded.Options{Dir: dir, Shared: true})
	require.NoError(t, syscall.Kill(dead.PID, syscall.SIGKILL))
	<-dead.Done()
	require.FileExists(t, filepath.Join(dir, "engine.json"))

	_, ok, err := embedded.Attach(dir)
	require.NoError(t, err)
	require.False(t, ok)
	status, err := embedded.Status(dir)
	require.NoError(t, err)
	require.True(t, status.Exists)
	require.False(t, status.Running)

	alone := enginetest.Start(t, embedded.Options{Dir: dir})
	require.NoFileExists(t, filepath.Join(dir, "engine.json"))
	requireAnswers(t, alone)
}

func TestStatusOfNoWarehouse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "absent")
	status, err := embedded.Status(dir)
	require.NoError(t, err)
	require.Equal(t, embedded.WarehouseStatus{Dir: dir}, status)
	require.NoDirExists(t, dir)
}
