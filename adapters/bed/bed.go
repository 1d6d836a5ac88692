// Package bed runs a real ClickHouse cluster on this machine: ZooKeeper and
// the servers of Debian's packages, version 18.16, on ports of 127.0.0.1, and
// breaks it in the ways that clusters break.
//
// Its main type is Cluster, which Start makes. StartEmbedded makes a sharded
// one of embedded engines instead: a current ClickHouse, but without Keeper.
// The package is for tests and for the make targets; it refuses to be reached
// from elsewhere than this machine, and to signal a process that it cannot
// prove to be its own.
package bed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/chmod-sql/chmod/adapters/bed/folder"
)

const (
	// Name is the cluster of all nodes, in shards and replicas.
	Name = "bed"
	// All is the same nodes, each a shard of its own: a query through it is
	// run on every node.
	All = "bed_all"
	// Dead is node 1 and a host that never answers: distributed statements
	// through it time out.
	Dead = "bed_dead"
)

// patience bounds each step of starting and stopping. The machine may be busy.
const patience = 2 * time.Minute

// Options say what cluster is started.
type Options struct {
	Layout
	// Dir holds everything. When it holds a stopped cluster, that one is
	// started again. Empty means a temporary one.
	Dir string
	// BasePort is the first of the ports used, which follow one another. Zero
	// means ports that are free.
	BasePort int
	// Detach makes the cluster outlive this process. Open finds it again.
	// Only Keeper links cannot be cut then.
	Detach bool
	// SmallDisk is the node whose data lie on a small disk of their own, which
	// can be filled; 0 for none. It needs root, on Linux, and its data end with
	// the node's process.
	SmallDisk int
}

// Cluster is a running cluster. Its exported fields do not change. Methods may
// be called concurrently as long as no two concern the same node.
type Cluster struct {
	Layout
	// Name, All and Dead are the constants of the package.
	Name, All, Dead string
	// Nodes are by shard, then replica. Methods count them from 1.
	Nodes []Node
	// Keeper is the address of ZooKeeper.
	Keeper string
	// User may do everything, with Password. Reader may only read and change
	// no setting, with ReaderPassword.
	User, Password         string
	Reader, ReaderPassword string
	// Dir holds everything.
	Dir string

	base     int
	detached bool
	folder   *folder.Folder // nil for one of the caller's
	keeper   *process
	nodes    []*process
	gates    []*gate // by node; none in a cluster that outlives its process
}

// Node is one server.
type Node struct {
	Shard, Replica int    // from 1
	Addr           string // host:port of the native protocol
	HTTPAddr       string // host:port of HTTP
	DataDir        string
}

// Host and Port are Addr in two.
func (n Node) Host() string { host, _, _ := net.SplitHostPort(n.Addr); return host }

// Port is the port of the native protocol.
func (n Node) Port() int {
	_, text, _ := net.SplitHostPort(n.Addr)
	port, _ := strconv.Atoi(text) // it is ours
	return port
}

// Start starts a cluster and returns once distributed statements run on all
// its nodes. The end of ctx ends the start, not the cluster.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	own, err := o.temporary(place())
	if err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	o, err = o.resumed()
	if err != nil {
		return nil, err
	}
	// Ports that were free a moment ago may be taken by now.
	const tries = 3
	for try := 1; ; try++ {
		c, err := startOnce(ctx, programs, o)
		if err == nil {
			c.folder = own
			return c, nil
		}
		if try == tries || o.BasePort != 0 || ctx.Err() != nil {
			err = fmt.Errorf("start a cluster in %s: %w", o.Dir, err)
			if own != nil {
				err = errors.Join(err, own.Remove())
			}
			return nil, err
		}
	}
}

// temporary makes a folder for what has none. A cluster that outlives this
// process keeps it.
func (o *Options) temporary(parent string) (*folder.Folder, error) {
	if o.Dir != "" {
		return nil, nil
	}
	own, err := folder.New(parent, prefix)
	if err != nil {
		return nil, err
	}
	o.Dir = own.Path
	if o.Detach {
		err = own.Leave()
	}
	return own, err
}

// prefix begins the names of temporary folders.
const prefix = "chmod-bed-"

func startOnce(ctx context.Context, programs programs, o Options) (*Cluster, error) {
	base := o.BasePort
	if base == 0 {
		var err error
		if base, err = freePorts(o.ports()); err != nil {
			return nil, err
		}
	}
	c := newCluster(programs, o, base)
	if err := c.start(ctx); err != nil {
		// What has started must not stay.
		return nil, errors.Join(err, c.killAll())
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context) error {
	if !c.anyRunning() {
		if err := listenable(c.base, c.ports()); err != nil {
			return err
		}
	}
	if err := c.configure(); err != nil {
		return err
	}
	if err := c.openGates(); err != nil {
		return err
	}
	if err := c.StartKeeper(ctx); err != nil {
		return err
	}
	// Not before Keeper serves: a node whose first session fails dies of a
	// null pointer.
	for _, p := range c.nodes {
		if err := p.start(c.detached); err != nil {
			return err
		}
	}
	for n := range c.nodes {
		if err := c.untilUp(ctx, n+1); err != nil {
			return err
		}
	}
	return c.Ready(ctx)
}

// Stop ends all processes in good order and keeps the data. It may be called
// again.
func (c *Cluster) Stop(ctx context.Context) error {
	var errs []error
	for _, p := range c.nodes {
		errs = append(errs, p.terminate())
	}
	for _, p := range c.nodes {
		errs = append(errs, p.untilGone(ctx))
	}
	errs = append(errs, c.keeper.terminate(), c.keeper.untilGone(ctx))
	c.closeGates()
	return errors.Join(errs...)
}

// Wipe ends all processes at once and removes the data. It may be called again.
func (c *Cluster) Wipe() error {
	if err := c.killAll(); err != nil {
		return err
	}
	if c.folder != nil {
		return c.folder.Remove()
	}
	// The folder is the caller's and may hold more.
	var errs []error
	for _, p := range c.processes() {
		errs = append(errs, os.RemoveAll(p.dir))
	}
	if err := os.Remove(filepath.Join(c.Dir, plan)); err != nil && !errors.Is(err, os.ErrNotExist) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (c *Cluster) killAll() error {
	var errs []error
	for _, p := range c.processes() {
		errs = append(errs, p.kill())
	}
	c.closeGates()
	return errors.Join(errs...)
}

func (c *Cluster) processes() []*process {
	return append(slices.Clone(c.nodes), c.keeper)
}

func (c *Cluster) anyRunning() bool {
	return slices.ContainsFunc(c.processes(), (*process).running)
}
