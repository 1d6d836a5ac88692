package clustertest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/matrix"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

// TestMatrixPage holds the page to the cases there are: each of its series is
// one of TestMatrix's, struck after steps that a rebuild has. Those of chmod's
// deaths are cmd/clustertest's.
func TestMatrixPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/cluster-matrix.md")
	require.NoError(t, err)
	page := string(text)
	mine := map[string]string{}
	for _, layout := range layouts {
		for _, f := range faults() {
			if len(f.layouts) == 0 || slices.Contains(f.layouts, layout) {
				mine[layout+" "+f.name] = layout
			}
		}
	}
	steps := map[string][]string{}
	for _, layout := range layouts {
		s := newShop(t, layout)
		s.first()
		plan := s.begin().plan(s.orders(), watch.SQL(2))
		for k := range len(plan.Steps) + 1 {
			steps[layout] = append(steps[layout], after(plan, k))
		}
	}
	for key, struck := range matrix.Headings(page) {
		if strings.Contains(key, " chmod ") {
			continue
		}
		layout, known := mine[key]
		require.True(t, known, "the page has a series that no test makes: %s; run make cluster-matrix", key)
		require.NotEmpty(t, struck, key)
		for _, step := range struck {
			require.Contains(t, steps[layout], step, "%s: no rebuild has that step; run make cluster-matrix", key)
		}
	}
	var tried []string
	for _, c := range contests() {
		tried = append(tried, fmt.Sprintf("%s (%s)", c.what, c.layout))
	}
	for line := range strings.Lines(page) {
		if what, _, ok := strings.Cut(line, " | dbt | "); ok {
			require.Contains(t, tried, strings.TrimPrefix(what, "| "), "run make cluster-matrix")
		}
	}
}
