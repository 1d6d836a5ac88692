package invocation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBrief(t *testing.T) {
	long := strings.Repeat("ä", 200)
	for said, want := range map[string]string{
		"Unknown table engine X": "Unknown table engine X",
		"failed at position 1 (x). Expected one of: FROM, end of query":            "failed at position 1 (x). Expected one of: FROM, end of query",
		"failed at position 1 (x). Expected one of: a, b, c, d, e, f, g, h, i":     "failed at position 1 (x)",
		"Missing columns: 'x', available columns: '_part' 'id' '_row_exists' 'at'": "Missing columns: 'x', available columns: 'at' 'id'",
		"Unknown identifier `x` in scope SELECT " + long:                           "Unknown identifier `x` in scope SELECT " + strings.Repeat("ä", 116) + " ...",
		"Unknown identifier `x` in scope SELECT x":                                 "Unknown identifier `x` in scope SELECT x",
	} {
		require.Equal(t, want, brief(said))
	}
}
