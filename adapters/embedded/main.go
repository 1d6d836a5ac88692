package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Exit codes of the child.
const (
	exitStopped = 0 // on request
	exitFailed  = 3 // the engine did not start, or ended on its own
	exitInUse   = 4
)

// Main is the child process: it runs the engine that the assignment on stdin
// names until it is told to stop, and returns the exit code. The main function
// calls it when the first argument is [Subcommand], with the arguments after
// it, and exits with its result at once. It takes over the process's standard
// files, signals and umask, so it can be called once; a process that has had
// the library in it ends here and does not return.
func Main(args []string) int {
	runtime.LockOSThread()
	unix.Umask(0o077)
	parent, out, err := takeStandardFiles()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chmod "+Subcommand+":", err)
		return exitFailed
	}
	reporter := reporter{out}
	if len(args) != 0 {
		reporter.send(report{Failed: "the subcommand takes its orders on stdin, not as arguments"})
		return exitFailed
	}
	decoder := json.NewDecoder(parent)
	var a assignment
	if err := decoder.Decode(&a); err != nil {
		reporter.send(report{Failed: "no assignment on stdin: " + err.Error()})
		return exitFailed
	}
	stop := newStop()
	stop.onSignals()
	if !a.Detached {
		go func() {
			// The parent writes no more; what ends is its life.
			_, _ = io.Copy(io.Discard, parent)
			stop.request()
		}()
	}
	code := reporter.end(child(a, reporter, stop))
	if a.Engine.Kind == Library {
		// Past what a race build and libc do at an exit: that runs the
		// library's destructors under its threads.
		syscall.Exit(code)
	}
	return code
}

// end reports how the engine ended, and turns it into an exit code.
func (r reporter) end(err error) int {
	var inUse *InUse
	switch {
	case errors.As(err, &inUse):
		r.send(report{InUse: &inUse.Holder})
		return exitInUse
	case err != nil:
		r.send(report{Failed: err.Error()})
		return exitFailed
	}
	return exitStopped
}

// child runs the engine in a warehouse that it holds locked.
func child(a assignment, reporter reporter, stop *stop) error {
	l := layout(a.Warehouse)
	if err := l.open(); err != nil {
		return err
	}
	self := Holder{PID: os.Getpid(), Parent: a.Parent, Started: time.Now(), Shared: a.Shared}
	// Ours, before any file of a running engine is touched: the engine's own
	// lock is taken after its configuration is read.
	lock, err := lockWarehouse(a.Warehouse, self)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := l.prepare(); err != nil {
		return err
	}
	defer os.Remove(l.state())
	ready := func(e endpoint) error {
		self.Addr = e.Addr
		if err := writeHolder(lock, self); err != nil {
			return err
		}
		if a.Shared {
			if err := writeState(a, e); err != nil {
				return err
			}
		}
		reporter.send(report{Ready: &e})
		return nil
	}
	if a.Engine.Kind == Binary {
		return runBinary(a, lock, ready, stop)
	}
	return runLibrary(a, ready, stop)
}

// takeStandardFiles moves the pipes to the parent away from 0 and 1, which the
// engine will write to and read from. Stderr stays until the engine starts.
func takeStandardFiles() (in, out *os.File, err error) {
	take := func(fd int, name string) (*os.File, error) {
		moved, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
		if err != nil {
			return nil, fmt.Errorf("move %s: %w", name, err)
		}
		return os.NewFile(uintptr(moved), name), nil
	}
	if in, err = take(0, "stdin"); err != nil {
		return nil, nil, err
	}
	if out, err = take(1, "stdout"); err != nil {
		return nil, nil, err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer null.Close()
	for fd := range 2 {
		if err := redirect(int(null.Fd()), fd); err != nil {
			return nil, nil, fmt.Errorf("redirect standard file %d: %w", fd, err)
		}
	}
	return in, out, nil
}

// stop is a request to end, made at most once.
type stop struct {
	once      sync.Once
	requested chan struct{}
}

func newStop() *stop { return &stop{requested: make(chan struct{})} }

func (s *stop) request() { s.once.Do(func() { close(s.requested) }) }

func (s *stop) isRequested() bool {
	select {
	case <-s.requested:
		return true
	default:
		return false
	}
}

// onSignals makes SIGTERM a request. SIGINT and SIGHUP are for the parent to
// decide about: a terminal sends them to everybody.
func (s *stop) onSignals() {
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		s.request()
	}()
}
