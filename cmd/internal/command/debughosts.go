package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/materialize"
)

// tryCluster tells what each host of the target's cluster says of itself, and
// what is done there. It is false when the cluster cannot be built on.
func (c *call) tryCluster(ctx context.Context, inv *invocation.Invocation) bool {
	cluster, err := inv.Cluster(ctx)
	if err != nil {
		c.fail(err)
		c.say("cluster FAILED")
		return false
	}
	if cluster == nil {
		return true
	}
	t := inv.Project.Target
	hosts := cluster.Hosts()[t.Cluster]
	shards, up := map[int]int{}, map[int]int{}
	for _, h := range hosts {
		shards[h.Shard]++
		if h.Down == "" {
			up[h.Shard]++
		}
	}
	c.say("cluster %s: %d shards, %d hosts", t.Cluster, len(shards), len(hosts))
	for _, h := range hosts {
		facts, _ := cluster.Facts(h.Name)
		c.say("  shard %d replica %d  %s  %s", h.Shard, h.Replica, h.Name, hostText(h, facts, len(hosts)))
	}
	for shard := range shards {
		if up[shard] == 0 {
			c.say("cluster FAILED: no host of shard %d can be worked with", shard)
			return false
		}
	}
	c.say("%s", howOn(t, hosts))
	return true
}

// unknownLag is from where on a lag means that a replica has never caught up:
// its server then tells the age of the epoch.
const unknownLag = 10 * 365 * 24 * time.Hour

// hostText is the state in a line of one of so many hosts. A host alone is a
// replica of nothing and needs no macros.
func hostText(h materialize.Host, f adapters.HostFacts, hosts int) string {
	if h.Down != "" {
		return "DOWN, left out, keeps what it has until a later run: " + h.Down
	}
	words := []string{"ClickHouse " + f.Server.Version.Text, "Keeper " + string(f.Keeper)}
	switch lag := f.Lag(); {
	case lag >= unknownLag:
		words = append(words, "behind by nobody knows how much")
	case lag > 0:
		words = append(words, fmt.Sprintf("behind by %s", lag))
	}
	if entries, toFetch := f.Queue(); entries > 0 {
		words = append(words, fmt.Sprintf("%d entries in queues, %d parts to fetch", entries, toFetch))
	}
	if n := len(f.ReadOnly()); n > 0 {
		words = append(words, fmt.Sprintf("%d tables READ-ONLY", n))
	}
	if ahead := f.ClockAhead.Abs(); ahead > f.ClockError+time.Second {
		words = append(words, fmt.Sprintf("clock off by %s", f.ClockAhead.Round(time.Millisecond)))
	}
	for _, d := range f.Disks {
		if d.Total > 0 {
			words = append(words, fmt.Sprintf("disk %s %d%% free", d.Name, d.Free*100/d.Total))
		}
	}
	if hosts > 1 && (f.Macros["shard"] == "" || f.Macros["replica"] == "") {
		words = append(words, "LACKS the macros shard and replica")
	}
	words = append(words, "databases "+f.DatabaseEngine, "up for "+f.Uptime.String())
	return strings.Join(words, ", ")
}

// howOn says what will be done on the hosts.
func howOn(t *project.Target, hosts []materialize.Host) string {
	way := "ON CLUSTER"
	if t.PerHost {
		way = "host by host"
	}
	for _, h := range hosts {
		if h.Down != "" {
			way = "host by host, as long as one is down"
		}
	}
	return fmt.Sprintf("statements go %s; a new table is put in place once %s have its parts", way, map[string]string{
		"all": "all replicas that are up", "quorum": "more than half of each shard's replicas", "available": "one replica of each shard",
	}[t.Require])
}
