package clustertest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/bed/matrix"
)

// TestDeathsPage holds the page to the cases there are: chmod is killed at each
// step that a rebuild has, on shards at those that the page tells.
func TestDeathsPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/cluster-matrix.md")
	require.NoError(t, err)
	headings := matrix.Headings(string(text))
	found := 0
	for _, layout := range []string{"1x3", "2x2"} {
		var want []string
		for _, d := range deaths() {
			struck := headings[layout+" "+d.name]
			found++
			if want == nil {
				s := newShop(t, bedtest.Open(t, layout))
				s.run(s.next()...)
				for _, step := range s.steps() {
					want = append(want, fmt.Sprintf("%d %s", step.number, step.purpose))
				}
			}
			require.NotEmpty(t, struck, "%s %s: run make cluster-matrix", layout, d.name)
			if layout != "1x3" {
				require.Subset(t, want, struck, "%s %s: run make cluster-matrix", layout, d.name)
				continue
			}
			require.Equal(t, want, struck, "%s %s: run make cluster-matrix", layout, d.name)
		}
	}
	for key := range headings {
		if strings.Contains(key, " chmod ") {
			found--
		}
	}
	require.Zero(t, found, "the page has deaths that no test makes")
}
