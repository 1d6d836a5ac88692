// Package enginetest gives tests a real ClickHouse: the embedded engine.
//
// A test package's TestMain calls [Run]; its tests call [Server] for the
// engine that the whole package shares and [Database] for a database of their
// own in it, or [Start] for an engine of their own. The package refuses to
// skip: without an engine a test fails and says how to get one.
package enginetest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/folder"
	"github.com/chmod-sql/chmod/adapters/embedded"
)

const (
	// stopPatience bounds the stop of an engine at the end of a test.
	stopPatience = 20 * time.Second
	// grace is short: tests leave connections open, and lose nothing.
	grace = 100 * time.Millisecond
)

// shared is the one engine of a test binary. It is a variable of the package
// because TestMain and tests have nothing else in common.
var shared sharedEngine

type sharedEngine struct {
	mutex  sync.Mutex
	folder *folder.Folder
	server *embedded.Server
	err    error
}

// Run is what TestMain exits with the result of: it makes the test binary able
// to be its own engine process, runs the tests and stops the shared engine.
func Run(m *testing.M) int {
	if len(os.Args) > 1 && os.Args[1] == embedded.Subcommand {
		return embedded.Main(os.Args[2:])
	}
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "the shared engine:", err)
		return max(code, 1)
	}
	return code
}

// Engine returns the engine to test with.
func Engine(t testing.TB) embedded.Engine {
	t.Helper()
	engine, err := find()
	require.NoError(t, err)
	return engine
}

func find() (embedded.Engine, error) {
	dir, err := os.Getwd()
	if err != nil {
		return embedded.Engine{}, err
	}
	engine, err := embedded.Find(embedded.Search{Project: dir})
	if err != nil {
		return embedded.Engine{}, fmt.Errorf("the tests need a ClickHouse engine, run `make engine`: %w", err)
	}
	return engine, nil
}

// Server returns the engine that all tests of the package share, with HTTP. It
// is started by the first call and stopped after the last test.
func Server(t testing.TB) *embedded.Server {
	t.Helper()
	server, err := shared.start()
	require.NoError(t, err)
	return server
}

// Start starts an engine for one test, which ends with it. Dir and Engine may
// be left empty; an empty Grace is a short one.
func Start(t testing.TB, options embedded.Options) *embedded.Server {
	t.Helper()
	if options.Dir == "" {
		options.Dir = t.TempDir()
	}
	if options.Engine == (embedded.Engine{}) {
		options.Engine = Engine(t)
	}
	if options.Grace == 0 {
		options.Grace = grace
	}
	server, err := embedded.Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		// What a test did to its engine is for the test to judge.
		_ = server.Stop(ctx)
	})
	return server
}

func (s *sharedEngine) start() (*embedded.Server, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.server != nil || s.err != nil {
		return s.server, s.err
	}
	engine, err := find()
	if err != nil {
		s.err = err
		return nil, err
	}
	if s.folder, s.err = folder.New("", "chmod-engine-"); s.err != nil {
		return nil, s.err
	}
	// A test's context would end the engine's start with the first test.
	s.server, s.err = embedded.Start(context.Background(), embedded.Options{Dir: s.folder.Path, Engine: engine, HTTP: true, Grace: grace})
	return s.server, s.err
}

func (s *sharedEngine) stop() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var err error
	if s.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		err = s.server.Stop(ctx)
	}
	if s.folder == nil {
		return err
	}
	if removeErr := s.folder.Remove(); err == nil {
		err = removeErr
	}
	return err
}
