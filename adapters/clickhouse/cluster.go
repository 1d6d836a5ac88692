package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// OpenCluster finds the hosts of a cluster by asking the server of c, and
// connects to each of them when it is needed, with the same user.
//
// Hosts are reached where the cluster's definition says. Where that is not
// where they can be reached from here, c.Hosts has to name all of them, in the
// definition's order. The definition has ports of the native protocol; over
// HTTP, and with TLS if the servers talk to each other without, all hosts are
// reached at the port of c.
func OpenCluster(ctx context.Context, c Config, name string) (*adapters.Fleet, error) {
	a, err := Open(ctx, c)
	if err != nil {
		return nil, err
	}
	topology, err := a.Topology(ctx)
	if err = errors.Join(err, a.Close()); err != nil {
		return nil, err
	}
	cluster, ok := topology.Clusters[name]
	if !ok {
		return nil, fmt.Errorf("%s knows no cluster %q", c.withDefaults().addresses()[0], name)
	}
	reached, err := reach(c, cluster)
	if err != nil {
		return nil, err
	}
	return adapters.NewFleet(cluster, func(ctx context.Context, h adapters.Host) (adapters.Adapter, error) {
		i := slices.Index(cluster.Hosts, h)
		if i < 0 {
			return nil, fmt.Errorf("cluster %s has no host %s", name, h.Addr())
		}
		return Open(ctx, reached[i])
	}), nil
}

// reach is the configuration for each host of a cluster.
func reach(c Config, cluster adapters.Cluster) ([]Config, error) {
	c = c.withDefaults()
	addresses := c.addresses()
	named := len(addresses) == len(cluster.Hosts) && len(c.Hosts) > 0
	own := !named && ownPort(c, cluster)
	reached := make([]Config, len(cluster.Hosts))
	seen := map[string]string{}
	for i, h := range cluster.Hosts {
		one := c
		one.Host, one.Hosts = h.Host, nil
		switch {
		case named:
			one.Hosts = addresses[i : i+1]
		case own:
			one.Port = int(h.Port)
		}
		address := one.addresses()[0]
		if other := seen[address]; other != "" {
			return nil, fmt.Errorf("the hosts %s and %s of cluster %s would both be reached at %s: name each under hosts, in the cluster's order",
				other, h.Addr(), cluster.Name, address)
		}
		seen[address] = h.Addr()
		reached[i] = one
	}
	return reached, nil
}

// ownPort reports whether clients are to use the ports of the definition: not
// if they speak another protocol there than the servers do.
func ownPort(c Config, cluster adapters.Cluster) bool {
	if c.Driver != Native {
		return false
	}
	if !c.Secure {
		return true
	}
	return slices.ContainsFunc(cluster.Hosts, func(h adapters.Host) bool { return int(h.Port) == c.Port })
}
