package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// difference is one thing that the two say differently about a project.
type difference struct {
	// kind is where it is, without names: nodes model.config.tags.
	kind string
	// id is the resource; empty for the project as a whole.
	id string
	// note is the mistake that was made on purpose, if any.
	note       string
	dbt, chmod any
}

// absent stands for a key that only the other side has.
const absent = "<absent>"

// report counts differences: those of known classes by class, others by kind.
type report struct {
	show     int
	known    map[string]int
	kinds    map[string]int
	examples map[string][]string
	projects int
	failed   int
	nodes    int
	sql      int
	warnings int
	// alone are projects that only one of the two refuses.
	alone int
}

func newReport(show int) *report {
	return &report{show: show, known: map[string]int{}, kinds: map[string]int{}, examples: map[string][]string{}}
}

func (r *report) add(where string, d difference) {
	if name := knownAs(d); name != "" {
		r.known[name]++
		return
	}
	r.kinds[d.kind]++
	if len(r.examples[d.kind]) < r.show {
		r.examples[d.kind] = append(r.examples[d.kind], fmt.Sprintf("%s\n      dbt   %s\n      chmod %s", where, text(d.dbt), text(d.chmod)))
	}
}

// total is how many differences nobody explained.
func (r *report) total() int { return sum(r.kinds) }

func sum(of map[string]int) int {
	n := 0
	for _, c := range of {
		n += c
	}
	return n
}

func (r *report) print(out io.Writer) {
	for _, name := range byCount(r.known) {
		fmt.Fprintf(out, "%5d  known: %s\n", r.known[name], name)
	}
	for _, k := range byCount(r.kinds) {
		fmt.Fprintf(out, "%5d  %s\n", r.kinds[k], k)
		for _, e := range r.examples[k] {
			fmt.Fprintf(out, "    %s\n", e)
		}
	}
	fmt.Fprintf(out, "%d projects (%d that dbt refuses), %d resources, %d compiled texts, %d warnings: %d differences of %d known classes, %d unexplained of %d kinds\n",
		r.projects, r.failed, r.nodes, r.sql, r.warnings, sum(r.known), len(r.known), r.total(), len(r.kinds))
}

// byCount are the keys, the most frequent first.
func byCount(of map[string]int) []string {
	return slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		if d := of[b] - of[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return clip(s)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return clip(string(b))
}

func clip(s string) string {
	const longest = 1200
	if len(s) > longest {
		return s[:longest] + " ..."
	}
	return s
}
