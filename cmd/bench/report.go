package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Report is all that was measured.
type Report struct {
	Machine    Machine `json:"machine"`
	DbtVersion string  `json:"dbt_version,omitempty"`
	DbtAbsent  string  `json:"dbt_absent,omitempty"`
	Dbt2Absent string  `json:"dbt2_absent,omitempty"`
	Sizes      []Size  `json:"sizes,omitempty"`
	Runs       []Run   `json:"runs,omitempty"`
	Seed       *Seed   `json:"seed,omitempty"`
}

// write writes report.json and report.md into a folder, and the latter to out.
func (r *Report) write(dir string, out io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	markdown := r.markdown()
	for name, content := range map[string]string{"report.json": string(text) + "\n", "report.md": markdown} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	_, err = io.WriteString(out, markdown)
	return err
}

func (r *Report) markdown() string {
	var b strings.Builder
	m := r.Machine
	fmt.Fprintf(&b, "Taken %s on %s, %d cores, %s memory, %s; %s, chmod %s, engine %s%s. Load before %s, after %s.\n",
		m.At.Format("2006-01-02 15:04 UTC"), m.Processor, m.Cores, m.Memory, m.System, m.Go, m.Chmod, m.Engine, list(r.DbtVersion), m.LoadBefore, m.LoadAfter)
	r.sizes(&b)
	r.runs(&b)
	if s := r.Seed; s != nil {
		fmt.Fprintf(&b, "\n### Seeds\n\n%d rows of 4 columns, %.1f MB of CSV.\n\n| what | time | CPU | peak memory |\n|---|---:|---:|---:|\n", s.Rows, float64(s.Bytes)/1e6)
		for _, line := range []Command{{"`chmod seed`", s.Chmod}, {"`chmod seed`, a tenth of the rows", s.Small}, {"bare insert", s.Bare}} {
			fmt.Fprintf(&b, "| %s | %s |\n", line.Call, line.Cost)
		}
		fmt.Fprintf(&b, "\nRatio to the bare insert: %.2f\n", s.Ratio())
	}
	return b.String()
}

func (r *Report) sizes(b *strings.Builder) {
	for _, s := range r.Sizes {
		fmt.Fprintf(b, "\n### %d models\n\n%d files, %.1f MB.\n\n| what | time | CPU | peak memory |\n|---|---:|---:|---:|\n", s.Models, s.Files, float64(s.Bytes)/1e6)
		var parse Cost
		for _, c := range s.Commands {
			fmt.Fprintf(b, "| `chmod %s` | %s |\n", c.Call, c.Cost)
			if c.Call == "parse" {
				parse = c.Cost
			}
		}
		if s.Dbt != nil {
			fmt.Fprintf(b, "| `dbt parse --no-partial-parse` | %s |\n\ndbt takes %.0f times as long to parse, and %.0f times the CPU.\n",
				*s.Dbt, s.Dbt.Seconds/parse.Seconds, s.Dbt.CPUSeconds/parse.CPUSeconds)
		}
	}
	if r.DbtAbsent != "" {
		fmt.Fprintf(b, "\ndbt-core was not measured: %s\n", r.DbtAbsent)
	}
	if r.Dbt2Absent != "" {
		fmt.Fprintf(b, "\ndbt v2 was not measured: %s\n", r.Dbt2Absent)
	}
}

func (r *Report) runs(b *strings.Builder) {
	if len(r.Runs) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### Run overhead\n\n%d models, views and tables, on the embedded engine. The bare loop sends the same statements again; \"changes\" are those that do not only ask.\n\n"+
		"| what | threads | chmod | chmod's CPU | nothing selected | bare loop | changes | ratio | overhead a model | without start-up |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n", r.Runs[0].Models)
	for _, x := range r.Runs {
		fmt.Fprintf(b, "| %s | %d | %.2f s | %.2f s | %.2f s |", x.What, x.Threads, x.Chmod.Seconds, x.Chmod.CPUSeconds, x.Idle.Seconds)
		if x.Bare == nil {
			b.WriteString(" | | | | |\n")
			continue
		}
		all, running := x.PerModel()
		fmt.Fprintf(b, " %.2f s | %.2f s | %.2f | %.2f ms | %.2f ms |\n", x.Bare.Seconds, x.BareChanges.Seconds, x.Ratio(), all, running)
	}
	b.WriteString("\nStatements of one run, by kind:\n\n")
	for _, x := range r.Runs {
		var kinds []string
		for _, kind := range slices.Sorted(maps.Keys(x.Statements)) {
			kinds = append(kinds, fmt.Sprintf("%s %d", kind, x.Statements[kind]))
		}
		fmt.Fprintf(b, "- %s, threads %d: %s; %d sent before in the same run\n", x.What, x.Threads, strings.Join(kinds, ", "), x.Repeated)
	}
}

// String is a cost as cells of a table.
func (c Cost) String() string {
	return fmt.Sprintf("%.3f s | %.3f s | %d MB", c.Seconds, c.CPUSeconds, (c.PeakBytes+1<<19)>>20)
}

func list(text string) string {
	if text == "" {
		return ""
	}
	return ", " + text
}
