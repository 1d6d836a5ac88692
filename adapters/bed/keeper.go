package bed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// KeeperRunning reports whether ZooKeeper's process is there.
func (c *Cluster) KeeperRunning() bool { return c.keeper.running() }

// KillKeeper ends ZooKeeper at once. Nodes go on, without distributed
// statements and with replicated tables that are read-only.
func (c *Cluster) KillKeeper() error { return c.keeper.kill() }

// StartKeeper starts ZooKeeper, unless it runs, and returns once it serves and
// the running nodes have sessions with it.
func (c *Cluster) StartKeeper(ctx context.Context) error {
	if err := c.keeper.start(c.detached); err != nil {
		return err
	}
	err := until(ctx, func(ctx context.Context) error {
		if !c.keeper.running() {
			return &finalError{errors.New("it ended")}
		}
		return serving(ctx, c.Keeper)
	})
	if err != nil {
		return fmt.Errorf("start ZooKeeper: %w: %s", err, c.keeper.lastWords())
	}
	for n := range c.nodes {
		if c.Running(n+1) && !c.keeperIsCut(n+1) {
			if err := c.untilUp(ctx, n+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// serving asks ZooKeeper for its mode. It says "imok" earlier, when it takes no
// sessions yet.
func serving(ctx context.Context, address string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "srvr"); err != nil {
		return err
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return err
	}
	if !strings.Contains(string(answer), "\nMode:") {
		return fmt.Errorf("it answers %q", answer)
	}
	return nil
}

// openGates puts a gate between each node and Keeper.
func (c *Cluster) openGates() error {
	if c.detached {
		return nil
	}
	for n := range c.nodes {
		g, err := newGate(address(nodePort(c.base, n+1, gatePort)), c.Keeper)
		if err != nil {
			return err
		}
		c.gates = append(c.gates, g)
	}
	return nil
}

func (c *Cluster) closeGates() {
	for _, g := range c.gates {
		g.close()
	}
	c.gates = nil
}

// CutKeeper takes Keeper away from one node, while the others keep it: within
// two seconds the node's replicated tables are read-only, and within five the
// others see its replicas as inactive.
func (c *Cluster) CutKeeper(n int) error {
	if err := c.check(n); err != nil {
		return err
	}
	if c.gates == nil {
		return errors.New("a cluster that outlives its process has no gate to Keeper that could be shut")
	}
	c.gates[n-1].set(true)
	return nil
}

// MendKeeper undoes CutKeeper and returns once the node has a session.
func (c *Cluster) MendKeeper(ctx context.Context, n int) error {
	if err := c.check(n); err != nil {
		return err
	}
	if c.gates == nil {
		return nil
	}
	c.gates[n-1].set(false)
	if !c.Running(n) {
		return nil
	}
	return c.untilUp(ctx, n)
}

func (c *Cluster) keeperIsCut(n int) bool { return c.gates != nil && c.gates[n-1].isShut() }
