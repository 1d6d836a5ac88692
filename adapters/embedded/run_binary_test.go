package embedded_test

import (
	"encoding/xml"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

// clickhouseProcess makes the test binary a stand-in for a clickhouse binary:
// what is tested with it is the supervision, not ClickHouse.
const clickhouseProcess = "__clickhouse"

// beClickHouse listens on the ports in its configuration until it is told to
// stop. A file named "refuse" beside its log makes it fail.
func beClickHouse(args []string) int {
	if slices.Contains(args, "--version") {
		fmt.Println("ClickHouse server version 26.7.1.5 (official build).")
		return 0
	}
	path := strings.TrimPrefix(args[1], "--config-file=")
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var config struct {
		TCP    string `xml:"tcp_port"`
		HTTP   string `xml:"http_port"`
		Logger struct {
			Log string `xml:"log"`
		} `xml:"logger"`
	}
	if err := xml.Unmarshal(text, &config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(config.Logger.Log), "refuse")); err == nil {
		fmt.Fprintln(os.Stderr, "Address already in use")
		return 210
	}
	for _, port := range []string{config.TCP, config.HTTP} {
		if port == "" {
			continue
		}
		if _, err := net.Listen("tcp", "127.0.0.1:"+port); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	select {} // SIGTERM ends it
}

func fakeClickHouse(t *testing.T) embedded.Engine {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clickhouse")
	script := "#!/bin/sh\nexec '" + os.Args[0] + "' " + clickhouseProcess + " \"$@\"\n"
	require.NoError(t, os.WriteFile(path, []byte(script), 0o700))
	return embedded.Engine{Kind: embedded.Binary, Path: path}
}

func TestBinaryIsSupervised(t *testing.T) {
	dir := t.TempDir()
	engine := fakeClickHouse(t)
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: engine, HTTP: true})
	require.NoError(t, err)
	require.Equal(t, "26.7.1.5", server.Version)
	for _, addr := range []string{server.Addr, server.HTTPAddr} {
		connection, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		require.NoError(t, connection.Close())
	}
	_, err = embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: engine})
	var inUse *embedded.InUse
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, server.PID, inUse.PID)
	requireStops(t, server)
	requireFree(t, dir)
	_, err = net.Dial("tcp", server.Addr)
	require.Error(t, err)
}

func TestBinaryThatEndsIsAnErrorWithItsMessage(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "logs"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "logs", "refuse"), nil, 0o600))
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: fakeClickHouse(t)})
	require.ErrorContains(t, err, "ended on its own")
	require.ErrorContains(t, err, "Address already in use")
}

func TestBinaryEndsWithItsSupervisor(t *testing.T) {
	dir := t.TempDir()
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Engine: fakeClickHouse(t)})
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(server.PID, syscall.SIGKILL))
	<-server.Done()
	require.Error(t, server.Err())
	requireFree(t, dir)
}
