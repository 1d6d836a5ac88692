package generate_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// TestProjectIsWhole loads a generated project: it has what it says it has,
// and no mistakes.
func TestProjectIsWhole(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, generate.Project{Models: 200, Seed: 1}.Write(dir))
	p, err := compiler.Load(t.Context(), compiler.Options{ProjectDir: dir, ProfilesDir: dir, Env: func(string) (string, bool) { return "", false }})
	var failure *diag.Failure
	if errors.As(err, &failure) {
		require.Empty(t, failure.Error())
	}
	require.NoError(t, err)
	require.Empty(t, p.Warnings.All())
	count, refs, macros := map[string]int{}, 0, 0
	for _, n := range p.Manifest.Nodes {
		if n.Package == generate.Name {
			count[n.ResourceType]++
			if n.ResourceType == "model" {
				refs += len(n.Refs)
			}
		}
	}
	for _, m := range p.Manifest.Macros {
		if m.Package == generate.Name {
			macros++
		}
	}
	require.Equal(t, 200, count["model"])
	require.Equal(t, 400, count["test"])
	require.InDelta(t, 600, refs, 40)
	require.Equal(t, 100, macros)
}

// TestSameSeedSameBytes writes a project twice.
func TestSameSeedSameBytes(t *testing.T) {
	one, two, other := t.TempDir(), t.TempDir(), t.TempDir()
	require.NoError(t, generate.Project{Models: 60, Seed: 1}.Write(one))
	require.NoError(t, generate.Project{Models: 60, Seed: 1}.Write(two))
	require.NoError(t, generate.Project{Models: 60, Seed: 2}.Write(other))
	require.Equal(t, texts(t, one), texts(t, two))
	require.NotEqual(t, texts(t, one), texts(t, other))
}

func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[rel] = string(text)
		return err
	})
	require.NoError(t, err)
	return all
}
