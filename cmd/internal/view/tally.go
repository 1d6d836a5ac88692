package view

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Counts are how many nodes ended how.
type Counts struct{ Pass, Warn, Error, Skip, NoOp, Total int }

// Tally counts results.
func Tally(results []event.Result) Counts {
	c := Counts{Total: len(results)}
	for _, r := range results {
		switch r.Status {
		case event.Success, event.Pass:
			c.Pass++
		case event.WarnStatus:
			c.Warn++
		case event.Skipped:
			c.Skip++
		default:
			c.Error++
		}
	}
	return c
}

// String is the line that dbt's callers look for.
func (c Counts) String() string {
	return fmt.Sprintf("Done. PASS=%d WARN=%d ERROR=%d SKIP=%d NO-OP=%d TOTAL=%d", c.Pass, c.Warn, c.Error, c.Skip, c.NoOp, c.Total)
}

// worked tells how many nodes of each kind there were.
func worked(results []event.Result) string {
	counts := map[string]int{}
	var order []string
	for _, r := range results {
		kind := r.Node.ResourceType
		switch {
		case r.Node.Hook != nil:
			kind = "project hook"
		case kind == manifest.Test:
			kind = "data test"
		case kind == manifest.Model:
			kind = r.Node.Materialized() + " model"
		}
		if counts[kind] == 0 {
			order = append(order, kind)
		}
		counts[kind]++
	}
	parts := make([]string, len(order))
	for i, kind := range order {
		parts[i] = plural(counts[kind], kind)
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
