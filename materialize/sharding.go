package materialize

import (
	"fmt"
	"maps"
	"math"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
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
	case database && !p.shardsInDatabase(m):
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
		p.engineOfDatabase = t.databaseEngine(p.in.State, p.in.Server, p.data.Database)
	}
}

// shardsInDatabase prepares for shards of a Replicated database, whose cluster
// bears its name. It is false when there are none, or when it cannot be done.
func (p *planner) shardsInDatabase(materialized string) bool {
	t := p.in.Topology
	p.ddl.cluster = p.whole.Database
	if _, known := t.Clusters[p.ddl.cluster]; !known {
		p.ddl.cluster = t.Cluster
	}
	what := ""
	switch {
	case p.hosts != nil && shards(p.hosts) == 1:
		p.note("the database %s has one shard: one table holds all rows, sharding_key has no effect", p.whole.Database)
		return false
	case p.hosts == nil:
		what = "sharded tables in a Replicated database whose hosts are not known"
	case materialized != "table" && materialized != "distributed_table" && materialized != "seed" && materialized != "view" && materialized != "":
		what = "sharded tables in a Replicated database that are " + materialized
	case t.LocalPrefix != "":
		what = "sharded tables in a Replicated database whose rows lie in another one"
	default:
		return true
	}
	p.wrong("sharding_key", "not-yet-supported", fmt.Sprintf("%s: %s cannot be built yet", p.in.Node.Name, what),
		"", "use a database of engine Atomic with cluster:, or take sharding_key out")
	return false
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

// front makes the target read the shards' tables.
func (p *planner) front() {
	if !p.sharded() {
		return
	}
	p.note("each host puts its shard in place by itself: until all have, a reader of %s can see shards of two generations", p.target)
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
