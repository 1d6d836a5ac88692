package artifact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// LastRun is what is known of the last run whose artifacts are in a folder.
type LastRun struct {
	// Args are the command, as which, and its flags, in dbt's spelling.
	Args map[string]any
	// Statuses are how the nodes ended that did, by their unique ids; Order has
	// all nodes of the run.
	Statuses map[string]string
	Order    []string
	// StartedAt is when it began; zero when the file does not say.
	StartedAt time.Time
	// Batches are those of microbatch models of which some failed, and others
	// did not, by the models' unique ids.
	Batches map[string][]event.Batch
	// Unfinished is set for a run that has not come to its end: it was killed,
	// or is still at work.
	Unfinished *Unfinished
}

// Unfinished says whose run it is that has not ended.
type Unfinished struct {
	InvocationID string
	Host         string
	PID          int
	// Begun says that its nodes are known: it had begun with them.
	Begun bool
}

// Which is the command, empty when the file does not say.
func (l *LastRun) Which() string {
	which, _ := l.Args["which"].(string)
	return which
}

// ErrNoRun is that a folder has no artifacts of a run.
var ErrNoRun = errors.New("no earlier run")

// ReadLastRun reads what a run left in a folder: run_results.json, or what a
// run wrote that did not come to write one. The error is ErrNoRun when there is
// neither.
func ReadLastRun(folder string) (*LastRun, error) {
	l, err := readProgress(filepath.Join(folder, progressName))
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return l, err
	}
	path := filepath.Join(folder, "run_results.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no %s", ErrNoRun, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the last run: %w", err)
	}
	var file struct {
		Metadata struct {
			StartedAt string `json:"invocation_started_at"`
		} `json:"metadata"`
		Args    map[string]any `json:"args"`
		Results []nodeStatus   `json:"results"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("read the last run: %s: %w", path, err)
	}
	l = &LastRun{Args: file.Args, Statuses: map[string]string{}, Batches: map[string][]event.Batch{}, StartedAt: startedAt(file.Metadata.StartedAt)}
	for _, r := range file.Results {
		if batches := r.Batches.both(); batches != nil {
			l.Batches[r.UniqueID] = batches
		}
		l.Statuses[r.UniqueID] = r.Status
		l.Order = append(l.Order, r.UniqueID)
	}
	return l, nil
}

type nodeStatus struct {
	UniqueID string        `json:"unique_id"`
	Status   string        `json:"status"`
	Batches  *batchResults `json:"batch_results,omitempty"`
}

// both are all batches, nil unless there are some of each kind: where none was
// built, the model is as it was before, and is built as it was to be.
func (b *batchResults) both() []event.Batch {
	if b == nil || len(b.Successful) == 0 || len(b.Failed) == 0 {
		return nil
	}
	var all []event.Batch
	for _, times := range b.Successful {
		all = append(all, event.Batch{Start: times[0].UTC(), End: times[1].UTC()})
	}
	for _, times := range b.Failed {
		all = append(all, event.Batch{Start: times[0].UTC(), End: times[1].UTC(), Failed: true})
	}
	return all
}

// startedAt reads a time as artifacts have it; zero when it is none.
func startedAt(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// readProgress reads the file of a Progress. A last line that is not whole is
// one that its writer did not come to finish.
func readProgress(path string) (*LastRun, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the last run: %w", err)
	}
	l := &LastRun{Statuses: map[string]string{}}
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	for n, text := range lines {
		var line progressLine
		if err := json.Unmarshal(text, &line); err != nil {
			if n == len(lines)-1 {
				break
			}
			return nil, fmt.Errorf("read the last run: %s, line %d: %w", path, n+1, err)
		}
		switch {
		case line.Began != nil:
			l.Args, l.StartedAt = line.Began.Args, startedAt(line.Began.StartedAt)
			l.Unfinished = &Unfinished{InvocationID: line.Began.InvocationID, Host: line.Began.Host, PID: line.Began.PID}
		case l.Unfinished == nil:
			return nil, fmt.Errorf("read the last run: %s does not begin with its command", path)
		case line.Nodes != nil:
			l.Order, l.Unfinished.Begun = line.Nodes, true
		case line.Ended != nil:
			l.Statuses[line.Ended.UniqueID] = line.Ended.Status
		}
	}
	if l.Unfinished == nil {
		// Killed before it had written a line: it had done nothing.
		return nil, fmt.Errorf("read the last run: %w", fs.ErrNotExist)
	}
	return l, nil
}

// Again are the nodes that a run was to work on and that have not ended well;
// with warned, a warning is no good end. Hooks are none of them.
func (l *LastRun) Again(warned bool) []string {
	again := []string{}
	for _, id := range l.Order {
		if strings.HasPrefix(id, "operation.") && l.Which() != "run-operation" {
			continue
		}
		switch l.Statuses[id] {
		case "success", "pass", "no-op", "reused":
		case "warn":
			if warned {
				again = append(again, id)
			}
		default:
			again = append(again, id)
		}
	}
	return again
}
