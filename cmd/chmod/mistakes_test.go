package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/internal/command"
)

var update = flag.Bool("update", false, "write the golden files of testdata/mistakes anew")

// TestMistakes makes the calls of testdata/mistakes, each file being a project
// with mistakes in it, and compares all that the user then sees.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "mistakes", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		file, err := filepath.Abs(file)
		require.NoError(t, err)
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			calls, want := unpackMistakes(t, archive)
			require.NotEmpty(t, calls, "a file named calls has one call a line")
			var got strings.Builder
			for _, call := range calls {
				got.WriteString(seen(t, call))
			}
			if *update {
				archive.Files[want].Data = []byte(got.String())
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
				return
			}
			require.Equal(t, string(archive.Files[want].Data), got.String())
		})
	}
}

// unpackMistakes writes the project's files to this folder, and gives the
// calls and the place of what is expected of them.
func unpackMistakes(t *testing.T, archive *txtar.Archive) (calls []string, want int) {
	t.Helper()
	want = -1
	for i, f := range archive.Files {
		switch f.Name {
		case "want":
			want = i
		case "calls":
			calls = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		default:
			at := filepath.FromSlash(f.Name)
			require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
			// A byte that is no text is written \xff.
			data := bytes.ReplaceAll(f.Data, []byte(`\xff`), []byte{0xff})
			require.NoError(t, os.WriteFile(at, data, 0o644))
		}
	}
	require.GreaterOrEqual(t, want, 0, "a file named want has what the user sees")
	return calls, want
}

var timeOfDay = regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d\b`)

// seen makes one call and gives what it shows and how it ends.
func seen(t *testing.T, call string) string {
	t.Helper()
	args := words(call)
	require.Equal(t, "chmod", args[0])
	dir, err := os.Getwd()
	require.NoError(t, err)
	var out, errs bytes.Buffer
	code := command.Main(append(args[1:], "--log-level-file", "none"), command.Surroundings{
		Version: "test", In: strings.NewReader(""), Out: &out, Err: &errs,
		Env: func(name string) (string, bool) { return dir, name == "HOME" },
	})
	said := strings.ReplaceAll(out.String()+errs.String(), dir, "$DIR")
	return fmt.Sprintf("$ %s\n%s[exit code %d]\n\n", call, timeOfDay.ReplaceAllString(said, "TIME"), code)
}
