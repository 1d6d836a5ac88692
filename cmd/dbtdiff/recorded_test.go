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

func TestClassesHaveReasonsAndExamples(t *testing.T) {
	names := map[string]bool{}
	for _, c := range classes() {
		require.False(t, names[c.name], c.name)
		names[c.name] = true
		require.Regexp(t, `^[a-zA-Z].{30,}\.$`, c.why, c.name)
		require.Equal(t, c.name, knownAs(c.example))
	}
	require.Empty(t, knownAs(difference{kind: "nodes model.config.materialized", dbt: "view", chmod: "table"}))
	require.Empty(t, knownAs(difference{kind: "nodes model.compiled_code", dbt: "select 1", chmod: "select 2"}))
	require.Empty(t, knownAs(difference{kind: "only dbt refuses it", dbt: "CompilationError: no"}))
}

func TestThePageTellsTheDifferences(t *testing.T) {
	page, err := os.ReadFile("../../docs/dbt.md")
	require.NoError(t, err)
	for _, c := range classes() {
		require.Contains(t, string(page), "| "+c.name+" | "+c.why+" |")
	}
	require.Equal(t, len(classes()), strings.Count(string(page), "\n| ")-strings.Count(string(page), "\n| difference"), "a line for each class, and no other")
}

func TestEachMistakeHasItsProject(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range generate.Spoiled() {
		require.False(t, seen[p.Mistake], p.Mistake)
		seen[p.Mistake] = true
		require.Contains(t, p.Names(), "models/good.sql")
	}
	require.GreaterOrEqual(t, len(seen), 80)
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
