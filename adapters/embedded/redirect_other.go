//go:build !linux

package embedded

import "golang.org/x/sys/unix"

// redirect makes fd another name of the open file from.
func redirect(from, fd int) error { return unix.Dup2(from, fd) }
