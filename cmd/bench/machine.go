package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Machine is where and when the figures were taken.
type Machine struct {
	At        time.Time `json:"at"`
	Processor string    `json:"processor"`
	Cores     int       `json:"cores"`
	Memory    string    `json:"memory"`
	System    string    `json:"system"`
	Go        string    `json:"go"`
	Chmod     string    `json:"chmod"`
	Engine    string    `json:"engine"`
	// Load is the system's load before and after, where it is known: above the
	// number of cores, times are those of a busy machine.
	LoadBefore string `json:"load_before"`
	LoadAfter  string `json:"load_after"`
}

func machine(ctx context.Context, chmod string) (Machine, error) {
	out, err := exec.CommandContext(ctx, chmod, "--version").Output()
	if err != nil {
		return Machine{}, fmt.Errorf("ask %s for its version: %w", chmod, err)
	}
	m := Machine{
		At: time.Now().UTC().Truncate(time.Second), Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Go: runtime.Version(), LoadBefore: load(), Processor: field("/proc/cpuinfo", "model name"), Memory: field("/proc/meminfo", "MemTotal"),
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if version, ok := strings.CutPrefix(line, "chmod: "); ok {
			m.Chmod = version
		}
	}
	return m, nil
}

// field is the text of a line "name : text" of a file of the system, empty
// where there is no such thing.
func field(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close() // it was only read
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, text, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}
