package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// markdown is the report as a page.
func (r *Report) markdown() string {
	var b strings.Builder
	b.WriteString(`# Benchmarks

What chmod takes on large projects, beside dbt and beside a bare driver that sends the same statements and rows. ` + "`make bench`" + `
measures all of it in one run and writes this page. Absolute times are those of one machine; the ratios hold better.

`)
	r.conditions(&b)
	r.sizes(&b)
	r.curve(&b)
	r.builds(&b)
	r.seeds(&b)
	r.loads(&b)
	if len(r.Failed) > 0 {
		b.WriteString("\n## Not measured\n\n")
		for _, f := range r.Failed {
			fmt.Fprintf(&b, "- %s: %s\n", f.Part, oneLine(f.Error))
		}
	}
	return b.String()
}

// conditions are the machine, the versions and the data.
func (r *Report) conditions(b *strings.Builder) {
	m := r.Machine
	fmt.Fprintf(b, "- taken %s on %s, %d cores, %s of memory, %s; load %s before and %s after\n",
		m.At.Format("2006-01-02 15:04 UTC"), m.Processor, m.Cores, gigabytes(m.Memory), m.System, m.LoadBefore, m.LoadAfter)
	fmt.Fprintf(b, "- chmod %s built with %s, ClickHouse %s embedded\n", m.Chmod, m.Go, m.Engine)
	switch {
	case r.Dbt != "":
		fmt.Fprintf(b, "- %s\n", r.Dbt)
	case r.DbtAbsent != "":
		fmt.Fprintf(b, "- dbt-core is not among the figures: %s\n", oneLine(r.DbtAbsent))
	}
	switch {
	case r.Dbt2 != "":
		fmt.Fprintf(b, "- dbt v2: %s, with a profile for PostgreSQL\n", r.Dbt2)
	case r.Dbt2Absent != "":
		fmt.Fprintf(b, "- dbt v2 is not among the figures: %s\n", oneLine(r.Dbt2Absent))
	}
	fmt.Fprintf(b, "- each figure is of a process of its own, the median of %d runs; above %d models, for the largest seed and for dbt it is one run\n",
		r.Runs, large)
	b.WriteString("- memory is the most that was resident; CPU is that of the process in user and system mode, without the engine's\n")
	b.WriteString("- the projects are generated: folders five levels deep with configs at each, 3 refs a model, YAML with a description, 5 columns\n" +
		"  and 2 tests a model, 100 macros, 40 sources, one installed package\n")
}

// sizes are the commands on projects.
func (r *Report) sizes(b *strings.Builder) {
	for _, s := range r.Sizes {
		fmt.Fprintf(b, "\n## %s models, %s tests\n\n%s files, %.1f MB.\n\n| command | time | CPU | peak memory |\n|---|---:|---:|---:|\n",
			thousands(s.Models), thousands(2*s.Models), thousands(s.Files), float64(s.Bytes)/1e6)
		for _, c := range s.Commands {
			fmt.Fprintf(b, "| `chmod %s` | %s |\n", c.Call, c.Cost)
		}
		parse, ok := s.Of("parse")
		for _, other := range []struct {
			name string
			cost *Cost
		}{{"dbt parse --no-partial-parse", s.Dbt}, {"dbt parse --no-partial-parse (v2)", s.Dbt2}} {
			if other.cost == nil {
				continue
			}
			fmt.Fprintf(b, "| `%s` | %s |\n", other.name, *other.cost)
		}
		if ok && s.Dbt != nil {
			fmt.Fprintf(b, "\nTo parse the project from cold, dbt takes %.0f times as long as chmod, %.0f times the CPU and %.1f times the memory.\n",
				s.Dbt.Seconds/parse.Seconds, s.Dbt.CPUSeconds/parse.CPUSeconds, float64(s.Dbt.PeakBytes)/float64(parse.PeakBytes))
		}
		if ok && s.Dbt2 != nil {
			fmt.Fprintf(b, "\ndbt v2 takes %.2f times as long.\n", s.Dbt2.Seconds/parse.Seconds)
		}
	}
}

