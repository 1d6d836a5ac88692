package materialize

import (
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// A rollback does not exchange what is kept under the name that it is kept by,
// which any other run has a use for, too: it gives it a name of its own first, and
// in the end gives what it has replaced the name that was kept. Whoever finds a
// rollback dead takes that name away before anything else, so that an EXCHANGE
// that was held back on its way to the server fails. Whether or not it had come to
// the exchange, what has that name is what is to be kept.

// setOff gives what is kept a name of the run's own.
func (p *planner) setOff(k adapters.Relation) adapters.Relation {
	way := p.named(RoleOnItsWay)
	p.changeOn(nil, Step{
		Purpose: "give the earlier generation a name of this run's own, while it is exchanged",
		Effect:  &Effect{There: []adapters.Relation{way}, Gone: []adapters.Relation{k}},
	}, renaming(k, way), renaming(way, k))
	return way
}

// arrive names what was replaced as what is kept. It is undone by being done, as
// setting off is undone by the same: from either side, hosts agree on the name.
func (p *planner) arrive(way, k adapters.Relation) {
	p.changeOn(nil, Step{
		Purpose: "keep what it was until now, for the next chmod rollback",
		Effect:  &Effect{There: []adapters.Relation{k}, Gone: []adapters.Relation{way}},
	}, renaming(way, k), renaming(way, k))
}

func renaming(from, to adapters.Relation) func(ddl) string {
	return func(d ddl) string { return d.rename([2]adapters.Relation{from, to}) }
}

// takeBack keeps what dead rollbacks of a relation had on its way. From then on
// the planner's state is as if they had.
func (p *planner) takeBack(r adapters.Relation) {
	for _, l := range p.in.State.leftoversOf(r) {
		if l.stamp.Role == RoleOnItsWay {
			p.takeBackOne(l)
		}
	}
}

func (p *planner) takeBackOne(l leftover) {
	hosts, reached := p.whereIs(l)
	if !reached {
		return
	}
	k := p.in.State.nameToKeep(l)
	p.changeOn(hosts, Step{
		Purpose: "keep what a rollback of " + l.stamp.began() + ", which was broken off, had on its way",
		Effect:  &Effect{There: []adapters.Relation{k}, Gone: []adapters.Relation{l.Relation}},
	}, renaming(l.Relation, k), nil)
	p.in.State = p.in.State.keeping(l, k)
}

// nameToKeep is the name under which what was on its way is kept: that which it
// has on hosts on which the rollback had not begun or had ended, else its own.
func (s *State) nameToKeep(l leftover) adapters.Relation {
	has := func(h string) bool { return slices.Contains(l.hosts, h) }
	for _, k := range slices.Backward(s.kept[l.base()]) {
		if len(l.hosts) > 0 && !slices.ContainsFunc(k.hosts, has) {
			return k.Relation
		}
	}
	own := l.stamp
	own.Role = RoleKept
	return adapters.Relation{Database: l.Database, Name: own.name(l.Database, l.base().Name)}
}

// keeping is the state once a leftover is kept under another name, wherever it
// is.
func (s *State) keeping(l leftover, as adapters.Relation) *State {
	own, key := *s, l.base()
	own.catalog = renamedIn(s.catalog, l.Relation, as)
	own.hosts = renamedOn(s.hosts, l.Relation, as, l.hosts)
	own.leftovers = maps.Clone(s.leftovers)
	own.leftovers[key] = slices.DeleteFunc(slices.Clone(s.leftovers[key]), func(o leftover) bool { return o.Relation == l.Relation })
	k := l
	k.Relation, k.now = as, l.Relation
	_, k.stamp, _ = ParseStaging(as.Name)
	own.kept = maps.Clone(s.kept)
	own.kept[key] = slices.Clone(s.kept[key])
	if at := slices.IndexFunc(own.kept[key], func(o leftover) bool { return o.Relation == as }); at >= 0 {
		k.hosts = slices.Concat(own.kept[key][at].hosts, l.hosts)
		k.Bytes = max(k.Bytes, own.kept[key][at].Bytes)
		if s.table(l.Relation) == nil {
			k.now = adapters.Relation{}
		}
		own.kept[key][at] = k
	} else {
		own.kept[key] = append(own.kept[key], k)
	}
	slices.SortFunc(own.kept[key], older)
	return &own
}

// renamedOn are the catalogs of hosts once a table has another name on some.
func renamedOn(all map[string]*adapters.Catalog, from, to adapters.Relation, hosts []string) map[string]*adapters.Catalog {
	own := maps.Clone(all)
	for _, h := range hosts {
		if c := all[h]; c != nil {
			own[h] = renamedIn(c, from, to)
		}
	}
	return own
}

// renamedIn is a catalog once a table has another name.
func renamedIn(c *adapters.Catalog, from, to adapters.Relation) *adapters.Catalog {
	t, ok := c.Table(from)
	if !ok {
		return c
	}
	own := &adapters.Catalog{Databases: maps.Clone(c.Databases)}
	d := own.Databases[from.Database]
	d.Tables = maps.Clone(d.Tables)
	delete(d.Tables, from.Name)
	t.Relation = to
	d.Tables[to.Name] = t
	own.Databases[from.Database] = d
	return own
}
