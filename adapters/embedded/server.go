package embedded

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// Server is a running engine. Its fields do not change; its methods may be
// called concurrently.
type Server struct {
	Addr     string // host:port of the native protocol
	HTTPAddr string // host:port of HTTP, empty when it does not listen for it
	User     string
	Password string
	PID      int
	Version  string // ClickHouse's, empty when it did not say

	Dir      string
	Shared   bool // other processes may attach
	Attached bool // it was started by another process, or detached from this one

	process *process // nil when another process started it
}

func (p *process) server(a assignment, e endpoint) *Server {
	return &Server{
		Addr:     e.Addr,
		HTTPAddr: e.HTTPAddr,
		User:     user,
		Password: a.Password,
		PID:      p.command.Process.Pid,
		Version:  e.Version,
		Dir:      a.Warehouse,
		Shared:   a.Shared,
		Attached: a.Detached,
		process:  p,
	}
}

// Done is closed when the engine of this process has ended. For an engine that
// another process started it is nil, and so never ready.
func (s *Server) Done() <-chan struct{} {
	if s.process == nil {
		return nil
	}
	return s.process.done
}

// Err says why the engine ended, after Done is closed: nil when it was told to
// stop, else the engine's own last words.
func (s *Server) Err() error {
	if s.process == nil {
		return nil
	}
	select {
	case <-s.process.done:
		return s.process.cause()
	default:
		return nil
	}
}

// Wait waits for the end of the engine, or of ctx, and says why.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-s.Done():
		return s.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Release says that this process needs the engine no more: an engine of its
// own is stopped, one that it shares with others goes on.
func (s *Server) Release(ctx context.Context) error {
	if s.Attached {
		return nil
	}
	return s.Stop(ctx)
}

// Stop ends the engine, whoever started it, and returns when it is gone. When
// ctx ends before, the engine is killed. It may be called again; an engine that
// had already ended on its own gives the reason.
func (s *Server) Stop(ctx context.Context) error {
	if s.process == nil {
		return s.stopOther(ctx)
	}
	if s.Attached {
		_ = syscall.Kill(s.PID, syscall.SIGTERM)
	}
	_ = s.process.stdin.Close()
	select {
	case <-s.process.done:
	case <-ctx.Done():
		s.process.kill()
		return fmt.Errorf("stop the engine: killed, %w", ctx.Err())
	}
	if err := s.process.cause(); err != nil {
		return fmt.Errorf("stop the engine: %w", err)
	}
	return nil
}

// stopOther stops an engine that is not a child of this process. It is gone
// when its lock is.
func (s *Server) stopOther(ctx context.Context) error {
	running, err := s.running()
	if err != nil || !running {
		return err
	}
	if err := syscall.Kill(s.PID, syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the engine, process %d: %w", s.PID, err)
	}
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		running, err := s.running()
		if err != nil || !running {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			_ = syscall.Kill(-s.PID, syscall.SIGKILL)
			return fmt.Errorf("stop the engine, process %d: killed, %w", s.PID, ctx.Err())
		}
	}
}

func (s *Server) running() (bool, error) {
	held, err := lockHeld(s.Dir)
	return held && readHolder(s.Dir).PID == s.PID, err
}
