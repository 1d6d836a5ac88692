package compose_test

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// TestServersReadTheirConfig starts the engine on the servers' files, as each
// of the containers would. Keeper and the other hosts are not there.
func TestServersReadTheirConfig(t *testing.T) {
	services, hosts := compose(t)
	config := map[string]string{}
	for _, name := range []string{"server.xml", "users.xml"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		// Nothing of a test listens for others than this machine.
		config["50-"+name] = strings.ReplaceAll(string(text), "<listen_host>0.0.0.0</listen_host>", "")
	}
	host, port, err := net.SplitHostPort(hosts[3])
	require.NoError(t, err)
	for name, value := range services[host] {
		t.Setenv(name, value)
	}
	server := enginetest.Start(t, embedded.Options{Config: config})
	own, text, err := net.SplitHostPort(server.Addr)
	require.NoError(t, err)
	number, err := net.LookupPort("tcp", text)
	require.NoError(t, err)
	a, err := clickhouse.Open(t.Context(), clickhouse.Config{Host: own, Port: number, User: "deployer", Password: "a secret"})
	require.NoError(t, err, "the user of the tests")
	defer a.Close()
	topology, err := a.Topology(context.Background())
	require.NoError(t, err)
	cluster := topology.Clusters["bed"]
	require.Equal(t, 2, cluster.Shards())
	require.Equal(t, 2, cluster.Replicas())
	for i, h := range cluster.Hosts {
		require.Equal(t, hosts[i], h.Addr(), "the tests know the hosts by the names that the cluster has for them")
		require.Contains(t, services, h.Host, "a service of that name")
	}
	require.Equal(t, "9000", port)
	require.Equal(t, "02", topology.Macros["shard"])
	require.Equal(t, "r2", topology.Macros["replica"])
}

// compose reads the environment of each server and the hosts that the tests
// are told.
func compose(t *testing.T) (servers map[string]map[string]string, hosts []string) {
	t.Helper()
	text, err := os.ReadFile("compose.yaml")
	require.NoError(t, err)
	var file struct {
		Services map[string]struct {
			Hostname    string            `yaml:"hostname"`
			Environment map[string]string `yaml:"environment"`
			Volumes     []string          `yaml:"volumes"`
		} `yaml:"services"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	servers = map[string]map[string]string{}
	macros := map[string]bool{}
	for name, s := range file.Services {
		for _, v := range s.Volumes {
			if path, _, _ := strings.Cut(v, ":"); strings.HasPrefix(path, "./") {
				require.FileExists(t, path)
			}
		}
		if s.Hostname != "" {
			require.Equal(t, name, s.Hostname)
			require.Len(t, s.Volumes, 2)
			servers[name] = s.Environment
			macros[s.Environment["BED_SHARD"]+s.Environment["BED_REPLICA"]] = true
		}
	}
	require.Len(t, macros, 4, "each server has macros of its own")
	hosts = strings.Split(file.Services["tests"].Environment["CHMOD_TEST_CLUSTER_HOSTS"], ",")
	require.Len(t, hosts, 4)
	return servers, hosts
}
