package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/internal/command"
)

// TestListAnswersAsDbtDoes makes the calls of testdata/ls_wallet.txt.
func TestListAnswersAsDbtDoes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "ls_wallet.txt"))
	require.NoError(t, err)
	target := t.TempDir()
	calls := 0
	for block := range strings.SplitSeq(string(text), "\n\n") {
		line, want, _ := strings.Cut(strings.TrimSpace(block), "\n")
		call, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		calls++
		t.Run(call, func(t *testing.T) {
			args := append(words(call), "--quiet", "--project-dir", filepath.Join("..", "..", "examples", "wallet"),
				"--target-path", target, "--log-level-file", "none")
			var out, complaints bytes.Buffer
			code := command.Main(args, command.Surroundings{
				Version: "test", In: strings.NewReader(""), Out: &out, Err: &complaints, Env: func(string) (string, bool) { return "", false },
			})
			require.Zero(t, code, complaints.String())
			require.Equal(t, lines(want), lines(out.String()))
		})
	}
	require.Greater(t, calls, 60)
}

// words splits a call as a shell does, as far as these calls need it.
func words(call string) []string {
	var out []string
	for i, part := range strings.Split(call, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

func lines(text string) []string {
	sorted := strings.Split(strings.TrimSpace(text), "\n")
	slices.Sort(sorted)
	return sorted
}
