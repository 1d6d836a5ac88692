package bed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
)

func (c *Cluster) check(n int) error {
	if n < 1 || n > len(c.nodes) {
		return fmt.Errorf("there is no node %d: they are 1 to %d", n, len(c.nodes))
	}
	return nil
}

// Running reports whether a node's process is there. It may be frozen.
func (c *Cluster) Running(n int) bool { return c.check(n) == nil && c.nodes[n-1].running() }

// Kill ends a node at once, as a crash does.
func (c *Cluster) Kill(n int) error {
	if err := c.check(n); err != nil {
		return err
	}
	return c.nodes[n-1].kill()
}

// StopNode ends a node in good order, which may take some seconds.
func (c *Cluster) StopNode(ctx context.Context, n int) error {
	if err := c.check(n); err != nil {
		return err
	}
	if err := c.nodes[n-1].terminate(); err != nil {
		return err
	}
	return c.nodes[n-1].untilGone(ctx)
}

// StartNode starts a node, unless it runs, and returns once it answers and has
// a session with Keeper. What distributed statements it has missed it may be
// running still.
func (c *Cluster) StartNode(ctx context.Context, n int) error {
	if err := c.check(n); err != nil {
		return err
	}
	if !c.Running(n) && (!c.KeeperRunning() || c.keeperIsCut(n)) {
		// It would die of a null pointer.
		return fmt.Errorf("start node %d: it needs Keeper for that", n)
	}
	if err := c.nodes[n-1].start(c.detached); err != nil {
		return err
	}
	return c.untilUp(ctx, n)
}

// Freeze stops a node in its tracks: it accepts connections and says nothing,
// as a host that hangs.
func (c *Cluster) Freeze(n int) error { return c.signal(n, syscall.SIGSTOP) }

// Thaw lets a frozen node go on.
func (c *Cluster) Thaw(n int) error { return c.signal(n, syscall.SIGCONT) }

func (c *Cluster) signal(n int, s syscall.Signal) error {
	if err := c.check(n); err != nil {
		return err
	}
	return c.nodes[n-1].signal(s)
}

// PauseFetches makes a node's replicas of these tables stale: they fetch no
// more parts. Tables are written as in SQL. None means all that there are now;
// tables that are created later fetch.
func (c *Cluster) PauseFetches(ctx context.Context, n int, tables ...string) error {
	return c.system(ctx, n, "SYSTEM STOP FETCHES", tables)
}

// ResumeFetches undoes PauseFetches.
func (c *Cluster) ResumeFetches(ctx context.Context, n int, tables ...string) error {
	return c.system(ctx, n, "SYSTEM START FETCHES", tables)
}

func (c *Cluster) system(ctx context.Context, n int, command string, tables []string) error {
	if len(tables) == 0 {
		tables = []string{""}
	}
	for _, table := range tables {
		if _, err := c.Ask(ctx, n, strings.TrimSpace(command+" "+table)); err != nil {
			return err
		}
	}
	return nil
}

// untilUp waits until a node answers and has a session with Keeper.
func (c *Cluster) untilUp(ctx context.Context, n int) error {
	p := c.nodes[n-1]
	err := until(ctx, func(ctx context.Context) error {
		if !p.running() {
			return &finalError{errors.New("it ended")}
		}
		_, err := c.Ask(ctx, n, "SELECT count() FROM system.zookeeper WHERE path = '/'")
		return err
	})
	if err != nil {
		return fmt.Errorf("wait for %s: %w: %s", p.name, err, p.lastWords())
	}
	return nil
}

// Ready waits until distributed statements run on all nodes.
func (c *Cluster) Ready(ctx context.Context) error {
	err := until(ctx, func(ctx context.Context) error {
		for n := range c.nodes {
			if !c.Running(n + 1) {
				return &finalError{fmt.Errorf("node %d ended: %s", n+1, c.nodes[n].lastWords())}
			}
		}
		_, err := c.Ask(ctx, 1, "CREATE DATABASE IF NOT EXISTS bed_probe ON CLUSTER "+Name)
		return err
	})
	if err != nil {
		return fmt.Errorf("wait for distributed statements: %w", err)
	}
	return nil
}

// untilWritable waits until no replicated table of a node is read-only, which
// they learn some time after the node has a session with Keeper again.
func (c *Cluster) untilWritable(ctx context.Context, n int) error {
	err := until(ctx, func(ctx context.Context) error {
		tables, err := c.Ask(ctx, n, "SELECT database, table FROM system.replicas WHERE is_readonly")
		if err == nil && tables != "" {
			err = fmt.Errorf("read-only: %q", tables)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("wait for the tables of node %d: %w", n, err)
	}
	return nil
}

// Heal undoes all that was done to the cluster: Keeper runs, and so do all
// nodes, with sessions, writable tables, fetches and distributed statements.
func (c *Cluster) Heal(ctx context.Context) error {
	for n := range c.nodes {
		if err := c.Thaw(n + 1); err != nil {
			return err
		}
	}
	if err := c.StartKeeper(ctx); err != nil {
		return err
	}
	for n := 1; n <= len(c.nodes); n++ {
		if err := c.MendKeeper(ctx, n); err != nil {
			return err
		}
		if err := c.StartNode(ctx, n); err != nil {
			return err
		}
		if err := c.ResumeFetches(ctx, n); err != nil {
			return err
		}
		if err := c.untilWritable(ctx, n); err != nil {
			return err
		}
	}
	return c.Ready(ctx)
}
