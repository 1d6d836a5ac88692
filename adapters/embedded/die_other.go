//go:build !linux

package embedded

import "syscall"

// dieWithParent can ask for nothing on this system: a server whose supervisor
// is killed goes on, and holds the warehouse's lock while it does.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
