package embedded

import (
	"os"
	"strconv"
	"strings"
)

const (
	leastMemory   = 1 << 30
	unknownMemory = 4 << 30 // when the machine does not say what it has
)

// defaultMemory is half of what this process may use, as the machine and the
// container it runs in say.
func defaultMemory() int64 {
	total := machineMemory()
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// "max", and figures beyond int64, mean no limit.
		limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && limit > 0 && (total == 0 || limit < total) {
			total = limit
		}
	}
	if total == 0 {
		total = unknownMemory
	}
	return max(total/2, leastMemory)
}
