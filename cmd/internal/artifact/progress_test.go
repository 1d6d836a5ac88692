package artifact

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	folder := t.TempDir()
	_, err := ReadLastRun(folder)
	require.ErrorIs(t, err, ErrNoRun)

	start := func(id string) *Progress {
		p, err := StartProgress(folder, Beginning{InvocationID: id, Host: "here", PID: 7, Args: map[string]any{"which": "build"}}, time.Now())
		require.NoError(t, err)
		return p
	}
	first := start("one")
	last, err := ReadLastRun(folder)
	require.NoError(t, err)
	require.Equal(t, &Unfinished{InvocationID: "one", Host: "here", PID: 7}, last.Unfinished)
	require.Equal(t, "build", last.Which())

	require.NoError(t, first.Nodes([]string{"a", "b", "c"}))
	require.NoError(t, first.Ended("a", "success"))
	require.NoError(t, first.Ended("b", "error"))
	last, err = ReadLastRun(folder)
	require.NoError(t, err)
	require.True(t, last.Unfinished.Begun)
	require.Equal(t, []string{"b", "c"}, last.Again(false))

	// Another run begins meanwhile: the first neither writes into its file nor
	// takes it away.
	second := start("two")
	require.NoError(t, first.Ended("c", "success"))
	require.NoError(t, first.Done())
	last, err = ReadLastRun(folder)
	require.NoError(t, err)
	require.Equal(t, "two", last.Unfinished.InvocationID)
	require.NoError(t, second.Done())
	_, err = ReadLastRun(folder)
	require.ErrorIs(t, err, ErrNoRun)
}

func TestLastRunAgain(t *testing.T) {
	folder := t.TempDir()
	text := `{"args": {"which": "build"}, "results": [
		{"unique_id": "model.a", "status": "success"}, {"unique_id": "model.b", "status": "error"},
		{"unique_id": "model.c", "status": "skipped"}, {"unique_id": "test.d", "status": "fail"},
		{"unique_id": "test.e", "status": "warn"}, {"unique_id": "model.f", "status": "partial success"},
		{"unique_id": "operation.g", "status": "error"}, {"unique_id": "test.h", "status": "pass"}]}`
	require.NoError(t, os.WriteFile(filepath.Join(folder, "run_results.json"), []byte(text), 0o644))
	last, err := ReadLastRun(folder)
	require.NoError(t, err)
	require.Equal(t, []string{"model.b", "model.c", "test.d", "model.f"}, last.Again(false))
	require.Equal(t, []string{"model.b", "model.c", "test.d", "test.e", "model.f"}, last.Again(true))
}

func FuzzReadProgress(f *testing.F) {
	f.Add([]byte("{\"began\":{\"args\":{\"which\":\"run\"}}}\n{\"nodes\":[\"a\"]}\n{\"ended\":{\"unique_id\":\"a\"}}\n{\"en"))
	f.Add([]byte("\n{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), progressName)
		require.NoError(t, os.WriteFile(path, text, 0o644))
		last, err := readProgress(path)
		if err == nil {
			require.NotNil(t, last.Unfinished)
		}
	})
}
