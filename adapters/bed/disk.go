package bed

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// diskSize is enough for what a node writes of its own accord, and soon filled.
const diskSize = "512m"

// onSmallDisk makes a command's data lie on a disk that only its process sees,
// and that is gone with it.
func onSmallDisk(data string, command []string) []string {
	const script = `mkdir -p "$0" && mount -t tmpfs -o size=` + diskSize + ` chmod-bed "$0" && exec "$@"`
	return append([]string{"unshare", "--mount", "sh", "-c", script, data}, command...)
}

// ballast is the file that fills a disk.
const ballast = "ballast"

// FillDisk leaves no room on the disk of the node that has a small one.
func (c *Cluster) FillDisk(n int) error {
	disk, err := c.Disk(n)
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(disk, ballast))
	if err != nil {
		return err
	}
	defer file.Close()
	block := make([]byte, 1<<20)
	for err == nil {
		_, err = file.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("fill the disk of node %d: %w", n, err)
	}
	return nil
}

// FreeDisk undoes FillDisk.
func (c *Cluster) FreeDisk(n int) error {
	disk, err := c.Disk(n)
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(disk, ballast)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Disk is where the small disk of a node can be reached, as long as it runs.
func (c *Cluster) Disk(n int) (string, error) {
	if err := c.check(n); err != nil {
		return "", err
	}
	p := c.nodes[n-1]
	p.mutex.Lock()
	pid := p.pid()
	p.mutex.Unlock()
	if pid == 0 {
		return "", fmt.Errorf("node %d does not run", n)
	}
	root := fmt.Sprintf("/proc/%d/root", pid)
	mounts, err := os.ReadFile(fmt.Sprintf("/proc/%d/mounts", pid))
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(mounts), "chmod-bed "+c.Nodes[n-1].DataDir+" ") {
		return "", fmt.Errorf("node %d has no disk of its own", n)
	}
	return filepath.Join(root, c.Nodes[n-1].DataDir), nil
}
