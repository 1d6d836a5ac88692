package project

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadFile reads files that are smaller than the room, as large, and
// larger, and what is no file.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	room := make([]byte, 100)
	for _, size := range []int{0, 1, 99, 100, 101, 5000} {
		want := bytes.Repeat([]byte("x"), size)
		path := filepath.Join(dir, "f")
		require.NoError(t, os.WriteFile(path, want, 0o600))
		got, err := readFile(path, room)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
		for i := range room {
			room[i] = 'y' // what was read is nobody else's
		}
		require.Equal(t, string(want), string(got))
	}
	_, err := readFile(filepath.Join(dir, "none"), room)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = readFile(dir, room)
	require.Error(t, err)
}
