package embedded

import "golang.org/x/sys/unix"

// redirect makes fd another name of the open file from. Linux on arm64 has no
// dup2.
func redirect(from, fd int) error { return unix.Dup3(from, fd, 0) }
