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

// TestMatrixPage holds the page to the cases there are: it names each of
// TestMatrix's series and no other. Those of replicas were struck after each step
// that a rebuild has, those of shards at least after those that matter most. Each
// contest is there. The series of chmod's deaths are cmd/clustertest's.
func TestMatrixPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/cluster-matrix.md")
	require.NoError(t, err)
	page := string(text)
	const again = "run make cluster-matrix"
	found := matrix.Headings(page)
	for _, layout := range layouts {
		s := newShop(t, layout)
		s.first()
		plan := s.begin().plan(s.orders(), watch.SQL(2))
		var all []string
		for _, k := range allBoundaries(plan) {
			all = append(all, after(plan, k))
		}
		for _, f := range faults() {
			if len(f.layouts) > 0 && !slices.Contains(f.layouts, layout) {
				continue
			}
			key := layout + " " + f.name
			struck := found[key]
			delete(found, key)
			require.Contains(t, page, fmt.Sprintf("| %s | %s | %d", f.name, layout, len(struck)), again)
			if s.bed.Shards == 1 {
				require.Equal(t, all, struck, "%s: %s", key, again)
			} else {
				require.Subset(t, all, struck, "%s: %s", key, again)
				for _, k := range fewBoundaries(plan) {
					require.Contains(t, struck, after(plan, k), "%s: %s", key, again)
				}
			}
		}
	}
	for key := range found {
		require.Contains(t, key, " chmod ", "the page has a series that no test makes; %s", again)
	}
	var want, tried []string
	for _, c := range contests() {
		want = append(want, fmt.Sprintf("%s (%s)", c.what, c.layout))
	}
	for line := range strings.Lines(page) {
		if what, _, ok := strings.Cut(line, " | dbt | "); ok {
			tried = append(tried, strings.TrimPrefix(what, "| "))
		}
	}
	require.Equal(t, want, tried, again)
}
