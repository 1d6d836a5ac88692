package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// DefaultGrace is how long an engine may take to stop in good order.
	DefaultGrace  = time.Second
	startPatience = 60 * time.Second
)

// Options say how an engine is started.
type Options struct {
	Dir    string // the warehouse's folder, created when absent
	Engine Engine // from [Find]

	Port        int           // of the native protocol; one that is free when 0
	HTTP        bool          // listen for HTTP too
	MemoryBytes int64         // cap of the engine's memory; half of the machine's when 0
	Grace       time.Duration // [DefaultGrace] when 0
	// Config holds overlays over the engine's configuration: file name
	// ("10-cluster.xml") to the text of a <clickhouse> document.
	Config map[string]string

	// Shared lets other processes [Attach] while the engine runs.
	Shared bool
	// Detach makes a shared engine outlive this process. It ends by Stop, or by
	// SIGTERM to its PID.
	Detach bool

	// Command runs this binary as the engine's child: its own path and
	// [Subcommand] when empty.
	Command []string
}

// Start starts an engine on a warehouse and returns when it accepts
// connections. A warehouse that is open elsewhere gives an [*InUse] at once.
// The end of ctx ends the start, not a running engine.
func Start(ctx context.Context, options Options) (*Server, error) {
	a, err := options.assignment()
	if err != nil {
		return nil, err
	}
	command := options.Command
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this binary to start the engine with: %w", err)
		}
		command = []string{self, Subcommand}
	}
	process, err := spawn(command, a)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startPatience,
		fmt.Errorf("the engine did not answer within %s, see %s", startPatience, layout(a.Warehouse).logs()))
	defer cancel()
	select {
	case first := <-process.first:
		if first.Ready == nil {
			process.kill()
			return nil, startError(a, first, process)
		}
		return process.server(a, *first.Ready), nil
	case <-ctx.Done():
		process.kill()
		return nil, fmt.Errorf("start the engine: %w", context.Cause(ctx))
	}
}

func (o Options) assignment() (assignment, error) {
	if o.Dir == "" {
		return assignment{}, errors.New("start the engine: no warehouse given")
	}
	if o.Engine.Path == "" {
		return assignment{}, errors.New("start the engine: no engine given")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return assignment{}, fmt.Errorf("start the engine: %w", err)
	}
	// It becomes part of a quoted query and of a configuration.
	if strings.ContainsAny(dir, "'\\\n") {
		return assignment{}, fmt.Errorf("start the engine: the warehouse's path %q has a quote, a backslash or a line break in it", dir)
	}
	a := assignment{
		Warehouse: dir,
		Engine:    o.Engine,
		Port:      o.Port,
		HTTP:      o.HTTP,
		Memory:    o.MemoryBytes,
		Grace:     o.Grace,
		Password:  newPassword(),
		Config:    o.Config,
		Shared:    o.Shared || o.Detach,
		Detached:  o.Detach,
		Parent:    os.Getpid(),
	}
	if a.Memory == 0 {
		a.Memory = defaultMemory()
	}
	if a.Grace == 0 {
		a.Grace = DefaultGrace
	}
	return a, nil
}

func startError(a assignment, first report, process *process) error {
	if first.InUse != nil {
		return &InUse{Dir: a.Warehouse, PID: first.InUse.PID, Holder: *first.InUse}
	}
	<-process.done
	if first.Failed != "" {
		return fmt.Errorf("start the engine: %s", first.Failed)
	}
	// It died without a word to us. A library that was not copied to its end is
	// read as far as it goes, and then there is a crash.
	return fmt.Errorf("start the engine %s: %w; its last words are in %s, and if it is damaged, `chmod engine install` fetches it anew",
		a.Engine.Path, process.cause(), layout(a.Warehouse).logs())
}

// process is the engine's child process, seen from its parent.
type process struct {
	command    *exec.Cmd
	stdin      io.Closer
	complaints *tail
	first      chan report   // the first report, or an empty one if none came
	done       chan struct{} // closed when the process is gone

	mutex  sync.Mutex
	failed string // the last failure it reported
	exit   error  // set before done is closed
}

func spawn(command []string, a assignment) (*process, error) {
	orders, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	p := &process{
		command:    exec.Command(command[0], command[1:]...),
		complaints: &tail{},
		first:      make(chan report, 1),
		done:       make(chan struct{}),
	}
	// A session of its own: no Ctrl-C and no hang-up of this terminal reaches
	// it, and the engine's SYSTEM SHUTDOWN, which signals its whole group,
	// does not reach us.
	p.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	p.command.Stderr = p.complaints
	stdin, err := p.command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	p.stdin = stdin
	go p.watch(stdout)
	// An error means that the child is gone already, which watch reports.
	_, _ = stdin.Write(append(orders, '\n'))
	if a.Detached {
		_ = stdin.Close()
	}
	return p, nil
}

// watch reads the child's reports until its end.
func (p *process) watch(stdout io.Reader) {
	decoder := json.NewDecoder(stdout)
	for reported := false; ; reported = true {
		var message report
		err := decoder.Decode(&message)
		if message.Failed != "" {
			p.mutex.Lock()
			p.failed = message.Failed
			p.mutex.Unlock()
		}
		if !reported {
			p.first <- message
		}
		if err != nil {
			break
		}
	}
	err := p.command.Wait()
	p.mutex.Lock()
	p.exit = err
	p.mutex.Unlock()
	close(p.done)
}

// cause says why the process ended, nil when it was told to.
func (p *process) cause() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	switch {
	case p.failed != "":
		return errors.New(p.failed)
	case p.exit != nil:
		if said := p.complaints.String(); said != "" {
			return fmt.Errorf("the engine's process ended: %w: %s", p.exit, said)
		}
		return fmt.Errorf("the engine's process ended: %w", p.exit)
	}
	return nil
}

// kill ends the child and whatever it started.
func (p *process) kill() {
	_ = p.stdin.Close()
	// The child leads its group; "no such process" is what we want.
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	<-p.done
}

// tail keeps the end of what is written to it.
type tail struct {
	mutex sync.Mutex
	text  []byte
}

func (t *tail) Write(text []byte) (int, error) {
	const enough = 4 << 10
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.text = append(t.text, text...)
	if len(t.text) > enough {
		t.text = append([]byte(nil), t.text[len(t.text)-enough:]...)
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return strings.TrimSpace(string(t.text))
}
