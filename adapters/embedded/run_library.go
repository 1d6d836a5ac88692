package embedded

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// runLibrary runs the engine in this process until stop is requested. It
// returns nil only then: an engine that ends on its own is an error, though it
// says nothing itself.
//
// The engine runs two files of queries: the first starts the listeners and
// tells their ports, the second is a pipe that nobody writes to. Reading it
// costs nothing, and its end makes the engine shut down in good order.
func runLibrary(a assignment, ready func(endpoint) error, stop *stop) error {
	l := layout(a.Warehouse)
	if err := l.prepareDatabases(); err != nil {
		return err
	}
	if err := writeConfiguration(a, ports{}); err != nil {
		return err
	}
	blockRead, blockWrite, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	defer blockRead.Close()
	portsRead, portsWrite, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	if err := writeFile(l.startup(), startup(a.HTTP, deviceOf(portsWrite))); err != nil {
		return err
	}
	terminal, err := engineStandardFiles(l)
	if err != nil {
		return err
	}

	failed := make(chan error, 1)
	go func() {
		e, err := readPorts(portsRead)
		// The engine has put handlers of its own in their place.
		stop.onSignals()
		if err == nil {
			err = ready(e)
		}
		if err != nil {
			failed <- err
			stop.request()
		}
	}()
	go func() {
		<-stop.requested
		_ = blockWrite.Close()
		// Done with its files, the engine turns to the person at the terminal.
		_ = terminal.Close()
		// The engine itself waits five seconds when a client is connected.
		// Leaving at once is for its data what a crash is, which it survives.
		time.AfterFunc(a.Grace, func() {
			_ = os.Remove(l.state())
			syscall.Exit(exitStopped)
		})
	}()

	err = callLibrary(a.Engine.Path, libraryArguments(a, deviceOf(blockRead)))
	select {
	case cause := <-failed:
		return cause
	default:
	}
	if stop.isRequested() {
		return nil
	}
	message := lastWords(l.errorLog())
	switch {
	case err == nil && message == "":
		err = errors.New("no reason given, see " + l.serverLog())
	case err == nil:
		err = errors.New(message)
	}
	return fmt.Errorf("the engine ended on its own: %w", err)
}

func libraryArguments(a assignment, block string) []string {
	l := layout(a.Warehouse)
	return []string{
		"clickhouse-local",
		"--path", l.data(),
		"--config-file", l.config(),
		"--database", "default",
		"--listen_host", "127.0.0.1",
		"--tcp_port", strconv.Itoa(a.Port),
		"--http_port", "0",
		"--log-level", "information",
		// Together with a terminal on stdin: else an exception that leaves a
		// connection's thread ends the process, and a wrong password is one.
		"--interactive", "--history_file", os.DevNull, "--disable_suggestion", "--highlight", "0",
		"--queries-file", l.startup(), block,
	}
}

func startup(http bool, answer string) string {
	httpPort := "0"
	var text strings.Builder
	text.WriteString("SYSTEM START LISTEN TCP;\n")
	if http {
		text.WriteString("SYSTEM START LISTEN HTTP;\n")
		httpPort = "getServerPort('http_port')"
	}
	text.WriteString("SELECT getServerPort('tcp_port'), " + httpPort + ", version() INTO OUTFILE '" + answer +
		"' TRUNCATE FORMAT TSV;\n")
	return text.String()
}

// readPorts waits for the answer to the startup queries.
func readPorts(answer io.Reader) (endpoint, error) {
	line, err := bufio.NewReader(answer).ReadString('\n')
	if err != nil {
		return endpoint{}, fmt.Errorf("read the engine's ports: %w", err)
	}
	var tcp, http, version string
	if _, err := fmt.Sscan(line, &tcp, &http, &version); err != nil {
		return endpoint{}, fmt.Errorf("the engine's ports are %q: %w", line, err)
	}
	e := endpoint{Addr: net.JoinHostPort("127.0.0.1", tcp), Version: version}
	if http != "0" {
		e.HTTPAddr = net.JoinHostPort("127.0.0.1", http)
	}
	return e, nil
}

func deviceOf(file *os.File) string { return fmt.Sprintf("/dev/fd/%d", file.Fd()) }

// noise is what the interactive client colours its errors with, and where it
// says that it logs to.
var noise = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|(?m:^Logging \w+ to .*$)`)

// lastWords returns the end of what the engine complained about.
func lastWords(path string) string {
	const enough = 4 << 10
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if len(text) > enough {
		text = text[len(text)-enough:]
	}
	return strings.TrimSpace(noise.ReplaceAllString(string(text), ""))
}
