package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// familyName is the name of a MergeTree engine without what says that it is
// replicated.
func familyName(engine string) string {
	return strings.TrimPrefix(strings.TrimPrefix(engine, "Replicated"), "Shared")
}

// replicated reports whether the node's table gets its rows to every replica
// by itself.
func (p *planner) replicated() bool {
	switch {
	case !p.mergeTree():
		return false
	case strings.HasPrefix(p.engineName(), "Replicated"):
		return true
	case p.ddl.scope == ScopeNode:
		return false
	case sharedEngine(p.engineOfDatabase):
		return true
	}
	return p.wantsReplication() && !p.lonely()
}

// lonely reports that no shard has a second host and that there need not be a
// Keeper: nothing is there to replicate to.
func (p *planner) lonely() bool {
	return p.onCluster() && p.in.Topology.PerHost && shards(p.hosts) == len(p.hosts)
}

// wantsReplication reads the config of that name.
func (p *planner) wantsReplication() bool {
	switch v := p.in.Node.Config.Value("replication").(type) {
	case nil:
		return true
	case bool:
		return v
	case string:
		switch strings.ToLower(v) {
		case "on", "true", "":
			return true
		case "off", "false", "none":
			return false
		}
	}
	p.wrong("replication", "wrong-config-value", fmt.Sprintf("%s: \"replication\" is neither on nor off", p.in.Node.Name), "", "")
	return true
}

// holders are engines that keep rows on the server that they are inserted on,
// and nowhere else.
var holders = []string{"Memory", "Log", "TinyLog", "StripeLog", "Set", "Join", "File", "EmbeddedRocksDB"}

// checkReplication reports tables that would hold their rows on one host of
// several.
func (p *planner) checkReplication() {
	if !p.onCluster() && p.ddl.scope != ScopeDatabase || sharedEngine(p.engineOfDatabase) {
		return
	}
	name := p.in.Node.Name
	if asked := !p.onCluster() && p.shardingKey() != ""; shards(p.hosts) > 1 && !p.sharded() && !asked && (p.mergeTree() || slices.Contains(holders, p.engineName())) {
		where, fix := "the cluster "+p.ddl.cluster, "add sharding_key, as in sharding_key: rand(), or scope: node for the connected server alone"
		if !p.onCluster() {
			where, fix = "the database "+p.target.Database, "add sharding_key, as in sharding_key: rand()"
		}
		p.wrong("sharding_key", "needs-sharding-key",
			fmt.Sprintf("%s: %s has %d shards, and the model does not say how rows are spread over them", name, where, shards(p.hosts)),
			"its rows would be on the shard of the connected server only, and every other host would have an empty table",
			fix)
		return
	}
	if p.replicated() || p.lonely() {
		return
	}
	switch {
	case p.mergeTree():
		p.warn("replication", "not-replicated",
			fmt.Sprintf("%s: without replication its rows are on %s only", name, p.holder()),
			"the other hosts get the table, and it stays empty there", "take replication: off out")
	case slices.Contains(holders, p.engineName()):
		p.wrong("engine", "not-replicated",
			fmt.Sprintf("%s: a table of engine %s holds its rows on the connected server only", name, p.engineName()),
			"the other hosts of the cluster would have an empty table", "use an engine of the MergeTree family, or scope: node")
	}
}

func (p *planner) holder() string {
	if p.sharded() {
		return "one replica of each shard"
	}
	return "the connected server"
}

// uuidPaths reports whether {uuid} may stand in a table's Keeper path.
func (p *planner) uuidPaths() bool {
	return p.ddl.server.Version.AtLeast(23, 8) && exchangingEngine(p.engineOfDatabase)
}

// placedEngine is the engine of the table r: the config's, replicated where
// the node's place asks for it, with a Keeper path that no other table ever
// had or will have.
func (p *planner) placedEngine(r adapters.Relation) string { return p.placed(p.engine(), r) }

