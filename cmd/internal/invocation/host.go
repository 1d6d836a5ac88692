package invocation

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// host tells this machine, and this process id namespace on it, from others:
// two processes with the same host and id are never alive at once.
func host() string {
	name := machine()
	// Machines can have the same name: what was drawn when this one was booted
	// is no other's. A process of an earlier boot counts as another machine's.
	if boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id"); err == nil {
		name += " " + strings.TrimSpace(string(boot))
	}
	// Containers on one machine count processes from 1 each; their namespace
	// has a number of its own. Elsewhere there is none to read.
	if namespace, err := os.Readlink("/proc/self/ns/pid"); err == nil {
		name += " " + namespace
	}
	return name
}

// machine is what this machine calls itself.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// alive reports whether a process of this host is there.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// Host tells this machine, and this process id namespace on it, from others.
func Host() string { return host() }

// Alive reports whether a process of that host, by Host, is known to be there.
func Alive(of string, pid int) bool {
	return of == host() && pid > 0 && pid != os.Getpid() && alive(pid)
}
