package folder

import (
	"bytes"
	"os"
	"path/filepath"
)

// busy reports whether a process was started with something of the folder in its
// command line, or works in it: servers end a moment after who started them.
func busy(path string) bool {
	inside := []byte(path + string(filepath.Separator))
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return true
	}
	for _, p := range processes {
		// A process that is gone by now, or another user's, is not at work there.
		if line, err := os.ReadFile(filepath.Join(p, "cmdline")); err == nil && bytes.Contains(line, inside) {
			return true
		}
		if at, err := os.Readlink(filepath.Join(p, "cwd")); err == nil && bytes.HasPrefix(append([]byte(at), filepath.Separator), inside) {
			return true
		}
	}
	return false
}
