package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// settle decides where the node's relation lives: on the connected server, on
// every host of a cluster, or wherever its database carries it.
func (p *planner) settle() {
	t := p.in.Topology
	p.ddl = ddl{server: p.in.Server, scope: ScopeNode}
	p.engineOfDatabase = t.databaseEngine(p.in.State, p.in.Server, p.target.Database)
	if n := p.in.Node; n.ResourceType == manifest.Operation || n.Materialized() == "ephemeral" {
		return
	}
	if replicatedEngine(p.engineOfDatabase) {
		p.ddl.scope = ScopeDatabase
		p.hosts = t.Clusters[p.target.Database]
		if p.hosts == nil {
			p.hosts = t.Clusters[t.Cluster]
		}
		return
	}
	if name, ok := p.clusterName(); ok && name != "" {
		p.toHosts(name)
	}
}

// toHosts makes the hosts of a cluster those that the node's table is on.
func (p *planner) toHosts(name string) {
	t := p.in.Topology
	hosts, known := t.Clusters[name]
	if !known {
		p.wrong("cluster", "unknown-cluster", fmt.Sprintf("%s: the server knows no cluster %s", p.in.Node.Name, name),
			"system.clusters does not list it", "write the name of one that it lists, or take it out")
		return
	}
	if shard, have, all, short := t.require().short(hosts, func(h Host) bool { return h.Down == "" }); short {
		p.wrong("cluster", "shard-down", fmt.Sprintf("%s: %d of the %d hosts of shard %d of the cluster %s can be worked with", p.in.Node.Name, have, all, shard, name),
			fmt.Sprintf("require: %s does not allow that: %s", t.require(), whyDown(hosts, shard)), "see chmod debug; nothing was changed")
		return
	}
	p.hosts = hosts
	p.ddl = ddl{server: adapters.Server{Version: lowest(p.in.Server.Version, up(hosts))}, scope: ScopeCluster, cluster: name}
	down := slices.DeleteFunc(slices.Clone(hosts), func(h Host) bool { return h.Down == "" })
	p.direct = t.PerHost || len(down) > 0
	for _, h := range down {
		p.note("host %s is left out, it keeps what it has until a later run: %s", h.Name, oneLine(h.Down))
	}
}

// whyDown is why the first host of a shard that is down is.
func whyDown(hosts []Host, shard int) string {
	for _, h := range hosts {
		if h.Shard == shard && h.Down != "" {
			return h.Name + ": " + oneLine(h.Down)
		}
	}
	return "it has no hosts"
}

// clusterName is the cluster to build the node on, empty for none; false when
// its config makes no sense.
func (p *planner) clusterName() (string, bool) {
	cfg := p.in.Node.Config
	switch scope := cfg.String("scope"); strings.ToLower(scope) {
	case "", "cluster":
	case "node":
		return "", true
	default:
		p.wrong("scope", "wrong-config-value", fmt.Sprintf("%s: scope: %s is not known", p.in.Node.Name, scope),
			"it says where the relation is built", "use cluster, or node for the connected server alone")
		return "", false
	}
	if cfg.Bool("disable_on_cluster", false) {
		return "", true
	}
	if v, ok := cfg.Get("cluster"); ok {
		name, isText := v.(string)
		if v != nil && !isText {
			p.wrong("cluster", "wrong-config-type", fmt.Sprintf("%s: \"cluster\" is not the name of a cluster", p.in.Node.Name), "", "write a name, or none")
			return "", false
		}
		return strings.Trim(name, `"'`), true
	}
	return p.in.Topology.Cluster, true
}

// place is how statements reach a relation, and the engine of its database.
type place struct {
	ddl    ddl
	engine string
}

// atFront plans what is about the relation that users read, where that is in
// another place than the rows.
func (p *planner) atFront(do func()) {
	if p.face == nil {
		do()
		return
	}
	rows := place{p.ddl, p.engineOfDatabase}
	p.ddl, p.engineOfDatabase = p.face.ddl, p.face.engine
	do()
	p.ddl, p.engineOfDatabase = rows.ddl, rows.engine
}

// onCluster reports whether the relation is one of every host of a cluster.
func (p *planner) onCluster() bool { return p.ddl.scope == ScopeCluster }

// active are the hosts that the relation is built on.
func (p *planner) active() []string { return hostNames(up(p.hosts)) }

// change appends a step whose statement takes effect wherever the relation
// lives. The statements are written once for the cluster and, where a host may
// have to be worked on by itself, once for a host.
func (p *planner) change(s Step, sql func(ddl) string, undo func(ddl) string) int {
	return p.changeOn(nil, s, sql, undo)
}

// changeOn is change for some hosts only; nil means all.
func (p *planner) changeOn(hosts []string, s Step, sql func(ddl) string, undo func(ddl) string) int {
	d := p.ddl
	s.Scope = d.scope
	if d.scope == ScopeCluster {
		s.cluster, s.all = p.ddl.cluster, p.hosts
		s.InTurn = s.Swap && p.locks()
		if p.direct || hosts != nil || s.InTurn {
			s.Scope, s.Hosts = ScopeHosts, hosts
			if hosts == nil {
				s.Hosts = p.active()
			}
			d = d.perHost()
		}
		s.Direct = sql(p.ddl.perHost())
	}
	s.Statement.SQL = sql(d)
	if undo != nil {
		if s.Undo == nil {
			s.Undo = &adapters.Statement{}
		}
		s.Undo.SQL = undo(d)
		if p.onCluster() {
			s.UndoDirect = undo(p.ddl.perHost())
		}
	}
	return p.add(s)
}

// locks reports whether swaps on two hosts at once can block each other for
// ever: where a rename waits for readers and makes others wait, two readers of
// all shards may each hold up the rename that the other one waits for.
func (p *planner) locks() bool { return p.sharded() && !p.exchanges() }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
