package artifact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// progressName is the file in which a run notes how far it is, as long as it
// has no run_results.json.
const progressName = "run_progress.jsonl"

// Progress is what a run writes while it is at work, line by line, so that it
// can be continued when it is killed. It is not safe for concurrent use.
type Progress struct {
	path string
	id   string
	file *os.File
}

// Beginning is the first line of a Progress.
type Beginning struct {
	InvocationID string         `json:"invocation_id"`
	StartedAt    string         `json:"started_at"`
	Host         string         `json:"host"`
	PID          int            `json:"pid"`
	Args         map[string]any `json:"args"`
}

type progressLine struct {
	Began *Beginning  `json:"began,omitempty"`
	Nodes []string    `json:"nodes,omitempty"`
	Ended *nodeStatus `json:"ended,omitempty"`
}

// StartProgress begins a file in a folder, in the place of that of an earlier
// run.
func StartProgress(folder string, b Beginning, started time.Time) (*Progress, error) {
	p := &Progress{path: filepath.Join(folder, progressName), id: b.InvocationID}
	b.StartedAt = stamp(started)
	line, err := progressText(progressLine{Began: &b})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", p.path, err)
	}
	// Renamed into its place: an earlier run that is still at work keeps
	// writing into its own.
	if err := writeFile(p.path, func(out io.Writer) error { _, err := out.Write(line); return err }); err != nil {
		return nil, err
	}
	if p.file, err = os.OpenFile(p.path, os.O_APPEND|os.O_WRONLY, 0o644); err != nil {
		return nil, fmt.Errorf("write %s: %w", p.path, err)
	}
	return p, nil
}

// Nodes notes which nodes the run is going to work on.
func (p *Progress) Nodes(ids []string) error { return p.write(progressLine{Nodes: ids}) }

// Ended notes how a node ended.
func (p *Progress) Ended(id, status string) error {
	return p.write(progressLine{Ended: &nodeStatus{UniqueID: id, Status: status}})
}

func (p *Progress) write(l progressLine) error {
	line, err := progressText(l)
	if err == nil {
		_, err = p.file.Write(line)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", p.path, err)
	}
	return nil
}

// Close leaves the file for whoever continues the run.
func (p *Progress) Close() error { return p.file.Close() }

// Done takes the file away: what there is to know of the run is in its
// run_results.json. Another run's file in its place is left alone.
func (p *Progress) Done() error {
	err := p.file.Close()
	text, readErr := os.ReadFile(p.path)
	switch {
	case errors.Is(readErr, fs.ErrNotExist):
		return err
	case readErr != nil || !bytes.Contains(firstLine(text), []byte(p.id)):
		return errors.Join(err, readErr)
	}
	return errors.Join(err, os.Remove(p.path))
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

func progressText(l progressLine) ([]byte, error) {
	text, err := json.Marshal(l)
	return append(text, '\n'), err
}
