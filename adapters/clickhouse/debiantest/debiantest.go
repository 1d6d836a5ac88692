// Package debiantest gives tests an old ClickHouse: the 18.16 server that
// Debian ships as clickhouse-server.
//
// Its main function is Server. The package refuses to skip in silence: where
// the server is not installed a test fails, unless CHMOD_SKIP_OLD_SERVER says
// why there is none. The server needs the package clickhouse-server alone,
// installed with --no-install-recommends; no service of it has to run.
package debiantest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chmod-sql/chmod/adapters/bed/folder"
)

// skipVariable holds the reason why a machine has no old server.
const skipVariable = "CHMOD_SKIP_OLD_SERVER"

// patience bounds the server's start and end.
const patience = 30 * time.Second

// Old is a running server, for one test binary.
type Old struct {
	Addr     string // host:port of the native protocol
	HTTPAddr string // host:port of HTTP
	User     string
	Password string
	// ReadOnly is a user who may not change settings, with ReadOnlyPassword.
	ReadOnly         string
	ReadOnlyPassword string
}

var shared struct {
	mutex   sync.Mutex
	folder  *folder.Folder
	command *exec.Cmd
	ended   chan error
	old     *Old
	err     error
}

// Server is the server that all tests of the package share. It is started by
// the first call and stopped by Stop.
func Server(t testing.TB) *Old {
	t.Helper()
	shared.mutex.Lock()
	defer shared.mutex.Unlock()
	if shared.old != nil {
		return shared.old
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	binary, err := find()
	if err != nil {
		if reason := os.Getenv(skipVariable); reason != "" {
			t.Skipf("%v; skipped because %s says: %s", err, skipVariable, reason)
		}
		t.Fatalf("%v: run make bed, or say in %s why there is none", err, skipVariable)
	}
	if shared.old, shared.err = start(binary); shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.old
}

// Stop ends the shared server, if there is one. TestMain calls it after the
// tests.
func Stop() error {
	shared.mutex.Lock()
	defer shared.mutex.Unlock()
	if shared.command == nil {
		return nil
	}
	// It keeps nothing that anybody wants.
	if err := shared.command.Process.Kill(); err != nil {
		return fmt.Errorf("stop the old server: %w", err)
	}
	_ = <-shared.ended // it was killed
	shared.command, shared.old = nil, nil
	return shared.folder.Remove()
}

// find looks for the server where Debian puts it, and then elsewhere.
func find() (string, error) {
	for _, name := range []string{"/usr/sbin/clickhouse-server", "clickhouse-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("Debian's clickhouse-server is not installed") //nolint:staticcheck // a name
}

// start starts the server. Its ports were free a moment ago; when another
// process was faster it tries others.
func start(binary string) (*Old, error) {
	var old *Old
	var err error
	for range 5 {
		if old, err = startOnce(binary); err == nil {
			return old, nil
		}
	}
	return nil, err
}

func startOnce(binary string) (_ *Old, err error) {
	own, err := folder.New("", "chmod-old-server-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, own.Remove())
		}
	}()
	dir := own.Path
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	old := &Old{
		Addr: address(ports[0]), HTTPAddr: address(ports[1]),
		User: "tester", Password: "it's a secret", ReadOnly: "reader", ReadOnlyPassword: "reader",
	}
	if err := configure(dir, ports, old); err != nil {
		return nil, err
	}
	output := new(bytes.Buffer)
	command := exec.Command(binary, "--config-file="+filepath.Join(dir, "config.xml"))
	command.Dir, command.Stdout, command.Stderr = dir, output, output
	command.SysProcAttr = dieWithParent()
	if err := command.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	shared.folder, shared.command, shared.ended = own, command, ended
	if err := untilUp(old.HTTPAddr, ended); err != nil {
		// It may have ended by itself.
		_ = command.Process.Kill()
		return nil, fmt.Errorf("start the old server: %w: %s", err, output)
	}
	return old, nil
}

func untilUp(address string, ended chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for ctx.Err() == nil {
		select {
		case err := <-ended:
			ended <- err
			return fmt.Errorf("it ended: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/ping", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue // not yet
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil && string(body) == "Ok.\n" {
			return nil
		}
	}
	return ctx.Err()
}

// freePorts are ports that nobody listens on.
func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
