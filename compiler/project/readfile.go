package project

import (
	"io"
	"os"
	"syscall"
)

// readFile is os.ReadFile in as few system calls as a regular file needs: a
// project has tens of thousands of files, most of them small. Room is memory
// to read into, for whoever reads the next file.
func readFile(path string, room []byte) ([]byte, error) {
	fd, err := retried(func() (int, error) { return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0) })
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	n := 0
	for n < len(room) {
		read, err := retried(func() (int, error) { return syscall.Read(fd, room[n:]) })
		if err != nil {
			_ = syscall.Close(fd) // it was only read
			return nil, &os.PathError{Op: "read", Path: path, Err: err}
		}
		if read == 0 {
			_ = syscall.Close(fd) // it was only read
			return append(make([]byte, 0, n), room[:n]...), nil
		}
		n += read
	}
	// It is larger than the room.
	file := os.NewFile(uintptr(fd), path)
	defer file.Close() // it was only read
	rest, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return append(append(make([]byte, 0, n+len(rest)), room[:n]...), rest...), nil
}

// retried repeats a system call that a signal interrupts.
func retried(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}
