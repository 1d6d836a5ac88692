package debiantest

import "syscall"

// dieWithParent ends the server with a test binary that could not end it.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
