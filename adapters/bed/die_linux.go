package bed

import "syscall"

// apart puts a process out of reach of this terminal's signals, and makes it
// end with this process unless it is detached.
func apart(detached bool) *syscall.SysProcAttr {
	if detached {
		return &syscall.SysProcAttr{Setsid: true}
	}
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}