// placed is placedEngine for an engine that is not the config's.
func (p *planner) placed(text string, r adapters.Relation) string {
	if !p.replicated() || sharedEngine(p.engineOfDatabase) {
		return text
	}
	name, args, ok := engineCall(text)
	if !ok {
		p.wrong("engine", "wrong-config-value", fmt.Sprintf("%s: the engine %s is not a name with arguments in parentheses", p.in.Node.Name, text), "", "")
		return text
	}
	if strings.HasPrefix(name, "Replicated") && len(args) > 0 && strings.HasPrefix(args[0], "'") {
		return p.explicitPath(text, args)
	}
	switch p.ddl.scope {
	case ScopeNode:
		return text
	case ScopeDatabase:
		// The database gives its tables paths of their own.
		return "Replicated" + familyName(name) + "(" + list(args) + ")"
	}
	p.needMacros()
	path := "/clickhouse/tables/{uuid}/{shard}"
	if !p.uuidPaths() {
		// Written out, since a macro for the name would mean another path once
		// the table is renamed; and unique, since a path outlives its table
		// where a replica is down.
		path = "/clickhouse/tables/" + pathWord(r.Database) + "/" + pathWord(r.Name) + "/{shard}"
	}
	args = append([]string{adapters.Literal(path), "'{replica}'"}, args...)
	return "Replicated" + familyName(name) + "(" + list(args) + ")"
}

// explicitPath judges a Keeper path that the user wrote.
func (p *planner) explicitPath(text string, args []string) string {
	const why = "a rebuilt table is made beside the one it replaces, and two tables cannot share a path"
	switch {
	case !strings.Contains(args[0], "{uuid}"):
		p.wrong("engine", "keeper-path-collides", fmt.Sprintf("%s: the Keeper path %s is the same for every build", p.in.Node.Name, args[0]),
			why, "leave path and replica out: chmod finds a path that never collides; or put {uuid} into it")
	case !p.uuidPaths():
		p.wrong("engine", "keeper-path-collides", fmt.Sprintf("%s: {uuid} has no meaning in the Keeper path of a table of this database", p.in.Node.Name),
			fmt.Sprintf("the server is %s, the database's engine %s", p.ddl.server.Version.Text, p.engineOfDatabase),
			"leave path and replica out: chmod finds a path that never collides")
	}
	return text
}

// needMacros reports hosts without the macros that tell replicas apart.
func (p *planner) needMacros() {
	seen := map[[2]string]string{}
	for _, h := range p.hosts {
		if h.Macros == nil {
			continue
		}
		shard, hasShard := h.Macros["shard"]
		replica, hasReplica := h.Macros["replica"]
		if !hasShard || !hasReplica {
			p.wrong("cluster", "missing-macro", fmt.Sprintf("%s: host %s lacks the macro shard or replica", p.in.Node.Name, h.Name),
				"replicated tables need both, different on every host", "add them to the macros section of the server's configuration")
			return
		}
		if other, twice := seen[[2]string{shard, replica}]; twice {
			p.wrong("cluster", "missing-macro", fmt.Sprintf("%s: hosts %s and %s have the same macros shard and replica", p.in.Node.Name, other, h.Name),
				"replicated tables need them to tell hosts apart", "correct the macros section of a server's configuration")
			return
		}
		seen[[2]string{shard, replica}] = h.Name
	}
}

// engineCall splits an engine into its name and arguments.
func engineCall(text string) (name string, args []string, ok bool) {
	text = strings.TrimSpace(text)
	name = engineWord.FindString(text)
	rest := strings.TrimSpace(text[len(name):])
	if rest == "" {
		return name, nil, name != ""
	}
	if !wrapped(rest) {
		return name, nil, false
	}
	rest = rest[1 : len(rest)-1]
	for _, arg := range commas(lexemes(rest)) {
		if len(arg) > 0 {
			args = append(args, rest[arg[0].start:arg[len(arg)-1].end])
		}
	}
	return name, args, name != ""
}

// pathWord writes a name so that it is one step of a Keeper path without
// macros.
func pathWord(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
