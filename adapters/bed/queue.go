package bed

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// OccupyQueue keeps a node busy with a distributed statement of somebody else's
// for some time, which other nodes are done with at once: distributed
// statements that come later wait for it there. It returns once the statement
// is under way.
func (c *Cluster) OccupyQueue(ctx context.Context, n int, d time.Duration) error {
	if err := c.check(n); err != nil {
		return err
	}
	table := fmt.Sprintf("bed_probe.naps_%d", time.Now().UnixNano())
	slow := table + "_slow"
	if _, err := c.Ask(ctx, 1, "CREATE TABLE "+table+" ON CLUSTER "+Name+" (a UInt8) ENGINE = Memory"); err != nil {
		return err
	}
	if _, err := c.Ask(ctx, n, "INSERT INTO "+table+" SELECT 1"); err != nil {
		return err
	}
	_, err := c.askWith(ctx, 1, "distributed_ddl_task_timeout=0", fmt.Sprintf(
		"CREATE TABLE %s ON CLUSTER %s ENGINE = Memory AS SELECT %s FROM %s", slow, Name, naps(d), table))
	if err != nil {
		return err
	}
	err = until(ctx, func(ctx context.Context) error {
		for other := range c.Nodes {
			if !c.Running(other + 1) {
				continue
			}
			there, err := c.Ask(ctx, other+1, "EXISTS TABLE "+slow)
			if err != nil {
				return err
			}
			if there != "1\n" {
				return fmt.Errorf("node %d has not begun", other+1)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("occupy the queue of node %d: %w", n, err)
	}
	return nil
}

// naps are columns that take some time for each row: a server lets none of them
// sleep for longer than three seconds, and computes those that are alike once.
func naps(d time.Duration) string {
	const nap = 2500 * time.Millisecond
	var all []string
	for i := 0; d > 0; i++ {
		all = append(all, fmt.Sprintf("sleepEachRow(%.3f) AS nap_%d", min(d, nap).Seconds()+float64(i)/1000, i))
		d -= nap
	}
	return strings.Join(all, ", ")
}
