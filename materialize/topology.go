package materialize

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Topology is which servers a target consists of. The zero value is the one
// server that chmod is connected to. It is immutable.
type Topology struct {
	// Cluster is the cluster that models are built on, empty for none.
	Cluster string
	// Clusters are the hosts of this and other clusters, by shard, then
	// replica.
	Clusters map[string][]Host
	// PerHost says that statements are sent to each host directly, where ON
	// CLUSTER is off.
	PerHost bool
	// DatabaseEngine is the engine of databases that are not there yet, empty
	// for the server's own default.
	DatabaseEngine string
	// LocalSuffix and LocalPrefix name the tables behind a Distributed one and
	// their databases.
	LocalSuffix, LocalPrefix string
	Require                  Require
	// DDLWait is how long a distributed statement is waited for, ReplicaWait
	// how long replicas may take to get the parts of a new table.
	DDLWait, ReplicaWait time.Duration
}

// Host is one server of a cluster.
type Host struct {
	Name           string // host:port, as the cluster names it
	Shard, Replica int    // from 1
	// Down is why the host cannot be worked with now, empty when it can.
	Down string
	// Macros are the host's own; nil while they are not known.
	Macros  map[string]string
	Version adapters.Version
}

// Require says which replicas must have a new table's parts before it is put
// in place. Those that may be missing keep the table they have.
type Require string

const (
	RequireAll       Require = "all"       // every replica that is up; the default
	RequireQuorum    Require = "quorum"    // more than half of each shard's
	RequireAvailable Require = "available" // one of each shard
)

// Waits when a target does not say.
const (
	DefaultDDLWait     = time.Minute
	DefaultReplicaWait = 5 * time.Minute
)

func (t Topology) ddlWait() time.Duration {
	if t.DDLWait > 0 {
		return t.DDLWait
	}
	return DefaultDDLWait
}

func (t Topology) replicaWait() time.Duration {
	if t.ReplicaWait > 0 {
		return t.ReplicaWait
	}
	return DefaultReplicaWait
}

// short finds a shard of which fewer hosts are up than require asks for, and
// how many of how many are.
func (r Require) short(hosts []Host, up func(Host) bool) (shard, have, all int, short bool) {
	count, total := map[int]int{}, map[int]int{}
	for _, h := range hosts {
		total[h.Shard]++
		if up(h) {
			count[h.Shard]++
		}
	}
	for _, shard := range slices.Sorted(maps.Keys(total)) {
		if count[shard] == 0 || r == RequireQuorum && 2*count[shard] <= total[shard] {
			return shard, count[shard], total[shard], true
		}
	}
	return 0, 0, 0, false
}

// shards counts the shards of hosts.
func shards(hosts []Host) int {
	seen := map[int]bool{}
	for _, h := range hosts {
		seen[h.Shard] = true
	}
	return len(seen)
}

// up are the hosts that can be worked with.
func up(hosts []Host) []Host {
	return slices.DeleteFunc(slices.Clone(hosts), func(h Host) bool { return h.Down != "" })
}

func hostNames(hosts []Host) []string {
	names := make([]string, len(hosts))
	for i, h := range hosts {
		names[i] = h.Name
	}
	return names
}

// lowest is the oldest version among the server's own and those of hosts: what
// is sent to all must suit each.
func lowest(server adapters.Version, hosts []Host) adapters.Version {
	low := server
	for _, h := range hosts {
		if h.Version.Text != "" && !h.Version.AtLeast(low.Major, low.Minor) {
			low = h.Version
		}
	}
	return low
}

// replicatedEngine reports whether a database carries its DDL to all its
// hosts.
func replicatedEngine(engine string) bool {
	return strings.HasPrefix(engine, "Replicated") || sharedEngine(engine)
}

func sharedEngine(engine string) bool { return strings.HasPrefix(engine, "Shared") }

// shardsEngine is the engine of the database with the shards' tables, or the
// one that it will have: where others carry DDL to their hosts, it does not.
func (t Topology) shardsEngine(state *State, server adapters.Server, name string) string {
	return t.beside().databaseEngine(state, server, name)
}

// beside is the topology for databases of shards' tables.
func (t Topology) beside() Topology {
	if strings.HasPrefix(t.DatabaseEngine, "Replicated") {
		t.DatabaseEngine = "Atomic"
	}
	return t
}

// databaseEngine is the engine of a database, or the one that it will have.
func (t Topology) databaseEngine(state *State, server adapters.Server, name string) string {
	if d, ok := state.catalog.Databases[name]; ok {
		return d.Engine
	}
	if t.DatabaseEngine != "" {
		return engineWord.FindString(t.DatabaseEngine)
	}
	if server.Version.AtLeast(20, 10) {
		return "Atomic"
	}
	return "Ordinary"
}
