// Package event is what happens during one invocation, as values.
//
// Commands and runs send events; views, the log and the artifacts are made of
// them, so that a person, a program and a test all see the same thing. The
// package formats nothing.
package event

import (
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Event is one of the types of this package. At is set by the Stream.
type Event interface{ event() }

// Timed is an event and when it happened.
type Timed struct {
	Event
	At time.Time
	// Thread names the worker that sent it: "Thread-1", or "MainThread".
	Thread string
}

// Sink takes events. Handle is never called concurrently by a Stream.
type Sink interface{ Handle(Timed) }

// Stream hands events to sinks, one at a time, in the order they are sent. It
// is safe for concurrent use.
type Stream struct {
	mu    sync.Mutex
	sinks []Sink
	now   func() time.Time
}

// NewStream makes a stream; now may be nil for the system's clock.
func NewStream(now func() time.Time, sinks ...Sink) *Stream {
	if now == nil {
		now = time.Now
	}
	return &Stream{sinks: sinks, now: now}
}

// Send hands an event to all sinks.
func (s *Stream) Send(e Event) { s.SendFrom(MainThread, e) }

// MainThread is the name of what is not a worker.
const MainThread = "MainThread"

// SendFrom is Send from a named worker.
func (s *Stream) SendFrom(thread string, e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := Timed{Event: e, At: s.now(), Thread: thread}
	for _, sink := range s.sinks {
		sink.Handle(t)
	}
}

// Began is the first event: chmod runs a command.
type Began struct {
	Command string
	// Args are the command's flags and their values, without secrets.
	Args map[string]string
	// Version is chmod's own.
	Version      string
	InvocationID string
}

// Diagnosed is something wrong, or odd, in the user's files.
type Diagnosed struct{ Diagnostic diag.Diagnostic }

// Failed ends a command: what happened is not about the user's files.
type Failed struct{ Err error }

// Found tells how much there is in the project, by resource type.
type Found struct{ Counts map[string]int }

// Connected tells which server is on the other side.
type Connected struct {
	Target string
	Server adapters.Server
}

// Selected comes before the first node.
type Selected struct {
	Target  string
	Threads int
	Total   int
	// IDs are the unique ids of the nodes.
	IDs []string
}

// NothingSelected is a selection that no node answers to.
type NothingSelected struct {
	// Criteria that matched nothing; empty when the whole selection did not.
	Criteria []string
	// Near are criteria that may have been meant, by those that were written.
	Near map[string]string
}

// NodeStarted is the start of work on a node.
type NodeStarted struct {
	Node  *manifest.Node
	Index int
	Total int
}

// NodeCompiled is when a node's SQL is ready and its statements begin.
type NodeCompiled struct{ Node *manifest.Node }

// NodeProgress is how far the running statement of a node is.
type NodeProgress struct {
	Node     *manifest.Node
	Step     string
	Progress adapters.Progress
}

// StatementStarted and StatementFinished enclose each statement.
type StatementStarted struct {
	Node      *manifest.Node // nil for what belongs to no node
	Purpose   string
	Statement adapters.Statement
}

// StatementFinished is the end of a statement, good or bad.
type StatementFinished struct {
	Node    *manifest.Node
	Summary adapters.Summary
	Err     error
}

// NodeFinished is the end of work on a node, skipped ones included.
type NodeFinished struct {
	Result Result
	Index  int
	Total  int
}

// Level is how important a message is.
type Level string

// The levels of messages and of --log-level.
const (
	Debug Level = "debug"
	Info  Level = "info"
	Warn  Level = "warn"
	Error Level = "error"
)

// Message is what a template said with log(), or chmod has to say aside.
type Message struct {
	Level Level
	Text  string
	Node  string // unique id, or empty
}

// Printed is what a command or print() writes for its reader: it goes out bare,
// even when quiet.
type Printed struct{ Text string }

// Shown is the preview of a query's result.
type Shown struct {
	Name   string
	Table  *adapters.Table
	Inline bool
	JSON   bool
}

// CompiledShown is SQL that `compile` was asked to show.
type CompiledShown struct {
	Name   string
	SQL    string
	Inline bool
	JSON   bool
	// UniqueID of the node, empty for inline SQL.
	UniqueID string
}

// ArtifactWritten is a file in the target folder.
type ArtifactWritten struct {
	Kind string // manifest, run_results, catalog
	Path string
}

// Interrupted is a first Ctrl-C (Again false) or a second one.
type Interrupted struct{ Again bool }

// RunEnded comes after the last node.
type RunEnded struct {
	Results     []Result
	Elapsed     time.Duration
	Interrupted bool
}

// Ended is the last event.
type Ended struct {
	Command string
	Success bool
	Elapsed time.Duration
}

func (Began) event()             {}
func (Diagnosed) event()         {}
func (Failed) event()            {}
func (Found) event()             {}
func (Connected) event()         {}
func (Selected) event()          {}
func (NothingSelected) event()   {}
func (NodeStarted) event()       {}
func (NodeCompiled) event()      {}
func (NodeProgress) event()      {}
func (StatementStarted) event()  {}
func (StatementFinished) event() {}
func (NodeFinished) event()      {}
func (Message) event()           {}
func (Printed) event()           {}
func (Shown) event()             {}
func (CompiledShown) event()     {}
func (ArtifactWritten) event()   {}
func (Interrupted) event()       {}
func (RunEnded) event()          {}
func (Ended) event()             {}
