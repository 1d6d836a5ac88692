//go:build !linux

package debiantest

import "syscall"

// dieWithParent does nothing here.
func dieWithParent() *syscall.SysProcAttr { return nil }
