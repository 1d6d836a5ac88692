package event

import (
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Status is how a node ended, in the words of run_results.json.
type Status string

// The statuses. Models, seeds and hooks end in the first four; tests in pass,
// warn, fail, error or skipped.
const (
	Success      Status = "success"
	RuntimeError Status = "error"
	Skipped      Status = "skipped"
	// PartialSuccess is a microbatch model of which some batches failed.
	PartialSuccess Status = "partial success"
	Pass           Status = "pass"
	WarnStatus     Status = "warn"
	Fail           Status = "fail"
)

// Bad reports whether the status makes the run fail.
func (s Status) Bad() bool { return s == RuntimeError || s == Fail || s == PartialSuccess }

// Result is the outcome of one node.
type Result struct {
	Node   *manifest.Node
	Status Status
	// Message is one line: what the server did, or what went wrong.
	Message string
	// Err is the whole error of a failed node.
	Err error
	// Cause is the unique id of the failed node because of which this one was
	// skipped.
	Cause string
	// Failures is the number of bad rows of a test.
	Failures *int64

	Started, Finished        time.Time
	CompileBegan, CompiledAt time.Time
	Thread                   string
	QueryIDs                 []string
	Progress                 adapters.Progress
	// Compiled is the SQL as it was rendered, when it was.
	Compiled    bool
	CompiledSQL string
	// Batches are those of a microbatch model, BatchesBefore those that an earlier
	// run had built and this one went on after.
	Batches, BatchesBefore []Batch
	// CompiledPath is where it was written, relative to the project.
	CompiledPath string
}

// Batch is a stretch of time, without its end.
type Batch struct {
	Start, End time.Time
	// Failed says that its rows are not in the table, Err why; it is nil when
	// the batch was not begun.
	Failed bool
	Err    error
}

// Elapsed is how long the node took.
func (r Result) Elapsed() time.Duration { return r.Finished.Sub(r.Started) }