// curve is how cost grows with the project.
func (r *Report) curve(b *strings.Builder) {
	if len(r.Sizes) < 2 {
		return
	}
	b.WriteString("\n## How it grows\n\nTime and memory of a model: what is linear stays the same from one line to the next.\n\n" +
		"| models | ls | a model | parse | a model | peak memory of ls | a model |\n|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, s := range r.Sizes {
		list, ok := s.Of("ls")
		parse, also := s.Of("parse")
		if !ok || !also {
			continue
		}
		n := float64(s.Models)
		fmt.Fprintf(b, "| %s | %.2f s | %.0f µs | %.2f s | %.0f µs | %d MB | %.0f kB |\n", thousands(s.Models),
			list.Seconds, list.Seconds/n*1e6, parse.Seconds, parse.Seconds/n*1e6, list.PeakBytes>>20, float64(list.PeakBytes)/n/1e3)
	}
}

func (r *Report) builds(b *strings.Builder) {
	if len(r.Builds) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## What a run adds\n\n`chmod run` of %d models, views and tables that read tables, on the embedded engine. The bare loop sends the statements of that run again with\n"+
		"nothing but clickhouse-go, one after the other on a database in the same state, but for chmod's own journal; \"changes\" leaves out those that only ask.\n\n"+
		"| run | threads | chmod | its CPU | nothing selected | bare loop | changes | ratio | added a model | without start-up |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n", r.Builds[0].Models)
	for _, x := range r.Builds {
		fmt.Fprintf(b, "| %s | %d | %.2f s | %.2f s | %.2f s |", x.What, x.Threads, x.Chmod.Seconds, x.Chmod.CPUSeconds, x.Idle.Seconds)
		if x.Bare == nil {
			b.WriteString(" | | | | |\n")
			continue
		}
		all, running := x.PerModel()
		fmt.Fprintf(b, " %.2f s | %.2f s | %.2f | %.2f ms | %.2f ms |\n", x.Bare.Seconds, x.BareChanges.Seconds, x.Ratio(), all, running)
	}
	b.WriteString("\nStatements of one run, from the server's log:\n\n")
	for _, x := range r.Builds {
		var kinds []string
		for _, kind := range slices.Sorted(maps.Keys(x.Statements)) {
			kinds = append(kinds, fmt.Sprintf("%s %d", kind, x.Statements[kind]))
		}
		fmt.Fprintf(b, "- %s, threads %d: %s; %d questions that were asked before in the same run\n", x.What, x.Threads, strings.Join(kinds, ", "), x.Repeated)
	}
}

func (r *Report) seeds(b *strings.Builder) {
	s := r.Seed
	if s == nil {
		return
	}
	fmt.Fprintf(b, "\n## Seeds\n\n%s rows of 4 columns, %.1f MB of CSV. The bare inserts are batches of clickhouse-go of %s rows: of values made in Go, and of\n"+
		"values read from the same file with encoding/csv. They know the types; chmod looks at every cell first to find them out.\n\n"+
		"| what | time | CPU | peak memory |\n|---|---:|---:|---:|\n", thousands(s.Rows), float64(s.Bytes)/1e6, thousands(bareBatch))
	fmt.Fprintf(b, "| `chmod seed` | %s |\n| bare insert | %s |\n| bare insert from the file | %s |\n| `chmod seed` of %s rows | %s |\n",
		s.Chmod, s.Bare, s.BareCSV, thousands(s.Rows/10), s.Small)
	if s.Large != nil {
		fmt.Fprintf(b, "| `chmod seed` of %s rows, %.0f MB | %s |\n", thousands(s.LargeRows), float64(s.LargeBytes)/1e6, *s.Large)
	}
	bare, fromFile := s.Ratio()
	fmt.Fprintf(b, "\nchmod's time is %.2f times that of the bare insert, %.2f times that of the one from the file.\n", bare, fromFile)
}

// thousands is a number with commas.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// gigabytes is an amount of memory as the system tells it, "16000000 kB", in
// larger units.
func gigabytes(told string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(told, " kB"))
	if err != nil {
		return told
	}
	return fmt.Sprintf("%.0f GB", float64(n)/(1<<20))
}

// oneLine is a message that fits into a list.
func oneLine(text string) string {
	return tail(strings.Join(strings.Fields(text), " "), 600)
}
