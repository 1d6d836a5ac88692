package materialize

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// shard decides whether the node's rows are spread over the shards of a
// cluster, and names the table that holds them on each host.
func (p *planner) shard() {
	m := p.in.Node.Materialized()
	if p.shardingKey() == "" && m != "distributed_table" && m != "distributed_incremental" {
		return
	}
	database := p.ddl.scope == ScopeDatabase && !sharedEngine(p.engineOfDatabase)
	switch {
	case database && !p.shardsInDatabase():
		return
	case database:
	case !p.onCluster():
		p.note("not on a cluster: one table holds all rows, sharding_key has no effect")
		return
	case m == "view" || m == "":
		return
	}
	t := p.in.Topology
	suffix := t.LocalSuffix
	if suffix == "" {
		suffix = "local"
	}
	p.data = adapters.Relation{Database: t.LocalPrefix + p.whole.Database, Name: p.whole.Name + "_" + strings.TrimPrefix(suffix, "_")}
	if t.LocalPrefix != "" {
		p.engineOfDatabase = t.shardsEngine(p.in.State, p.in.Server, p.data.Database)
	}
	p.noteAway()
}

// shardsInDatabase prepares for shards of a Replicated database, whose cluster
// bears its name. It is false when there are none, or when it cannot be done.
func (p *planner) shardsInDatabase() bool {
	t := p.in.Topology
	if p.hosts != nil && shards(p.hosts) == 1 {
		p.note("the database %s has one shard: one table holds all rows, sharding_key has no effect", p.whole.Database)
		return false
	}
	local := p.whole.Database
	if t.LocalPrefix != "" {
		local = t.LocalPrefix + local
		if !replicatedEngine(t.shardsEngine(p.in.State, p.in.Server, local)) {
			return p.shardsBeside(local)
		}
	}
	p.ddl.cluster = p.whole.Database
	if _, known := t.Clusters[p.ddl.cluster]; !known {
		p.ddl.cluster = t.Cluster
	}
	switch {
	case p.hosts == nil:
		p.wrong("sharding_key", "shards-unknown", fmt.Sprintf("%s: the hosts of the Replicated database %s are not known", p.in.Node.Name, p.whole.Database),
			"nobody could tell whether each shard has its rows", "write the cluster of its hosts into the target, as in cluster: "+p.whole.Database+", or take sharding_key out")
	case p.in.Node.ResourceType == manifest.Snapshot, p.in.Node.ResourceType == manifest.Model && incrementally(p.in.Node.Materialized()):
		p.wrong("sharding_key", "shards-in-replicated-database", fmt.Sprintf("%s: in the Replicated database %s, of several shards, rows cannot be added shard by shard", p.in.Node.Name, local),
			"it carries REPLACE PARTITION to all shards at once, where any replica may carry it out, even one that has not got the new rows: the partition would be empty",
			"have the shards' tables in a database of engine Atomic: "+p.shardsBesideAdvice()+"; or make it a table")
	default:
		return true
	}
	return false
}

// shardsBesideAdvice is what to write into the target for shards whose tables
// are in another database.
func (p *planner) shardsBesideAdvice() string {
	advice := "local_db_prefix: shard_ in the target"
	if t := p.in.Topology; t.LocalPrefix != "" {
		advice = "create " + adapters.QuoteIdent(t.LocalPrefix+p.whole.Database) + " as one, or use another local_db_prefix"
	}
	if p.in.Topology.Cluster == "" {
		advice += ", with cluster: " + p.whole.Database
	}
	return advice
}

// shardsBeside has the shards' tables in a database that leaves DDL to chmod,
// on each host of the target's cluster, and what reads them in the Replicated one.
func (p *planner) shardsBeside(local string) bool {
	name, ok := p.clusterName()
	if !ok {
		return false
	}
	if name == "" {
		p.wrong("sharding_key", "shards-unknown", fmt.Sprintf("%s: nobody knows on which hosts the database %s is to be", p.in.Node.Name, local),
			"unlike "+p.whole.Database+", it does not tell its hosts of its tables", "write the cluster of its hosts into the target, as in cluster: "+p.whole.Database)
		return false
	}
	face := place{p.ddl, p.engineOfDatabase}
	p.toHosts(name)
	if !p.onCluster() {
		return false // the mistake is told
	}
	p.face = &face
	return true
}

