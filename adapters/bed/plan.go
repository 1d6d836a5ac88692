package bed

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// plan is the file that tells other processes, and later starts, what cluster
// a folder holds.
const plan = "bed.json"

type planned struct {
	Layout   Layout `json:"layout"`
	BasePort int    `json:"base_port"`
	Detached bool   `json:"detached"`
}

func (c *Cluster) writePlan() error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	text, err := json.Marshal(planned{Layout: c.Layout, BasePort: c.base, Detached: c.detached})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Dir, plan), text, 0o600)
}

func readPlan(dir string) (planned, error) {
	var p planned
	text, err := os.ReadFile(filepath.Join(dir, plan))
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("read %s: %w", filepath.Join(dir, plan), err)
	}
	return p, p.Layout.check()
}

// resumed are the options for what the folder may hold already: its data is
// bound to its ports, which are in Keeper and in the clusters' definitions.
func (o Options) resumed() (Options, error) {
	p, err := readPlan(o.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	if p.Layout != o.Layout {
		return o, fmt.Errorf("%s holds a cluster of %s, wipe it first", o.Dir, p.Layout)
	}
	if o.BasePort != 0 && o.BasePort != p.BasePort {
		return o, fmt.Errorf("%s holds a cluster on ports from %d, wipe it first", o.Dir, p.BasePort)
	}
	o.BasePort = p.BasePort
	return o, nil
}

// Open finds the cluster that another process has started in a folder with
// Detach. It may have been stopped since.
func Open(dir string) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	p, err := readPlan(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no cluster in %s: %w", dir, err)
	}
	if err != nil {
		return nil, err
	}
	if !p.Detached {
		return nil, fmt.Errorf("the cluster in %s lives and ends with the process that started it", dir)
	}
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	return newCluster(programs, Options{Layout: p.Layout, Dir: dir, Detach: true}, p.BasePort), nil
}
