package bedtest

import (
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// Variables that name a cluster to test on instead of one that is started: the
// native addresses of its hosts, by shard and replica, separated by commas, its
// name and who we are there.
const (
	hostsVariable    = "CHMOD_TEST_CLUSTER_HOSTS"
	clusterVariable  = "CHMOD_TEST_CLUSTER"
	userVariable     = "CHMOD_TEST_CLUSTER_USER"
	passwordVariable = "CHMOD_TEST_CLUSTER_PASSWORD"
)

// foreign is the cluster that the environment names. A test that wants another
// layout is skipped.
func foreign(t testing.TB, want bed.Layout, hosts string) *Bed {
	t.Helper()
	b := &Bed{Name: os.Getenv(clusterVariable), User: os.Getenv(userVariable), Password: os.Getenv(passwordVariable)}
	require.NotEmptyf(t, b.Name, "%s names hosts: %s must name their cluster", hostsVariable, clusterVariable)
	var addresses []string
	for a := range strings.SplitSeq(hosts, ",") {
		a = strings.TrimSpace(a)
		_, _, err := net.SplitHostPort(a)
		require.NoErrorf(t, err, "%s is HOST:PORT,HOST:PORT and so on", hostsVariable)
		addresses = append(addresses, a)
	}
	a, err := clickhouse.Open(t.Context(), configOf(addresses[0], b.User, b.Password))
	require.NoError(t, err)
	defer a.Close()
	topology, err := a.Topology(t.Context())
	require.NoError(t, err)
	cluster, ok := topology.Clusters[b.Name]
	require.Truef(t, ok, "%s does not know the cluster %q that %s names", addresses[0], b.Name, clusterVariable)
	require.Lenf(t, addresses, len(cluster.Hosts), "%s must name every host of %s", hostsVariable, b.Name)
	b.Layout = layoutOf(cluster)
	if b.Layout != want {
		t.Skipf("the cluster that %s names is %s and not %s", hostsVariable, b.Layout, want)
	}
	for i, h := range cluster.Hosts {
		b.Nodes = append(b.Nodes, bed.Node{Shard: int(h.Shard), Replica: int(h.Replica), Addr: addresses[i]})
	}
	return b
}

func layoutOf(c adapters.Cluster) bed.Layout {
	return bed.Layout{Shards: c.Shards(), Replicas: c.Replicas()}
}