// sharded reports whether the node's table is one behind a Distributed table.
func (p *planner) sharded() bool { return p.data != p.whole }

func (p *planner) shardingKey() string {
	return strings.TrimSpace(p.in.Node.Config.String("sharding_key"))
}

// distributed is a table that reads and writes another one on all shards.
func (p *planner) distributed(r, over adapters.Relation) table {
	key := p.shardingKey()
	if key == "" {
		key = "rand()"
	}
	return table{
		relation: r, like: &over,
		engine: "Distributed(" + list([]string{adapters.Literal(p.ddl.cluster), adapters.Literal(over.Database), adapters.Literal(over.Name), key}) + ")",
	}
}

// spread fills the staging table by fill, through a Distributed table of its
// own when it is sharded, and returns what fill does: the numbers of its first
// and last step.
func (p *planner) spread(fill func(into adapters.Relation) (int, int)) (first, last int) {
	if !p.sharded() {
		return fill(p.staging)
	}
	through := p.namedFor(p.whole, RoleSpread)
	if p.face != nil {
		through = p.named(RoleSpread) // in a database that keeps it to this server
	}
	// Only this server writes through it; a Replicated database makes it
	// everywhere all the same.
	own := ddl{server: p.in.Server, scope: ScopeNode}
	if p.ddl.scope == ScopeDatabase {
		own = p.ddl
	}
	drop := adapters.Statement{SQL: own.drop(through, true)}
	undo := drop
	p.add(Step{
		Purpose: "create what spreads rows over its shards", Scope: own.scope,
		Statement: adapters.Statement{SQL: own.createTable(p.distributed(through, p.staging))}, Undo: &undo,
	})
	first, last = fill(through)
	p.add(Step{Purpose: "drop what spread the rows", Scope: own.scope, Statement: drop})
	return first, last
}

// foreground makes an insert through a Distributed table wait for all shards.
func (p *planner) foreground(settings map[string]any) {
	if !p.sharded() {
		return
	}
	name := "insert_distributed_sync"
	if p.in.Server.Version.AtLeast(23, 11) {
		name = "distributed_foreground_insert"
	}
	maps.Copy(settings, map[string]any{name: 1})
}

// missedShard says what else a reader of all shards can meet where tables are
// swapped by renames.
func (p *planner) missedShard() string {
	if p.exchanges() {
		return ""
	}
	return ", or fail as it comes to a host between its two renames"
}

// noteAway says what readers of all shards get from hosts that are left out.
func (p *planner) noteAway() {
	for _, h := range p.hosts {
		if h.Down != "" && shared(p.hosts, h) {
			p.note("once %s is back, and until a later run or chmod cluster repair, a reader of %s whom it answers sees its shard as it was", h.Name, p.target)
		}
	}
}

// shared reports whether a host is not the only one of its shard.
func shared(hosts []Host, h Host) bool {
	return slices.ContainsFunc(hosts, func(o Host) bool { return o.Shard == h.Shard && o.Name != h.Name })
}

// front makes the target read the shards' tables.
func (p *planner) front() {
	if !p.sharded() {
		return
	}
	p.note("each host puts its shard in place by itself: until all have, a reader of %s can see shards of two generations%s", p.target, p.missedShard())
	t := p.distributed(p.whole, p.data)
	t.comment = p.relationComment()
	existing := p.in.State.anywhere(p.whole, p.active())
	p.facade(facade{
		relation: p.whole, existing: existing,
		replaceable: existing != nil && existing.Engine == "Distributed",
		create:      "create what reads all shards",
		replace:     "replace what reads all shards, whose columns may have changed",
		statement: func(d ddl, at adapters.Relation, replace bool) string {
			t := t
			t.relation, t.replace = at, replace
			return d.createTable(t)
		},
		undo: &adapters.Statement{Settings: p.dropSettings(math.MaxUint64)},
	})
}
