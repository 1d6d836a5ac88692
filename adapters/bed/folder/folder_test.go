package folder_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/folder"
)

// beOwner makes the test binary make a folder in the one that it names, and live
// until its input ends.
const beOwner = "CHMOD_FOLDER_TEST_BE_OWNER"

func TestMain(m *testing.M) {
	if parent := os.Getenv(beOwner); parent != "" {
		f, err := folder.New(parent, "bed-")
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		if err := os.MkdirAll(filepath.Join(f.Path, "data", "parts"), 0o700); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(f.Path)
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // its end is what counts
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// owner is another process that has made a folder.
func owner(t *testing.T, parent string) (path string, kill func()) {
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), beOwner+"="+parent)
	in, err := c.StdinPipe()
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	path, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	t.Cleanup(func() { _ = in.Close() })
	return path[:len(path)-1], func() {
		require.NoError(t, c.Process.Kill())
		_ = c.Wait() // it was killed
	}
}

func TestSweepsTheDead(t *testing.T) {
	parent := t.TempDir()
	living, _ := owner(t, parent)
	dead, kill := owner(t, parent)
	kill()
	require.DirExists(t, dead)
	// Nobody knows whose these are.
	for _, name := range []string{"bed-of-old", "engine-1"} {
		require.NoError(t, os.Mkdir(filepath.Join(parent, name), 0o700))
	}
	require.NoError(t, os.WriteFile(filepath.Join(parent, "engine-1", ".owner"), nil, 0o600))

	f, err := folder.New(parent, "bed-")
	require.NoError(t, err)
	require.NoDirExists(t, dead)
	for _, path := range []string{living, f.Path, filepath.Join(parent, "bed-of-old"), filepath.Join(parent, "engine-1")} {
		require.DirExists(t, path)
	}
	require.DirExists(t, filepath.Join(living, "data", "parts"))
	require.NoError(t, f.Remove())
	require.NoError(t, f.Remove())
	require.NoDirExists(t, f.Path)
}

// TestSparesServers: a folder whose owner is dead stays as long as a process of
// it is at work.
func TestSparesServers(t *testing.T) {
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("processes cannot be seen here")
	}
	parent := t.TempDir()
	dead, kill := owner(t, parent)
	server := exec.CommandContext(t.Context(), os.Args[0])
	server.Env, server.Dir = append(os.Environ(), beOwner+"="+t.TempDir()), filepath.Join(dead, "data")
	in, err := server.StdinPipe()
	require.NoError(t, err)
	out, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	kill()

	f, err := folder.New(parent, "bed-")
	require.NoError(t, err)
	require.DirExists(t, dead)
	require.NoError(t, in.Close())
	require.NoError(t, server.Wait())
	again, err := folder.New(parent, "bed-")
	require.NoError(t, err)
	require.NoDirExists(t, dead)
	require.NoError(t, f.Remove())
	require.NoError(t, again.Remove())
}

func TestLeave(t *testing.T) {
	parent := t.TempDir()
	f, err := folder.New(parent, "bed-")
	require.NoError(t, err)
	require.NoError(t, f.Leave())
	other, err := folder.New(parent, "bed-")
	require.NoError(t, err)
	require.DirExists(t, f.Path)
	require.NoError(t, other.Remove())
}
