package materialize

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

// What a build has replaced has the name of the new table, or of one set aside,
// until it is renamed to that under which it is kept. A run that dies right
// before leaves the only copy of the earlier generation under a leftover's name.
//
// After an EXCHANGE nothing but their UUIDs tells the table that was replaced
// from one that was never put in place. So a build that keeps what it replaces
// gives its table a UUID that follows from its name: where the node's table has
// the UUID of a leftover's name, that build is in place, and the leftover is what
// was there before.

// builtUUID is the UUID of a table that is built under a name.
func builtUUID(r adapters.Relation) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("chmod "+r.String())).String()
}

// replaced reports whether a leftover is what the node's table was before,
// wherever it is.
func (p *planner) replaced(l leftover) bool {
	if l.stamp.Role != RoleStaging && l.stamp.Role != RoleOld {
		return false
	}
	if !p.onCluster() {
		now := p.in.State.table(p.data)
		return now != nil && p.replacedBy(l, l.TableInfo, *now)
	}
	return len(l.hosts) > 0 && !slices.ContainsFunc(l.hosts, func(h string) bool {
		had, there := p.in.State.on(h, l.Relation)
		now, ok := p.in.State.on(h, p.data)
		return !there || !ok || !p.replacedBy(l, had, now)
	})
}

func (p *planner) replacedBy(l leftover, had, now adapters.TableInfo) bool {
	if had.Engine != now.Engine && (now.IsView() || had.IsView()) {
		return false
	}
	if l.stamp.Role == RoleOld {
		return true // what was set aside was in place
	}
	if built := builtUUID(l.Relation); had.UUID == built || now.UUID == built {
		return now.UUID == built && had.UUID != built
	}
	return p.tookOver(l.Relation, had.UUID, now.UUID)
}

// tookOver reports whether the build that a name is of had taken over a table of
// another one, as the ledger says, and that is in place now. What bears the name
// then is what was there before, unless it is such a table itself.
func (p *planner) tookOver(name adapters.Relation, had, now string) bool {
	works := map[string]bool{}
	for _, piece := range p.in.Pieces {
		if piece.Kind == PieceChunk && piece.Staging == name.Name {
			works[piece.Work] = true
		}
	}
	placed := false
	for _, piece := range p.in.Pieces {
		if piece.Kind != PieceChunk || !works[piece.Work] {
			continue
		}
		switch builtUUID(adapters.Relation{Database: name.Database, Name: piece.Staging}) {
		case had:
			return false
		case now:
			placed = true
		}
	}
	return placed
}

// adoptable is the newest of the leftovers that is what the node's table was;
// false when there is none, or it would not be kept anyway.
func (p *planner) adoptable(left []leftover) (leftover, bool) {
	if !p.keeps() {
		return leftover{}, false
	}
	for _, l := range slices.Backward(left) {
		if p.replaced(l) {
			return l, true
		}
	}
	return leftover{}, false
}

// adoptableOf is adoptable for leftovers of a relation, if one of the expected
// nodes is built there.
func adoptableOf(expected []*Expected, base adapters.Relation) (leftover, bool) {
	for _, e := range expected {
		p := newPlanner(e.in)
		if p.data.Database == base.Database && stagingBase(p.data.Database, p.data.Name) == base.Name {
			return p.adoptable(e.in.State.leftoversOf(p.data))
		}
	}
	return leftover{}, false
}

// adopt keeps what an interrupted build had replaced and not yet named so, and
// returns what else is left. What was kept before it goes, as that build would
// have done.
func (p *planner) adopt(left []leftover) []leftover {
	l, ok := p.adoptable(left)
	if !ok {
		return left
	}
	k, reached := p.keepLeft(l)
	if !reached {
		return left
	}
	p.adopted = append(p.adopted, k)
	p.in.State = p.in.State.withoutKept(p.data)
	return slices.DeleteFunc(slices.Clone(left), func(o leftover) bool { return o.Relation == l.Relation })
}

// keepLeft gives a leftover the name under which it is kept, and drops what was
// kept before it. Nothing is done when it is only on hosts that are left out.
func (p *planner) keepLeft(l leftover) (k leftover, reached bool) {
	hosts, reached := p.whereIs(l)
	if !reached {
		return l, false
	}
	k = l
	k.stamp.Role = RoleKept
	k.Relation = adapters.Relation{Database: l.Database, Name: k.stamp.name(p.data.Database, p.data.Name)}
	p.changeOn(hosts, Step{
		Purpose: "keep what a run of " + l.stamp.began() + " had replaced, for chmod rollback",
		Effect:  &Effect{There: []adapters.Relation{k.Relation}, Gone: []adapters.Relation{l.Relation}},
	}, renaming(l.Relation, k.Relation), nil)
	p.dropEach(slices.DeleteFunc(p.in.State.keptOf(p.data), func(o leftover) bool { return o.Relation == k.Relation }))
	return k, true
}

// withoutKept is the state once nothing is kept of a table.
func (s *State) withoutKept(r adapters.Relation) *State {
	own := *s
	own.kept = map[adapters.Relation][]leftover{}
	for key, all := range s.kept {
		if key != (adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}) {
			own.kept[key] = all
		}
	}
	return &own
}

// base is the relation that a leftover was made for.
func (l leftover) base() adapters.Relation {
	name, _, _ := ParseStaging(l.Name)
	return adapters.Relation{Database: l.Database, Name: name}
}

// forgotten reports what is kept of relations that no node builds any more.
func (c *Comparison) forgotten(known map[adapters.Relation]bool, q Question) {
	bases := map[adapters.Relation]bool{}
	for r := range known {
		for _, name := range []string{r.Name, r.Name + versionsSuffix} {
			bases[adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, name)}] = true
		}
	}
	for _, base := range sortedRelations(c.sight.state.kept) {
		if bases[base] || !slices.Contains(q.Databases, base.Database) {
			continue
		}
		for _, k := range c.sight.state.kept[base] {
			hosts := k.hosts
			if len(c.sight.state.hosts) == 0 {
				hosts = []string{""}
			}
			for _, host := range hosts {
				c.Divergences = append(c.Divergences, Divergence{
					Relation: k.Relation, Host: host, Aspect: AspectExtra, Remedy: RemedyHand,
					What: fmt.Sprintf("a run of %s has kept it of %s, which no node of this project is: %d bytes, to be had back by %s",
						k.stamp.began(), base, k.Bytes, ddl{}.drop(k.Relation, true)),
				})
			}
		}
	}
}
