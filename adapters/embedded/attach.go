package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// state is engine.json: what a process needs to attach to a shared engine.
type state struct {
	Addr     string `json:"addr"`
	HTTPAddr string `json:"http_addr,omitempty"`
	User     string `json:"user"`
	Password string `json:"password"`
	PID      int    `json:"pid"`
	Version  string `json:"version"`
}

func writeState(a assignment, e endpoint) error {
	text, err := json.MarshalIndent(state{
		Addr:     e.Addr,
		HTTPAddr: e.HTTPAddr,
		User:     user,
		Password: a.Password,
		PID:      os.Getpid(),
		Version:  e.Version,
	}, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(layout(a.Warehouse).state(), string(text)+"\n")
}

// Attach returns the shared engine that runs on the warehouse in dir, and
// whether there is one. A state file that a dead engine left is not believed:
// the engine must hold the warehouse's lock.
func Attach(dir string) (*Server, bool, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, false, err
	}
	text, err := os.ReadFile(layout(dir).state())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the state of the engine: %w", err)
	}
	held, err := lockHeld(dir)
	if err != nil || !held {
		return nil, false, err
	}
	var s state
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, false, fmt.Errorf("read the state of the engine, %s: %w", layout(dir).state(), err)
	}
	if holder := readHolder(dir); holder.PID != s.PID || !alive(s.PID) {
		return nil, false, nil
	}
	return &Server{
		Addr:     s.Addr,
		HTTPAddr: s.HTTPAddr,
		User:     s.User,
		Password: s.Password,
		PID:      s.PID,
		Version:  s.Version,
		Dir:      dir,
		Shared:   true,
		Attached: true,
	}, true, nil
}

// Open attaches to the shared engine of options.Dir when there is one, and
// else starts one. It looks for the engine to start, by search, only then.
// [Server.Release] is what to call at the end.
func Open(ctx context.Context, options Options, search Search) (*Server, error) {
	if server, ok, err := Attach(options.Dir); err != nil || ok {
		return server, err
	}
	if options.Engine == (Engine{}) {
		engine, err := Find(search)
		if err != nil {
			return nil, err
		}
		options.Engine = engine
	}
	server, err := Start(ctx, options)
	var inUse *InUse
	if errors.As(err, &inUse) {
		// A shared one may have come up in the meantime.
		if server, ok, attachErr := Attach(options.Dir); attachErr == nil && ok {
			return server, nil
		}
	}
	return server, err
}

// WarehouseStatus says whether an engine runs on a warehouse.
type WarehouseStatus struct {
	Dir     string
	Exists  bool    // there is a warehouse in Dir
	Running bool    // an engine has it open
	Holder  Holder  // who, when Running
	Server  *Server // how to connect, when it is shared
}

// Status looks at the warehouse in dir without changing anything.
func Status(dir string) (WarehouseStatus, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return WarehouseStatus{}, err
	}
	status := WarehouseStatus{Dir: dir}
	if _, err := os.Stat(layout(dir).version()); err == nil {
		status.Exists = true
	}
	if status.Running, err = lockHeld(dir); err != nil || !status.Running {
		return status, err
	}
	status.Holder = readHolder(dir)
	if server, ok, err := Attach(dir); err != nil {
		return status, err
	} else if ok {
		status.Server = server
	}
	return status, nil
}
