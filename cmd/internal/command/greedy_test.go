package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSpread(t *testing.T) {
	for in, want := range map[string]string{
		"run":                                "run",
		"run --select a b --threads 4":       "run --select a --select b --threads 4",
		"run -s a b -x":                      "run -s a -s b -x",
		"ls --output-keys name tags --quiet": "ls --output-keys name --output-keys tags --quiet",
		"run --select":                       "run --select",
		"run --select=a b":                   "run --select=a b",
		"run --select a -- b c":              "run --select a -- b c",
		"run --exclude tag:x --select +y z":  "run --exclude tag:x --select +y --select z",
	} {
		require.Equal(t, strings.Fields(want), spread(strings.Fields(in)))
	}
}
