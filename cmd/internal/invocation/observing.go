package invocation

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// observe reads what the server and the hosts of its clusters hold. A run that
// changes something first makes sure that the dead are: that nothing of theirs
// is still at work on the servers.
func (w *worker) observe(ctx context.Context) error {
	databases := append(w.databases(), w.Project.Target.StateSchema)
	catalog, err := w.adapter.Catalog(ctx, databases)
	if err != nil {
		return fmt.Errorf("read what the server holds: %w", err)
	}
	t := w.Project.Target
	w.topology = materialize.Topology{
		Cluster: t.Cluster, PerHost: t.PerHost, DatabaseEngine: t.DatabaseEngine, Require: materialize.Require(t.Require),
		LocalSuffix: t.LocalSuffix, LocalPrefix: t.LocalPrefix, DDLWait: seconds(t.DDLTimeout), ReplicaWait: seconds(t.ReplicaTimeout),
	}
	cluster, err := w.Cluster(ctx, w.otherClusters(w.ids, catalog)...)
	if err != nil {
		return err
	}
	live := materialize.Liveness{Invocation: w.self(), Now: time.Now(), Alive: alive}
	if cluster == nil {
		w.topology.Cluster = ""
	} else {
		w.adapter, w.topology.Clusters = cluster, cluster.Hosts()
		if err := w.pin(ctx, cluster); err != nil {
			return err
		}
	}
	// The state schema is where the connected server has it.
	w.state = materialize.Observe(catalog, live)
	if live.Known, err = w.known(ctx, live); err != nil {
		return err
	}
	ended, err := w.endQueries(ctx, live)
	if err != nil {
		return err
	}
	var hosts map[string]*adapters.Catalog
	if cluster != nil {
		if err := w.settleCluster(ctx, cluster); err != nil {
			return err
		}
		if catalog, hosts, err = w.catalogs(ctx, cluster, databases); err != nil {
			return err
		}
	} else if ended > 0 {
		if catalog, err = w.adapter.Catalog(ctx, databases); err != nil {
			return fmt.Errorf("read what the server holds: %w", err)
		}
	}
	w.state = materialize.ObserveCluster(catalog, hosts, live)
	return nil
}

// pin chooses the host to work on.
func (w *worker) pin(ctx context.Context, cluster *materialize.Cluster) error {
	t := w.Project.Target
	if t.Cluster != "" {
		warnings, err := cluster.Pin(ctx, t.Cluster, net.JoinHostPort(t.Host, strconv.Itoa(t.Port)), w.allDatabases())
		if err != nil {
			return fmt.Errorf("choose a host to work on: %w", err)
		}
		for _, text := range warnings {
			w.warn("", "%s", text)
		}
	}
	down := cluster.Down()
	for _, host := range slices.Sorted(maps.Keys(down)) {
		w.warn("", "host %s is left out of this run, and keeps what it has until a later one, or chmod cluster repair: %s", host, down[host])
	}
	return nil
}

// known reads who is at work from the book, and notes there who is not any
// more. It is nil when there is no book.
func (w *worker) known(ctx context.Context, live materialize.Liveness) (func(string) (bool, bool), error) {
	if !w.Project.Target.State || !w.state.HasState(w.Project.Target.StateSchema) {
		w.lives = map[string]journal.Life{}
		return nil, nil
	}
	lives, err := w.book().Lives(ctx)
	if err != nil {
		w.unread = err
		w.warn("", "%v: what others have left behind is told by its age alone", err)
		return nil, ctx.Err()
	}
	live.Known = known(lives)
	if dead := unfinished(lives, live); w.changes && len(dead) > 0 {
		// Who is not written off may come back to life: what is its stays.
		buried, err := w.book().Bury(ctx, dead)
		if err != nil {
			w.warn("", "%v: what they have left behind stays", err)
		}
		lives = mark(lives, dead, buried)
	}
	w.lives = lives
	return known(lives), ctx.Err()
}

// mark notes which of the dead are finished now; those that are not have come
// back to life.
func mark(lives map[string]journal.Life, dead []journal.Life, buried map[string]bool) map[string]journal.Life {
	for _, l := range dead {
		if l.Finished = buried[l.Stamp]; !l.Finished {
			l.Silence = 0
		}
		lives[l.Stamp] = l
	}
	return lives
}

// endQueries ends what still runs of the dead. That comes first: what they have
// sent to the hosts' queues by then, and what they leave, is there to be seen.
func (w *worker) endQueries(ctx context.Context, live materialize.Liveness) (int, error) {
	if !w.changes {
		return 0, nil
	}
	ended, err := materialize.EndQueries(ctx, w.adapter, live.Dead)
	if err != nil {
		w.warn("", "what earlier runs have left running could not be ended: %v", err)
	}
	return ended, ctx.Err()
}

// settleCluster waits for hosts that have distributed statements of earlier
// runs to carry out.
func (w *worker) settleCluster(ctx context.Context, cluster *materialize.Cluster) error {
	t := w.Project.Target
	if !w.changes || t.Cluster == "" || t.PerHost {
		return nil
	}
	return cluster.Settle(ctx, t.Cluster, t.Schema, w.comment(""), seconds(t.DDLTimeout))
}

// catalogs are those of the host that is worked on, and of all hosts.
func (w *worker) catalogs(ctx context.Context, cluster *materialize.Cluster, databases []string) (*adapters.Catalog, map[string]*adapters.Catalog, error) {
	hosts, err := cluster.Catalogs(ctx, databases)
	if err != nil {
		return nil, nil, fmt.Errorf("read what the hosts hold: %w", err)
	}
	if catalog := hosts[cluster.Home()]; catalog != nil {
		return catalog, hosts, nil
	}
	catalog, err := w.adapter.Catalog(ctx, databases)
	if err != nil {
		return nil, nil, fmt.Errorf("read what the server holds: %w", err)
	}
	return catalog, hosts, nil
}

// allDatabases are those of all nodes: what is built may read any of them.
func (w *worker) allDatabases() []string {
	names := w.databases()
	for _, n := range w.Manifest().Nodes {
		if n.Schema != "" {
			names = append(names, n.Schema)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
