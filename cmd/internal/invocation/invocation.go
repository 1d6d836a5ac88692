// Package invocation is one run of chmod on one project: the project, its
// graph, the connection to its target, and what is done with them.
//
// Its main type is Invocation. It sends events and prints nothing, and what a
// node's statements are is decided by materialize.
package invocation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/dag/selection"
	"github.com/chmod-sql/chmod/materialize"
)

// Request is how an invocation is opened.
type Request struct {
	Compiler compiler.Options
	Events   *event.Stream
	// StateDir holds the artifacts of an earlier run, or is empty.
	StateDir string
	// Warnings says which warnings are errors.
	Warnings Strictness
	// Threads beats the target's when it is not 0.
	Threads int
	// CustomEnv goes into the artifacts: DBT_ENV_CUSTOM_ENV_ variables by the
	// rest of their name.
	CustomEnv map[string]string
	// Before is the run that this one goes on after; nil for none.
	Before *Before
	// Command and Version are what the journal calls this call by.
	Command, Version string
}

// Invocation is a loaded project and, once connected, its target.
type Invocation struct {
	ID      uuid.UUID
	Started time.Time
	Project *compiler.Project
	Graph   *dag.Graph

	request Request
	events  *event.Stream
	// machine and clock are what a test has instead of this machine's, and through
	// what it puts around each connection; nil for nothing.
	machine string
	clock   func() time.Time
	through func(adapters.Adapter) adapters.Adapter

	connecting sync.Mutex
	adapter    adapters.Adapter
	clusters   []*materialize.Cluster
	release    func(context.Context) error

	compiledMu sync.Mutex
	compiled   map[string]artifact.Compiled
	built      map[string]string
}

// Open loads and checks a project. Nothing is connected to. The error carries
// every mistake in the user's files.
func Open(ctx context.Context, r Request) (*Invocation, error) {
	id := uuid.New()
	if r.Compiler.InvocationID != "" {
		parsed, err := uuid.Parse(r.Compiler.InvocationID)
		if err != nil {
			return nil, fmt.Errorf("invocation id: %w", err)
		}
		id = parsed
	}
	r.Compiler.InvocationID = id.String()
	if r.Compiler.StartedAt.IsZero() {
		r.Compiler.StartedAt = time.Now()
	}
	project, err := compiler.Load(ctx, r.Compiler)
	if err != nil {
		return nil, err
	}
	i := &Invocation{
		ID: id, Started: r.Compiler.StartedAt,
		Project: project, Graph: dag.New(project.Manifest),
		request: r, events: r.Events, machine: host(), clock: time.Now, compiled: map[string]artifact.Compiled{}, built: map[string]string{},
	}
	var list diag.List
	list.Add(project.Warnings.All()...)
	list.Join(dag.CheckCycles(i.Graph, project.Manifest))
	return i, i.diagnose(list)
}

// diagnose shows warnings and returns the errors.
func (i *Invocation) diagnose(list diag.List) error {
	list = i.request.Warnings.weigh(list)
	if err := list.Err(); err != nil {
		return err
	}
	for _, d := range list.All() {
		i.events.Send(event.Diagnosed{Diagnostic: d})
	}
	return nil
}

// Manifest is the project's.
func (i *Invocation) Manifest() *manifest.Manifest { return i.Project.Manifest }

// Threads is how many nodes are worked on at once.
func (i *Invocation) Threads() int {
	if i.request.Threads > 0 {
		return i.request.Threads
	}
	return max(i.Project.Target.Threads, 1)
}

// TargetPath is the folder of the artifacts, absolute.
func (i *Invocation) TargetPath() string {
	path := i.request.Compiler.TargetPath
	if path == "" {
		path = i.Project.Settings.TargetPath
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(i.Root(), path)
}

// Root is the project's folder, absolute.
func (i *Invocation) Root() string { return i.Project.Settings.Root }

// Select answers a selection, and tells of criteria that matched nothing.
func (i *Invocation) Select(r selection.Request) (dag.Set, error) {
	previous, err := i.previous(r)
	if err != nil {
		return nil, err
	}
	s := &selection.Selector{Manifest: i.Manifest(), Graph: i.Graph, Previous: previous}
	result, err := s.Select(r)
	if err != nil {
		return nil, err
	}
	if len(result.Unmatched) > 0 {
		near := map[string]string{}
		for _, c := range result.Unmatched {
			near[c.Criterion] = s.Near(c.Criterion)
		}
		if err := i.nothing(nothingSelected, result.Unmatched, near); err != nil {
			return nil, err
		}
	}
	return result.IDs, nil
}

// nothing tells that criteria, or without any the whole selection, mean no
// node; an error when that is to be one.
func (i *Invocation) nothing(code string, missed []selection.Unmatched, near map[string]string) error {
	switch i.request.Warnings.to(code) {
	case refuse:
		if len(missed) == 0 {
			return refusal(code, "the selection means nothing that this command works on")
		}
		var all diag.List
		for _, c := range missed {
			d := refusal(code, "nothing is selected by "+c.Criterion)
			d.Span = c.At
			if meant := near[c.Criterion]; meant != "" {
				d.Fix = "did you mean " + meant + "?"
			}
			all.Add(d)
		}
		return all.Err()
	case show:
		var criteria []string
		for _, c := range missed {
			criteria = append(criteria, c.Criterion)
		}
		i.events.Send(event.NothingSelected{Criteria: criteria, Near: near})
	}
	return nil
}

// Nothing tells that a command has nothing to work on; an error when that is
// to be one.
func (i *Invocation) Nothing() error { return i.nothing(nothingToDo, nil, nil) }

// self is this invocation as the planner names its tables by.
func (i *Invocation) self() materialize.Invocation {
	return materialize.Invocation{ID: i.ID, StartedAt: i.Started, Host: i.machine, PID: os.Getpid()}
}

// Close ends the connection and an engine that was started for it.
func (i *Invocation) Close(ctx context.Context) error {
	i.connecting.Lock()
	defer i.connecting.Unlock()
	if i.adapter == nil {
		return nil
	}
	var err error
	for _, c := range i.clusters {
		err = errors.Join(err, c.Close())
	}
	i.clusters = nil
	err = errors.Join(err, i.adapter.Close())
	i.adapter = nil
	if i.release != nil {
		if stopErr := i.release(ctx); err == nil {
			err = stopErr
		}
	}
	return err
}
