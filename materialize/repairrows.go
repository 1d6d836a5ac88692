package materialize

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// way is how a host gets a replica of the right table.
type way struct {
	// stale says that another table has the name there.
	stale bool
	// leftover is what a build has made there and not put in place.
	leftover adapters.Relation
	// registered says that Keeper has the host's replica, whose table is gone.
	registered bool
}

// rows brings the right table to the hosts that do not have it, and puts
// replicas in order.
func (w *repairs) rows(p *planner, x *examination) {
	if len(x.detached) > 0 {
		p.narrow(x.hosts, x.detached)
		p.change(Step{Purpose: "serve the table again that is detached", Effect: &Effect{There: []adapters.Relation{x.r.Relation}}},
			func(d ddl) string { return d.attach(x.r.Relation) }, nil)
		p.verifyThere(x.r.Relation)
		p.note("what is attached is as it was when it was detached: it catches up, or is looked at again")
	}
	w.bringAll(p, x)
	w.restore(p, x)
}

// bringAll brings the right table to all hosts that do not have it.
func (w *repairs) bringAll(p *planner, x *examination) {
	ways := map[way][]string{}
	for _, h := range x.hosts {
		if !slices.Contains(x.lacking, h.Name) && !slices.Contains(x.stale, h.Name) {
			continue
		}
		how, ok := w.way(x, h)
		if other, taken := w.taken(x, h.Name); ok && taken && how.leftover.Name == "" {
			p.note("%s is left alone on %s: the host's replica of it is there as %s", x.r.Relation, h.Name, other)
			continue
		}
		if ok {
			ways[how] = append(ways[how], h.Name)
		}
	}
	for _, how := range slices.SortedFunc(maps.Keys(ways), func(a, b way) int {
		return cmp.Or(compareRelations(a.leftover, b.leftover), cmp.Compare(rank(a.stale), rank(b.stale)), cmp.Compare(rank(a.registered), rank(b.registered)))
	}) {
		w.bring(p, x, how, ways[how])
	}
}

// way finds how a host can get the right table; false when it cannot.
func (w *repairs) way(x *examination, h Host) (way, bool) {
	how := way{stale: slices.Contains(x.stale, h.Name)}
	for _, l := range w.sight.state.leftoversOf(x.r.Relation) {
		if g := w.sight.generations[h.Name][l.Relation]; g != "" && g == x.verdict.right && disposable(l.stamp.Role) {
			how.leftover = l.Relation
			return how, true
		}
	}
	donors := x.donors(h.Name)
	if len(donors) == 0 {
		return how, false
	}
	name, known := replicaName(x.shape[donors[0]], h)
	how.registered = known && slices.Contains(w.sight.survey.Replicas[x.held[donors[0]].Replica.Path], name)
	return how, true
}

// taken finds a table under another name that is the host's replica of the right
// one: there can be no second one.
func (w *repairs) taken(x *examination, host string) (adapters.Relation, bool) {
	donors := x.donors(host)
	if len(donors) == 0 {
		return adapters.Relation{}, false
	}
	path := x.held[donors[0]].Replica.Path
	for _, r := range sortedRelations(w.sight.survey.Holdings[host]) {
		if h := w.sight.survey.Holdings[host][r]; h.Replica != nil && h.Replica.Path == path && r != x.r.Relation {
			return r, true
		}
	}
	return adapters.Relation{}, false
}

// replicaName is what a host's replica of a table is called in Keeper.
func replicaName(s shape, h Host) (string, bool) {
	if len(s.args) < 2 || h.Macros == nil {
		return "", false
	}
	name := strings.Trim(s.args[1], "'")
	for macro, text := range h.Macros {
		name = strings.ReplaceAll(name, "{"+macro+"}", text)
	}
	return name, !strings.Contains(name, "{")
}

// bring makes hosts have the right table: a replica of it under a name of its
// own, put in place once it has all parts.
func (w *repairs) bring(p *planner, x *examination, how way, names []string) {
	r := x.r.Relation
	staging := how.leftover
	var donors []string
	for _, name := range names {
		for _, d := range x.donors(name) {
			if !slices.Contains(donors, d) {
				donors = append(donors, d)
			}
		}
	}
	p.narrow(x.hosts, names)
	if staging.Name == "" {
		staging = p.namedFor(r, RoleStaging)
		verb := "CREATE TABLE"
		if how.registered {
			if verb = w.unregister(p, x, names); verb == "ATTACH TABLE" {
				p.note("Keeper has replicas of %s whose tables are gone: they are taken up again", r)
			}
		}
		w.create(p, x, copied{verb: verb, relation: staging}, "create a replica of the right table under a name of its own")
	} else {
		p.note("%s is the right table, which a build has left on %s: it is put in place", staging, list(names))
		w.used[staging] = append(w.used[staging], names...)
	}
	if p.replicated() {
		p.fetched(staging, r, donors)
	}
	put := replacement{target: r, staging: staging, aside: p.namedFor(r, RoleOld), held: p.replicated()}
	if how.stale {
		put.existing = x.info(names)
		// After the exchange it is known for what the table was, by its name.
		put.leave = how.leftover.Name != "" && p.exchanges() && p.keeps()
		if w.careful {
			put.keepAs, put.keep = w.keepStale(p, x, names)
		}
	}
	p.swapOf(put)
	w.brought[r] = append(w.brought[r], names...)
}

