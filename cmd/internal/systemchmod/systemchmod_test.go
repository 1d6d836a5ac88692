package systemchmod

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheirs(t *testing.T) {
	ours := Ours{
		Commands: []string{"run", "build", "ls"},
		Valued:   []string{"--target", "-t", "--project-dir"},
		Alone:    []string{"--version", "--help", "-h"},
		Similar:  func(w string) bool { return slices.Contains([]string{"biuld", "rnu"}, w) },
	}
	for call, theirs := range map[string]bool{
		"":                         false,
		"run":                      false,
		"build --select x":         false,
		"--target dev run":         false,
		"-t dev run":               false,
		"-tclickhouse run":         false,
		"-x run":                   false,
		"--version":                false,
		"-h":                       false,
		"biuld":                    false,
		"rnu --select x":           false,
		"755 f":                    true,
		"0644 f":                   true,
		"u+w d":                    true,
		"+x f":                     true,
		"-x f":                     true,
		"-w f":                     true,
		"-t dir":                   true,
		"a=r,u+w f":                true,
		"g=u f":                    true,
		"-R u+w d":                 true,
		"-Rv 700 d":                true,
		"--reference=a b":          true,
		"--reference=a build":      true,
		"-R --reference a run":     true,
		"-R build":                 true,
		"-xR run":                  true,
		"--recursive --verbose +x": true,
		"-- -x f":                  true,
		"-v 644 f":                 true,
		"nonsense file":            true,
	} {
		require.Equal(t, theirs, Theirs(strings.Fields(call), ours), "chmod %s", call)
	}
}

func TestFindNeverFindsItself(t *testing.T) {
	dir := t.TempDir()
	self := filepath.Join(dir, "chmod")
	require.NoError(t, os.WriteFile(self, nil, 0o755))
	link := filepath.Join(t.TempDir(), "chmod")
	require.NoError(t, os.Link(self, link))
	other := filepath.Join(t.TempDir(), "chmod")
	require.NoError(t, os.WriteFile(other, []byte("x"), 0o755))

	found, err := find(self, []string{dir, filepath.Dir(link), filepath.Dir(other)})
	require.NoError(t, err)
	require.Equal(t, other, found)

	found, err = find(self, []string{dir})
	require.NoError(t, err)
	require.Contains(t, []string{"/bin/chmod", "/usr/bin/chmod"}, found)
}
