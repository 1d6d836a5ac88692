package bed

import (
	"os"
	"syscall"
)

// place is where temporary clusters lie; empty for the system's folder of such.
// Where memory is plenty it is in memory: servers write thousands of small files,
// which take longer to remove from a disk than the tests take.
func place() string {
	const shared, plenty = "/dev/shm", 8 << 30
	var fs syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(shared, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < plenty {
		return ""
	}
	return shared
}
