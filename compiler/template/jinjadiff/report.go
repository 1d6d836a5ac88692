package jinjadiff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Report counts what a run found.
type Report struct {
	counts map[string]*count
	known  map[string]int
	kinds  map[string]int
	// New are differences that no entry of the table explains, the first of
	// each kind.
	New []Difference
	// Fresh is how many there are in all.
	Fresh int
	// Slow are questions that we came to no end with.
	Slow []Ask
}

// count is of one source of questions.
type count struct{ asked, texts, errors, known, fresh, lost int }

// NewReport is an empty one.
func NewReport() *Report {
	return &Report{counts: map[string]*count{}, known: map[string]int{}, kinds: map[string]int{}}
}

func (r *Report) of(ask Ask) *count {
	source, _, _ := strings.Cut(ask.From, ":")
	if r.counts[source] == nil {
		r.counts[source] = &count{}
	}
	c := r.counts[source]
	c.asked++
	return c
}

func (r *Report) agree(ask Ask, python, ours Answer) {
	c := r.of(ask)
	switch {
	case python.Lost != "":
		c.lost++
		if ours.Error == "no end" {
			r.Slow = append(r.Slow, ask)
		}
	case python.Want != nil:
		c.texts++
	default:
		c.errors++
	}
}

func (r *Report) unknown(kind string) int { return r.kinds[kind] }

func (r *Report) differ(ask Ask, d Difference) {
	c := r.of(ask)
	if d.Known != "" {
		c.known++
		r.known[d.Known]++
		return
	}
	c.fresh++
	r.Fresh++
	r.kinds[d.Kind()]++
	if r.kinds[d.Kind()] <= enough {
		r.New = append(r.New, d)
	}
}

// String is the table of the counts, then the differences.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-18s %8s %8s %8s %8s %8s %8s\n", "", "asked", "text", "error", "known", "new", "lost")
	for _, source := range slices.Sorted(maps.Keys(r.counts)) {
		c := r.counts[source]
		fmt.Fprintf(&b, "%-18s %8d %8d %8d %8d %8d %8d\n", source, c.asked, c.texts, c.errors, c.known, c.fresh, c.lost)
	}
	b.WriteString("text, error: both say the same; lost: Python came to no end, ran out of memory or failed by itself\n")
	for _, name := range slices.Sorted(maps.Keys(r.known)) {
		fmt.Fprintf(&b, "known %6d  %s\n", r.known[name], name)
	}
	for _, kind := range slices.Sorted(maps.Keys(r.kinds)) {
		fmt.Fprintf(&b, "new   %6d  %s\n", r.kinds[kind], kind)
	}
	for _, ask := range r.Slow {
		fmt.Fprintf(&b, "\nno end: %s %q\n", ask.From, ask.Template)
	}
	for _, d := range r.New {
		fmt.Fprintf(&b, "\n%s\n", d)
	}
	return b.String()
}

// Err is nil when nothing new was found.
func (r *Report) Err() error {
	if r.Fresh+len(r.Slow) == 0 {
		return nil
	}
	return fmt.Errorf("%d differences that are not in the table, %d templates without end", r.Fresh, len(r.Slow))
}
