package view

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Rotating is a log file that is put aside when it has grown: file becomes
// file.1, that file.2, and the oldest goes.
type Rotating struct {
	path string
	most int64 // 0 for no end
	file *os.File
	size int64
}

// kept is how many files put aside are kept.
const kept = 5

// OpenRotating opens a log file for appending, and makes its folder.
func OpenRotating(path string, most int64) (*Rotating, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("open the log file: %w", err)
	}
	r := &Rotating{path: path, most: most}
	if err := r.open(); err != nil {
		return nil, fmt.Errorf("open the log file: %w", err)
	}
	return r, nil
}

func (r *Rotating) open() error {
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	r.file, r.size = f, info.Size()
	return nil
}

// Write appends, in a new file when this one would grow too large.
func (r *Rotating) Write(text []byte) (int, error) {
	if r.most > 0 && r.size > 0 && r.size+int64(len(text)) > r.most {
		if err := r.rotate(); err != nil {
			return 0, err
		}
	}
	n, err := r.file.Write(text)
	r.size += int64(n)
	return n, err
}

func (r *Rotating) rotate() error {
	if err := r.file.Close(); err != nil {
		return err
	}
	for n := kept - 1; n >= 0; n-- {
		if err := os.Rename(r.aside(n), r.aside(n+1)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return r.open()
}

// aside is the name of the nth file put aside; the 0th is the file itself.
func (r *Rotating) aside(n int) string {
	if n == 0 {
		return r.path
	}
	return fmt.Sprintf("%s.%d", r.path, n)
}

// Close closes the file.
func (r *Rotating) Close() error { return r.file.Close() }
