package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// barrierName is a table that never is: dropping it does nothing.
const barrierName = "__chmod_nothing"

// Settle waits until every host of a cluster has worked off the distributed
// statements that were in its queue when Settle was called: those of runs that
// ended too soon, and those that were sent while the host was away. It sends
// one that does nothing, which each host comes to after all before it. A host
// that is not done within wait is left out.
func (c *Cluster) Settle(ctx context.Context, cluster, database, comment string, wait time.Duration) error {
	hosts := c.hosts[cluster]
	waited := slices.DeleteFunc(hostNames(up(hosts)), func(h string) bool { return c.Left(h) != nil })
	if len(waited) == 0 {
		return nil
	}
	a, _, err := c.home(ctx)
	if err != nil {
		return err
	}
	session, err := a.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	defer func() { _ = session.Close() }() // nothing depends on it any more
	patience := wait
	if len(waited) < len(hosts) {
		patience = time.Second // hosts that are down do not answer however long one waits
	}
	server := adapters.Server{Version: lowest(a.Server().Version, up(hosts))}
	d := ddl{server: server, scope: ScopeCluster, cluster: cluster}
	of := clusterOf(cluster, hosts)
	outcome, err := adapters.ExecOnCluster(ctx, session, a.Server(), adapters.OnCluster{
		Statement: adapters.Statement{SQL: d.drop(adapters.Relation{Database: database, Name: barrierName}, false), Comment: comment},
		Cluster:   of, Patience: patience,
	})
	if err != nil && adapters.OutcomesOf(err) == nil {
		return fmt.Errorf("wait for the queues of the hosts: %w", err)
	}
	outcomes := outcome.Hosts
	if outcome.Task != "" {
		_, err = poll(ctx, wait, func(ctx context.Context) (bool, error) {
			later, err := adapters.TaskOutcomes(ctx, session, a.Server(), of, outcome.Task)
			if err != nil {
				return false, err
			}
			outcomes = later
			return len(unsettled(outcomes, waited)) == 0, nil
		})
		if err != nil {
			return fmt.Errorf("wait for the queues of the hosts: %w", err)
		}
	}
	for _, h := range unsettled(outcomes, waited) {
		c.Leave(h, errors.New("it has not worked off its queue of distributed statements within "+wait.String()))
	}
	return ctx.Err()
}

// unsettled are those of the hosts that have not come to a statement. A host
// that has failed at it has: there may be no such database on it.
func unsettled(outcomes []adapters.HostOutcome, hosts []string) []string {
	var waiting []string
	for _, o := range outcomes {
		if slices.Contains(hosts, o.Host.Addr()) && o.State != adapters.HostDone && o.State != adapters.HostFailed {
			waiting = append(waiting, o.Host.Addr())
		}
	}
	return waiting
}
