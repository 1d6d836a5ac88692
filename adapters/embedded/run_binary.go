package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

// runBinary supervises a `clickhouse server` until stop is requested. Like
// runLibrary it returns nil only then.
func runBinary(a assignment, lock *os.File, ready func(endpoint) error, stop *stop) error {
	l := layout(a.Warehouse)
	ports, err := freePorts(a.HTTP)
	if err != nil {
		return err
	}
	if a.Port != 0 {
		ports.tcp = a.Port
	}
	if err := writeConfiguration(a, ports); err != nil {
		return err
	}
	complaints, err := os.OpenFile(l.errorLog(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the engine's error log: %w", err)
	}
	defer complaints.Close()
	if err := redirect(int(complaints.Fd()), 2); err != nil {
		return fmt.Errorf("write to the engine's error log: %w", err)
	}
	server := exec.Command(a.Engine.Path, "server", "--config-file="+l.config(), "--pid-file="+l.run()+"/server.pid")
	server.Stdout, server.Stderr = complaints, complaints
	server.Dir = l.data()
	// The server has the lock open too: should this process be killed, the
	// warehouse is in use until the server is really gone.
	server.ExtraFiles = []*os.File{lock}
	server.SysProcAttr = dieWithParent()
	if err := server.Start(); err != nil {
		return fmt.Errorf("start %s server: %w", a.Engine.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	listening := make(chan endpoint, 1)
	go func() {
		if e, err := waitListening(ctx, a, ports); err == nil {
			listening <- e
		}
	}()
	var failure error
	for {
		select {
		case e := <-listening:
			if failure = ready(e); failure != nil {
				stop.request()
			}
		case err := <-ended:
			return serverEnded(err, l)
		case <-stop.requested:
			// A server that has just ended cannot be signalled, and need not be.
			_ = server.Process.Signal(syscall.SIGTERM)
			select {
			case _ = <-ended: // as it was told to
			case <-time.After(a.Grace):
				_ = server.Process.Kill()
				_ = <-ended
			}
			return failure
		}
	}
}

func serverEnded(err error, l layout) error {
	message := lastWords(l.errorLog())
	if message == "" {
		message = "no reason given, see " + l.serverLog()
	}
	if err == nil {
		return fmt.Errorf("the server ended on its own: %s", message)
	}
	return fmt.Errorf("the server ended on its own: %w: %s", err, message)
}

// freePorts finds ports that nobody listens on now. Somebody else may take one
// before the server does; it then ends with a message that says so.
func freePorts(http bool) (ports, error) {
	free := func() (int, error) {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return 0, fmt.Errorf("find a free port: %w", err)
		}
		defer listener.Close()
		return listener.Addr().(*net.TCPAddr).Port, nil
	}
	var p ports
	var err error
	if p.tcp, err = free(); err != nil || !http {
		return p, err
	}
	p.http, err = free()
	return p, err
}

// versionNumber is what `clickhouse server --version` says among other things.
var versionNumber = regexp.MustCompile(`\d+\.\d+\.\d+[.\d]*`)

// waitListening waits until the server accepts connections.
func waitListening(ctx context.Context, a assignment, ports ports) (endpoint, error) {
	e := endpoint{Addr: fmt.Sprintf("127.0.0.1:%d", ports.tcp)}
	said, err := exec.CommandContext(ctx, a.Engine.Path, "server", "--version").Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return endpoint{}, err
	}
	e.Version = string(versionNumber.Find(said))
	addrs := []string{e.Addr}
	if ports.http != 0 {
		e.HTTPAddr = fmt.Sprintf("127.0.0.1:%d", ports.http)
		addrs = append(addrs, e.HTTPAddr)
	}
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	var dialer net.Dialer
	for _, addr := range addrs {
		for {
			connection, err := dialer.DialContext(ctx, "tcp", addr)
			if err == nil {
				_ = connection.Close()
				break
			}
			select {
			case <-ctx.Done():
				return endpoint{}, ctx.Err()
			case <-ticker.C:
			}
		}
	}
	return e, nil
}