// create makes a replica of the right table.
func (w *repairs) create(p *planner, x *examination, c copied, purpose string) {
	model := x.held[x.model]
	c.query = model.CreateQuery
	if args := x.shape[x.model].args; len(args) > 1 {
		if strings.Contains(args[0], "{uuid}") {
			c.uuid = model.UUID
		}
		if c.replica == "" && !strings.Contains(args[1], "{") {
			c.replica = "'{replica}'" // that one's is its own
		}
	}
	p.change(Step{
		Purpose: purpose, Effect: &Effect{There: []adapters.Relation{c.relation}},
		Undo: &adapters.Statement{Settings: p.dropSettings(math.MaxUint64)},
	}, func(d ddl) string { return w.copy(p, d, c) }, func(d ddl) string { return d.drop(c.relation, true) })
}

// unregister takes replicas out of Keeper whose tables are gone, and returns
// how to create them anew. Servers that cannot take them out take them up
// again.
func (w *repairs) unregister(p *planner, x *examination, names []string) string {
	if !x.e.in.Server.Version.AtLeast(20, 8) {
		return "ATTACH TABLE"
	}
	for _, h := range p.hosts {
		donors := x.donors(h.Name)
		name, ok := replicaName(x.shape[donors[0]], h)
		if !ok || !slices.Contains(names, h.Name) {
			continue
		}
		p.changeOn(donors[:1], Step{Purpose: "take the replica of " + h.Name + ", whose table is gone, out of Keeper"},
			func(d ddl) string { return d.dropReplica(name, x.r.Relation) }, nil)
	}
	return "CREATE TABLE"
}

// restore puts replicas of the right table in order that are there.
func (w *repairs) restore(p *planner, x *examination) {
	r := x.r.Relation
	system := func(what, purpose string) {
		p.change(Step{Purpose: purpose}, func(d ddl) string { return d.system(what, r) }, nil)
	}
	if len(x.behind) > 0 {
		p.narrow(x.hosts, x.behind)
		system("START FETCHES", "fetch parts, should that have been stopped")
		if p.has(adapters.SyncDrop) {
			system("SYNC REPLICA", "work off the replica's queue")
		}
		p.fetched(r, r, x.allDonors(x.behind))
	}
	if len(x.readOnly) > 0 {
		p.narrow(x.hosts, x.readOnly)
		system("RESTART REPLICA", "begin the replica's session with Keeper again")
		if donors := x.allDonors(x.readOnly); len(donors) > 0 {
			p.fetched(r, r, donors)
		}
	}
	if len(x.lost) == 0 {
		return
	}
	if x.restores() {
		p.narrow(x.hosts, x.lost)
		system("RESTART REPLICA", "begin the replica's session with Keeper again")
		system("RESTORE REPLICA", "tell Keeper of the replica, from what the host has")
		if donors := x.allDonors(x.lost); len(donors) > 0 {
			p.fetched(r, r, donors)
		}
		return
	}
	for _, host := range x.lost {
		if x.whenLost(host) == RemedyRepair {
			w.renew(p, x, host)
		}
	}
}

func (x *examination) allDonors(hosts []string) []string {
	var donors []string
	for _, h := range hosts {
		for _, d := range x.donors(h) {
			if !slices.Contains(donors, d) {
				donors = append(donors, d)
			}
		}
	}
	return donors
}

// renew makes another replica in the place of one that Keeper does not know, on
// servers that cannot restore it. Old ones can neither rename it nor have two
// replicas of one name.
func (w *repairs) renew(p *planner, x *examination, host string) {
	r := x.r.Relation
	p.narrow(x.hosts, []string{host})
	staging := p.namedFor(r, RoleStaging)
	w.create(p, x, copied{verb: "CREATE TABLE", relation: staging, replica: "'{replica}-" + w.Invocation.stamp(RoleStaging).ID + "'"},
		"create another replica of the table under a name of its own")
	p.fetched(staging, r, x.donors(host))
	p.note("between the last two statements a reader can find no %s on %s", r, host)
	p.change(Step{Purpose: "drop the replica that Keeper does not know; others have all of its parts", Effect: &Effect{Gone: []adapters.Relation{r}}},
		func(d ddl) string { return d.drop(r, true) }, nil)
	p.swapOf(replacement{target: r, staging: staging, held: true})
}

// fetched appends a step that waits until the narrowed hosts have all parts that
// donors have of another table, or the same one.
func (p *planner) fetched(r, of adapters.Relation, donors []string) {
	hosts := up(p.hosts)
	p.add(Step{
		Purpose: "wait until it has all parts", Kind: KindReplicas, Scope: ScopeHosts, Hosts: hostNames(hosts),
		Statement: adapters.Statement{SQL: p.ddl.parts(r)},
		Replicas: &Replicas{
			Table: r, Hosts: hosts, Parts: true, Require: RequireAll, Wait: p.in.Topology.replicaWait(),
			Of: of, Donors: donors,
		},
	})
}
