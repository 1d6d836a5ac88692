//go:build !linux

package bed

import "syscall"

// apart puts a process out of reach of this terminal's signals.
func apart(bool) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
