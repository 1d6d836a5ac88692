package systemchmod

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Exec replaces this process by the system's chmod. It only returns when that
// cannot be done.
func Exec(args []string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the system's chmod: %w", err)
	}
	path, err := find(self, filepath.SplitList(os.Getenv("PATH")))
	if err != nil {
		return err
	}
	// The name as it is known, not the path: messages begin with it.
	if err := syscall.Exec(path, append([]string{"chmod"}, args...), os.Environ()); err != nil {
		return fmt.Errorf("run %s: %w", path, err)
	}
	return nil
}

// find looks for a chmod that is not ourselves: on PATH, then where systems
// keep it.
func find(self string, dirs []string) (string, error) {
	own, err := os.Stat(self)
	if err != nil {
		return "", fmt.Errorf("find the system's chmod: %w", err)
	}
	for _, dir := range append(dirs, "/bin", "/usr/bin") {
		path := filepath.Join(dir, "chmod")
		info, err := os.Stat(path)
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 || os.SameFile(own, info) {
			continue
		}
		return path, nil
	}
	return "", fmt.Errorf("there is no other chmod on PATH, in /bin or in /usr/bin to hand this call to")
}
