package materialize

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// built is what tells of a host's table which build it is of.
type built struct {
	shard int
	// path is the table's in Keeper on that host, empty where it has none or it
	// is not known; uuid is empty where it has none.
	path, uuid string
}

// at is when the build began, where the path tells.
func (b built) at() (time.Time, bool) { return builtAt(b.path) }

// divided tells which hosts have tables of different builds under one name:
// rows that are added on one of them would not be on the others, or would be
// added to what shards have of two generations. others are the UUIDs of what
// builds have made of it under other names. It is empty when all have the same,
// as far as that can be told.
func divided(on map[string]built, others map[string]bool) string {
	count := map[string][]string{}
	apart := false
	hosts := slices.Sorted(maps.Keys(on))
	for _, host := range hosts {
		b := on[host]
		side := b.path
		if when, ok := b.at(); ok {
			side = when.String()
		} else if side == "" || b.uuid != "" && strings.Contains(side, b.uuid) {
			side = b.uuid
		}
		count[side] = append(count[side], host)
		for _, other := range hosts {
			apart = apart || b.apart(on[other], others)
		}
	}
	if !apart || len(count) < 2 {
		return ""
	}
	return sides(count)
}

// apart reports whether a table is known to be of another build than another
// host's.
func (b built) apart(o built, others map[string]bool) bool {
	when, known := b.at()
	otherwise, knownToo := o.at()
	switch {
	case known && knownToo:
		return !when.Equal(otherwise)
	case b.shard == o.shard && b.path != "" && o.path != "":
		return b.path != o.path
	}
	// A table that one host has in place and another one beside it: an exchange
	// was carried out on one of them.
	return b.uuid != o.uuid && b.uuid != "" && o.uuid != "" && (others[b.uuid] || others[o.uuid])
}

// builds are what the hosts have of the node's table, with the paths that are
// given; without any, with those of the definitions that were read.
func (p *planner) builds(path func(host string) string) map[string]built {
	on := map[string]built{}
	for _, h := range up(p.hosts) {
		t, there := p.in.State.on(h.Name, p.data)
		if !there || p.in.State.hosts[h.Name] == nil {
			continue
		}
		b := built{shard: h.Shard, path: path(h.Name)}
		if t.UUID != zeroUUID {
			b.uuid = t.UUID
		}
		on[h.Name] = b
	}
	return on
}

// besides are the UUIDs of what builds have made of the node's table under names
// of their own, on any host.
func (p *planner) besides() map[string]bool {
	ids := map[string]bool{}
	for _, l := range slices.Concat(p.in.State.leftoversOf(p.data), p.in.State.asideOf(p.data), p.in.State.keptOf(p.data)) {
		for _, h := range l.hosts {
			if t, ok := p.in.State.on(h, l.Relation); ok && t.UUID != "" && t.UUID != zeroUUID {
				ids[t.UUID] = true
			}
		}
	}
	return ids
}

// undivided reports whether all hosts have a table of the same build, to which
// rows can be added.
func (p *planner) undivided() bool {
	if !p.onCluster() || p.in.Target == nil || p.in.InLine {
		return true
	}
	differ := divided(p.builds(p.writtenPath), p.besides())
	if differ == "" {
		return true
	}
	p.wrong("materialized", "builds-differ", fmt.Sprintf("%s: hosts have tables of different builds as %s: %s", p.in.Node.Name, p.data, differ),
		"rows that are added to one of them would be missing in the others",
		fmt.Sprintf("chmod cluster repair --select %s gives all of them the right one; or build it again with --full-refresh", p.in.Node.Name))
	return false
}

// writtenPath is where a host's table is in Keeper, as its definition says.
func (p *planner) writtenPath(host string) string {
	name, args, _, ok := splitEngine(p.in.Target.Hosts[host].EngineFull)
	if !ok || familyName(name) == name || len(args) < 2 || !strings.HasPrefix(args[0], "'") {
		return ""
	}
	path := strings.Trim(args[0], "'")
	if t, ok := p.in.State.on(host, p.data); ok {
		path = strings.ReplaceAll(path, "{uuid}", t.UUID)
	}
	for _, h := range p.hosts {
		if h.Name != host {
			continue
		}
		for macro, text := range h.Macros {
			path = strings.ReplaceAll(path, "{"+macro+"}", text)
		}
	}
	return path
}

// Uneven are those of the nodes that rows are added to whose table some host
// lacks, or has of another build: such hosts are to be brought in line first.
func (c *Cluster) Uneven(nodes []Input) []Input {
	paths := map[string]map[adapters.Relation]string{}
	for name, m := range c.at {
		if m.facts == nil {
			continue
		}
		paths[name] = make(map[adapters.Relation]string, len(m.facts.Replicas))
		for _, r := range m.facts.Replicas {
			paths[name][r.Relation] = r.Path
		}
	}
	return slices.DeleteFunc(slices.Clone(nodes), func(in Input) bool {
		if !keeping(in) {
			return true
		}
		p := newPlanner(in)
		switch {
		case p.existing == nil, p.existing.IsView(), !p.onCluster():
			return true
		case len(p.missing) > 0:
			// What a living run has in hand is not to be touched.
			return slices.ContainsFunc(p.missing, func(h string) bool { _, why := p.setAside(p.data, h); return why != nil })
		}
		return divided(p.builds(func(host string) string { return paths[host][p.data] }), p.besides()) == ""
	})
}
