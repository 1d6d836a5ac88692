package embedded_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

func TestFindLooksInOrder(t *testing.T) {
	root := t.TempDir()
	project := filepath.Join(root, "repo", "projects", "shop")
	places := []struct {
		path string
		kind embedded.Kind
	}{
		{filepath.Join(root, "named", "libchdb.so"), embedded.Library},
		{filepath.Join(project, ".chmod", "engine", "libchdb.so"), embedded.Library},
		{filepath.Join(project, ".engine", "libchdb.dylib"), embedded.Library},
		{filepath.Join(root, "repo", ".engine", "libchdb.so"), embedded.Library},
		{filepath.Join(root, "data", "chmod", "engine", "libchdb.so"), embedded.Library},
		{filepath.Join(root, "system", "libchdb.so"), embedded.Library},
		{filepath.Join(root, "bin", "clickhouse"), embedded.Binary},
	}
	for _, place := range places {
		require.NoError(t, os.MkdirAll(filepath.Dir(place.path), 0o700))
		require.NoError(t, os.WriteFile(place.path, nil, 0o700))
	}
	variables := map[string]string{
		embedded.EngineVariable: places[0].path,
		"XDG_DATA_HOME":         filepath.Join(root, "data"),
	}
	search := embedded.Search{
		Project: project,
		Getenv:  func(name string) string { return variables[name] },
		LookPath: func(name string) (string, error) {
			path := filepath.Join(root, "bin", name)
			_, err := os.Stat(path)
			return path, err
		},
		System: filepath.Join(root, "system"),
	}
	// Each is found when those before it are gone.
	for i, place := range places {
		engine, err := embedded.Find(search)
		require.NoError(t, err)
		require.Equal(t, embedded.Engine{Kind: place.kind, Path: place.path}, engine)
		require.NoError(t, os.Remove(place.path))
		if i == 0 {
			_, err := embedded.Find(search)
			require.ErrorContains(t, err, embedded.EngineVariable, "one that is named and missing is not passed over")
			delete(variables, embedded.EngineVariable)
		}
	}
	_, err := embedded.Find(search)
	var missing *embedded.NotFound
	require.ErrorAs(t, err, &missing)
	require.Contains(t, err.Error(), "chmod engine install")
	for _, place := range []int{1, 3, 4, 5} {
		require.Contains(t, missing.Looked, places[place].path)
	}
}

func TestFindRefusesWhatIsNoEngine(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "engine.sh")
	require.NoError(t, os.WriteFile(script, nil, 0o700))
	locked := filepath.Join(dir, "clickhouse")
	require.NoError(t, os.WriteFile(locked, nil, 0o600))
	for path, complaint := range map[string]string{
		script: "neither libchdb",
		locked: "not executable",
		dir:    "not a file",
	} {
		_, err := embedded.Find(embedded.Search{Getenv: func(name string) string {
			if name == embedded.EngineVariable {
				return path
			}
			return ""
		}})
		require.ErrorContains(t, err, complaint)
	}
}

func TestFindWithoutHomeStillAnswers(t *testing.T) {
	_, err := embedded.Find(embedded.Search{
		Getenv:   func(string) string { return "" },
		LookPath: func(string) (string, error) { return "", errors.New("not on PATH") },
		System:   t.TempDir(),
	})
	var missing *embedded.NotFound
	require.ErrorAs(t, err, &missing)
}
