package embedded_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

// parentProcess makes the test binary a process that starts an engine, like
// chmod does, so that tests can do to it what they cannot do to themselves.
const parentProcess = "__parent"

// beParent starts an engine by the options in args[0], prints the server, then
// a line for each SIGINT, and stops the engine when its stdin ends.
func beParent(args []string) int {
	var options embedded.Options
	if err := json.Unmarshal([]byte(args[0]), &options); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, syscall.SIGINT)
	server, err := embedded.Start(context.Background(), options)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	line, err := json.Marshal(server)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(string(line))
	go func() {
		for range interrupts {
			fmt.Println("interrupted")
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := server.Release(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// parent is another process with an engine.
type parent struct {
	command *exec.Cmd
	stdin   io.Closer
	lines   *bufio.Scanner
	server  *embedded.Server
}

func startParent(t *testing.T, options embedded.Options) *parent {
	t.Helper()
	options.Engine = enginetest.Engine(t)
	options.Grace = 100 * time.Millisecond
	text, err := json.Marshal(options)
	require.NoError(t, err)
	command := exec.Command(os.Args[0], parentProcess, string(text))
	// As a shell does with a command in the foreground.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	require.NoError(t, err)
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	p := &parent{command: command, stdin: stdin, lines: bufio.NewScanner(stdout)}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = command.Wait()
	})
	require.True(t, p.lines.Scan(), "the parent said nothing")
	require.NoError(t, json.Unmarshal(p.lines.Bytes(), &p.server))
	return p
}

func TestEngineStopsWithItsParentHoweverItDies(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			p := startParent(t, embedded.Options{Dir: dir})
			requireAnswers(t, p.server)
			require.NoError(t, p.command.Process.Signal(sig))
			requireFree(t, dir)
			require.Eventually(t, func() bool {
				return syscall.Kill(p.server.PID, 0) != nil
			}, timeToEnd, tick, "the engine's process is still there")
		})
	}
}

func TestInterruptLeavesTheEngineToTheParent(t *testing.T) {
	dir := t.TempDir()
	p := startParent(t, embedded.Options{Dir: dir})
	for range 3 {
		require.NoError(t, syscall.Kill(-p.command.Process.Pid, syscall.SIGINT))
		require.True(t, p.lines.Scan())
		require.Equal(t, "interrupted", p.lines.Text())
		// Even one that somebody aims at it.
		require.NoError(t, syscall.Kill(p.server.PID, syscall.SIGINT))
		requireAnswers(t, p.server)
	}
	require.NoError(t, p.stdin.Close())
	require.NoError(t, p.command.Wait())
	requireFree(t, dir)
}

func TestDetachedEngineOutlivesItsParent(t *testing.T) {
	dir := t.TempDir()
	p := startParent(t, embedded.Options{Dir: dir, Detach: true, HTTP: true})
	require.NoError(t, p.stdin.Close())
	require.NoError(t, p.command.Wait())

	server, ok, err := embedded.Attach(dir)
	require.NoError(t, err)
	require.True(t, ok)
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	require.Equal(t, p.server.Addr, server.Addr)
	require.Equal(t, p.server.HTTPAddr, server.HTTPAddr)
	requireAnswers(t, server)

	requireStops(t, server)
	requireFree(t, dir)
	_, ok, err = embedded.Attach(dir)
	require.NoError(t, err)
	require.False(t, ok)
}
