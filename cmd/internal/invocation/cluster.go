package invocation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/retry"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/materialize"
)

// Cluster reaches the hosts of the target's cluster, and of the others named:
// they may be databases that carry DDL to hosts of their own, and are left out
// when the server knows no cluster by the name. It is nil when there is none.
func (i *Invocation) Cluster(ctx context.Context, others ...string) (*materialize.Cluster, error) {
	t := i.Project.Target
	if t.Type == project.Embedded || t.Cluster == "" && len(others) == 0 {
		return nil, nil
	}
	adapter, err := i.Connect(ctx)
	if err != nil {
		return nil, err
	}
	known, err := clusters(ctx, adapter)
	if err != nil {
		return nil, err
	}
	if _, ok := known[t.Cluster]; !ok && t.Cluster != "" {
		return nil, i.unknownCluster(known)
	}
	fleets := map[string]*adapters.Fleet{}
	for _, name := range append([]string{t.Cluster}, others...) {
		if _, ok := known[name]; !ok || fleets[name] != nil {
			continue
		}
		if fleets[name], err = clickhouse.OpenCluster(ctx, clickhouseConfig(t, i.Threads()), name); err != nil {
			return nil, errors.Join(fmt.Errorf("find the hosts of the cluster %s: %w", name, err), closeFleets(fleets))
		}
		if i.through != nil {
			fleets[name] = fleets[name].Through(i.through)
		}
	}
	if len(fleets) == 0 {
		return nil, nil
	}
	c, err := materialize.NewCluster(ctx, adapter, fleets)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("look at the hosts of the cluster: %w", err), closeFleets(fleets))
	}
	patience := i.patience()
	patience.Moves = true
	c.Patient(func(a adapters.Adapter) adapters.Adapter { return retry.New(a, patience) })
	i.connecting.Lock()
	defer i.connecting.Unlock()
	i.clusters = append(i.clusters, c)
	return c, nil
}

func closeFleets(fleets map[string]*adapters.Fleet) error {
	var errs []error
	for _, f := range fleets {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// clusters are those that the server knows.
func clusters(ctx context.Context, adapter adapters.Adapter) (map[string]adapters.Cluster, error) {
	session, err := adapter.Session(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	topology, err := adapters.ReadTopology(ctx, session)
	if err = errors.Join(err, session.Close()); err != nil {
		return nil, fmt.Errorf("read the clusters: %w", err)
	}
	return topology.Clusters, nil
}

func (i *Invocation) unknownCluster(known map[string]adapters.Cluster) error {
	t := i.Project.Target
	names := slices.Sorted(maps.Keys(known))
	fix := diag.DidYouMean(t.Cluster, names)
	if fix == "" && len(names) > 0 {
		fix = "it knows " + strings.Join(names, ", ")
	}
	var list diag.List
	list.Add(diag.Diagnostic{
		Code: "unknown-cluster", Span: t.Span,
		What: fmt.Sprintf("the server knows no cluster %s, which the target %s names", t.Cluster, t.Name),
		Why:  "nothing would be built on its hosts", Fix: fix,
	})
	return list.Err()
}

// otherClusters are clusters besides the target's that the nodes may need: those
// of configs, and of databases that carry DDL to their hosts by themselves.
func (i *Invocation) otherClusters(ids dag.Set, catalog *adapters.Catalog) []string {
	names := map[string]bool{}
	for id := range ids {
		if name := i.Manifest().Nodes[id].Config.String("cluster"); name != "" {
			names[strings.Trim(name, `"'`)] = true
		}
	}
	for name, d := range catalog.Databases {
		if strings.HasPrefix(d.Engine, "Replicated") {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
