package view

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRotating(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "dbt.log")
	write := func(most int64, lines ...string) {
		r, err := OpenRotating(path, most)
		require.NoError(t, err)
		for _, line := range lines {
			_, err := r.Write([]byte(line + "\n"))
			require.NoError(t, err)
		}
		require.NoError(t, r.Close())
	}
	text := func(name string) string {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		return string(b)
	}
	write(10, "aaaa", "bbbb")
	require.Equal(t, "aaaa\nbbbb\n", text(path), "it may be full")
	require.NoFileExists(t, path+".1")
	write(10, "c")
	require.Equal(t, "c\n", text(path))
	require.Equal(t, "aaaa\nbbbb\n", text(path+".1"))
	write(10, strings.Repeat("d", 50), "e")
	require.Equal(t, "e\n", text(path))
	require.Equal(t, strings.Repeat("d", 50)+"\n", text(path+".1"), "a line is never cut")
	require.Equal(t, "c\n", text(path+".2"))
	write(3, "f", "gg", "hh", "ii", "jj", "kk")
	require.FileExists(t, path+".5")
	require.NoFileExists(t, path+".6")
	write(0, strings.Repeat("x", 1000))
	require.Equal(t, "kk\n"+strings.Repeat("x", 1000)+"\n", text(path), "0 is no end")
}

func TestRotatingInAFolderThatIsNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := OpenRotating(filepath.Join(file, "dbt.log"), 0)
	require.ErrorContains(t, err, "open the log file")
}

func TestScrubbed(t *testing.T) {
	var b strings.Builder
	out := Scrubbed(&b, []string{"hunter2", "", `qu"ote`})
	n, err := out.Write([]byte("a hunter2 b hunter22\n"))
	require.NoError(t, err)
	require.Equal(t, 21, n)
	_, err = out.Write([]byte(`{"x":"qu\"ote"}`))
	require.NoError(t, err)
	require.Equal(t, "a ***** b *****2\n"+`{"x":"*****"}`, b.String())
	require.Equal(t, &b, Scrubbed(&b, nil))
}
