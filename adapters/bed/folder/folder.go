// Package folder makes folders for servers of tests, and removes those of tests
// that were killed: servers write thousands of small files, and a folder in
// memory, or a disk, has room for so many.
//
// Its main type is Folder, which New makes. The package refuses to remove what a
// process may still be at work in.
package folder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// owner is the file in each folder that its owner holds a lock on as long as it
// lives. The system lets go of that when the process ends, however it does.
const owner = ".owner"

// Folder is one that this process owns.
type Folder struct {
	Path string
	lock *os.File
}

// New makes a folder in a parent, the system's for temporary files when that is
// empty, whose name begins with prefix. It removes those of that prefix first
// whose owners are dead, and leaves alone those without an owner's file.
func New(parent, prefix string) (*Folder, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweep(parent, prefix)
	for {
		path, err := os.MkdirTemp(parent, prefix)
		if err != nil {
			return nil, err
		}
		f, err := own(path)
		if err != nil {
			return nil, errors.Join(err, os.RemoveAll(path))
		}
		if f != nil {
			return f, nil
		}
	}
}

// own takes a new folder. It is nil when somebody who sweeps was faster.
func own(path string) (*Folder, error) {
	file, err := os.OpenFile(filepath.Join(path, owner), os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !locked(file) {
		return nil, file.Close()
	}
	held, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if there, err := os.Stat(file.Name()); err != nil || !os.SameFile(held, there) {
		return nil, file.Close()
	}
	return &Folder{Path: path, lock: file}, nil
}

func locked(file *os.File) bool {
	return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}

// Leave gives the folder to processes that outlive this one: nobody removes it.
func (f *Folder) Leave() error {
	return errors.Join(os.Remove(f.lock.Name()), f.lock.Close())
}

// Remove removes the folder with all that is in it. It may be called again.
func (f *Folder) Remove() error {
	err := os.RemoveAll(f.Path)
	if closeErr := f.lock.Close(); !errors.Is(closeErr, os.ErrClosed) {
		err = errors.Join(err, closeErr)
	}
	return err
}

// sweep removes the folders of dead owners. What cannot be removed now is the
// next sweep's.
func sweep(parent, prefix string) {
	files, err := filepath.Glob(filepath.Join(parent, prefix+"*", owner))
	if err != nil {
		return // the prefix is no pattern
	}
	for _, path := range files {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if locked(file) && !busy(filepath.Dir(path)) {
			_ = empty(filepath.Dir(path))
		}
		_ = file.Close() // it was not written to
	}
}

// empty removes a folder, the owner's file last: without it, nobody would come
// back to the rest.
func empty(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == owner {
			continue
		}
		if err := os.RemoveAll(filepath.Join(path, e.Name())); err != nil {
			return fmt.Errorf("remove what a dead process has left: %w", err)
		}
	}
	return os.RemoveAll(path)
}
