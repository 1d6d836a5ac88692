package bed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is ZooKeeper or a node. Its folder is in its command line, which is
// how a process is known to be ours, whoever started it.
type process struct {
	name    string
	dir     string
	command []string

	mutex sync.Mutex
	child *child // nil for one that another process started
}

// child is a process of this one.
type child struct {
	pid  int
	gone chan struct{}
}

func (p *process) pidFile() string { return filepath.Join(p.dir, "pid") }
func (p *process) output() string  { return filepath.Join(p.dir, "output") }

// start starts the process unless it runs.
func (p *process) start(detached bool) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.pid() != 0 {
		return nil
	}
	output, err := os.OpenFile(p.output(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer output.Close()
	command := exec.Command(p.command[0], p.command[1:]...)
	command.Dir, command.Stdout, command.Stderr = p.dir, output, output
	command.SysProcAttr = apart(detached)
	if err := command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	c := &child{pid: command.Process.Pid, gone: make(chan struct{})}
	go func() {
		// How it ended is seen by who waits for it to work.
		_ = command.Wait()
		close(c.gone)
	}()
	p.child = c
	return os.WriteFile(p.pidFile(), []byte(strconv.Itoa(c.pid)), 0o600)
}

// pid is the process's id while it runs, and 0 otherwise.
func (p *process) pid() int {
	if p.child != nil {
		select {
		case <-p.child.gone:
			return 0
		default:
			// Its id is not given away before it was waited for.
			return p.child.pid
		}
	}
	text, err := os.ReadFile(p.pidFile())
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || !p.owns(pid) {
		return 0
	}
	return pid
}

// owns reports whether a process is this one: the id may be another's by now.
func (p *process) owns(pid int) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || !bytes.Contains(line, []byte(p.dir+string(filepath.Separator))) {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, found := bytes.Cut(stat, []byte(") "))
	return err == nil && found && !bytes.HasPrefix(after, []byte("Z"))
}

func (p *process) running() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.pid() != 0
}

// signal sends a signal, if there is anybody to get it.
func (p *process) signal(s syscall.Signal) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	pid := p.pid()
	if pid == 0 {
		return nil
	}
	if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("send %s to %s: %w", s, p.name, err)
	}
	return nil
}

func (p *process) terminate() error { return p.signal(syscall.SIGTERM) }

// kill ends the process at once and returns when it is gone.
func (p *process) kill() error {
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return p.untilGone(ctx)
}

// untilGone waits for the process's end. At that of ctx it is killed.
func (p *process) untilGone(ctx context.Context) error {
	p.mutex.Lock()
	c := p.child
	p.mutex.Unlock()
	var err error
	if c != nil {
		select {
		case <-c.gone:
		case <-ctx.Done():
			err = ctx.Err()
		}
	} else {
		err = until(ctx, func(context.Context) error {
			if p.running() {
				return errors.New("it runs")
			}
			return nil
		})
	}
	if err != nil {
		return errors.Join(fmt.Errorf("wait for the end of %s: %w", p.name, err), p.signal(syscall.SIGKILL))
	}
	if err := os.Remove(p.pidFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// lastWords is the end of what the process has written.
func (p *process) lastWords() string {
	const enough = 2 << 10
	text, err := os.ReadFile(p.output())
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-enough):]))
}

// until asks again and again until it is answered without an error, and gives
// up with ctx.
func until(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		err := ask(ctx)
		var final *finalError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &final):
			return final.error
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(wait):
		}
	}
}

// finalError is one that no patience helps against.
type finalError struct{ error }
