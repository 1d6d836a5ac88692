//go:build !linux

package embedded

import "golang.org/x/sys/unix"

// machineMemory returns the machine's memory in bytes, 0 when unknown.
func machineMemory() int64 {
	size, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(size)
}
