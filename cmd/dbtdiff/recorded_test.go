package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/dbtdiff/generate"
)

// TestRecorded reads projects whose answers were taken from dbt. Each file is
// a project, how it is to be read, and the answer.
func TestRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			require.NotEmpty(t, archive.Comment, "say what it is")
			dir := t.TempDir()
			p := written{dir: dir}
			for _, f := range archive.Files {
				at := filepath.Join(dir, filepath.FromSlash(f.Name))
				require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
				require.NoError(t, os.WriteFile(at, f.Data, 0o644))
				if f.Name == "how.json" {
					require.NoError(t, json.Unmarshal(f.Data, &p.how))
				}
			}
			r := newReport(3)
			require.NoError(t, compareOne(t.Context(), p, r))
			var said strings.Builder
			r.print(&said)
			require.Zero(t, r.total(), said.String())
			require.NotZero(t, r.nodes+r.failed, "nothing was compared")
		})
	}
}

func TestAnOtherAnswerIsADifference(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/recorded/different.txt")
	require.NoError(t, err)
	var a, b map[string]any
	for _, f := range archive.Files {
		into := &a
		if f.Name == "chmod.json" {
			into = &b
		}
		require.NoError(t, json.Unmarshal(f.Data, into))
	}
	r := newReport(1)
	comparison{report: r, dir: "p"}.manifests(a, b)
	var said strings.Builder
	r.print(&said)
	require.Equal(t, string(archive.Comment), said.String())
}

func TestProjectsComeFromTheirSeeds(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(50) {
		p := generate.New(seed)
		require.Equal(t, p, generate.New(seed))
		all, err := json.Marshal(p.Files)
		require.NoError(t, err)
		require.False(t, seen[string(all)], "two seeds give one project")
		seen[string(all)] = true
		require.Contains(t, p.Names(), "dbt_project.yml")
	}
}
