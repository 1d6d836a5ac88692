package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Report is all that was measured.
type Report struct {
	Machine Machine `json:"machine"`
	// Runs is how often each command ran.
	Runs int `json:"runs"`
	// Dbt and Dbt2 are the versions that were found, Absent says why none was.
	Dbt        string  `json:"dbt,omitempty"`
	DbtAbsent  string  `json:"dbt_absent,omitempty"`
	Dbt2       string  `json:"dbt2,omitempty"`
	Dbt2Absent string  `json:"dbt2_absent,omitempty"`
	Sizes      []Size  `json:"sizes,omitempty"`
	Builds     []Build `json:"builds,omitempty"`
	Seed       *Seed   `json:"seed,omitempty"`
	Loads      *Loads  `json:"loads,omitempty"`
	// Failed are the parts that could not be measured.
	Failed []Failure `json:"failed,omitempty"`
}

// Failure is a part that could not be measured.
type Failure struct {
	Part  string `json:"part"`
	Error string `json:"error"`
}

// write writes report.json and report.md into a folder, and the latter to a
// page when there is one.
func (r *Report) write(dir, page string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	markdown := []byte(r.markdown())
	files := map[string][]byte{
		filepath.Join(dir, "report.json"): append(text, '\n'),
		filepath.Join(dir, "report.md"):   markdown,
	}
	if page != "" {
		files[page] = markdown
	}
	for path, content := range files {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return nil
}

// String is a cost as cells of a table.
func (c Cost) String() string {
	return fmt.Sprintf("%.3f s | %.3f s | %d MB", c.Seconds, c.CPUSeconds, (c.PeakBytes+1<<19)>>20)
}
