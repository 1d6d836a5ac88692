package materialize

import (
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// replicas compares the hosts that have the right table: whether they are
// replicas of one another, and have the same parts.
func (x *examination) replicas(s *Survey) {
	for _, h := range x.hosts {
		host := h.Name
		held, ok := x.held[host]
		if !ok || held.Replica == nil || slices.Contains(x.stale, host) {
			continue
		}
		r := held.Replica
		names, known := s.Replicas[r.Path]
		switch {
		case known && !slices.Contains(names, r.Replica):
			x.lost = append(x.lost, host)
			x.found(host, AspectReplica, x.whenLost(host), "Keeper does not know its replica %s of %s: it gets no rows any more", r.Replica, r.Path)
			continue
		case r.ReadOnly:
			x.readOnly = append(x.readOnly, host)
			x.found(host, AspectReadOnly, RemedyRepair, "it is read-only: it takes no rows and fetches none")
			continue
		}
		for _, other := range x.hosts {
			if other.Shard != h.Shard || other.Name == host {
				continue
			}
			o, ok := x.held[other.Name]
			if !ok || o.Replica == nil || slices.Contains(x.stale, other.Name) {
				continue
			}
			if o.Replica.Path != r.Path {
				x.found(host, AspectPath, RemedyHand, "it is at %s in Keeper, and that of %s at %s: they get no rows from one another; see the macros of both", r.Path, other.Name, o.Replica.Path)
				break
			}
			if lacking := adapters.LackingParts(held.Parts, o.Parts); len(lacking) > 0 {
				x.behind = append(x.behind, host)
				x.found(host, AspectParts, RemedyRepair, "it lacks %d parts with %d rows that %s has, %s for one%s", len(lacking), rowsOf(lacking), other.Name, lacking[0].Name, lagText(r))
				break
			}
		}
	}
}

func lagText(r *adapters.ReplicaFacts) string {
	const sane = 365 * 24 * time.Hour
	if r.Lag > 0 && r.Lag < sane {
		return ", and is behind by " + r.Lag.String()
	}
	return ""
}

func rowsOf(parts []adapters.Part) uint64 {
	rows := uint64(0)
	for _, p := range parts {
		rows += p.Rows
	}
	return rows
}

// whenLost is what becomes of a replica that Keeper does not know. What only it
// has is not given up.
func (x *examination) whenLost(host string) Remedy {
	if len(x.donors(host)) == 0 || len(x.only(host)) > 0 && !x.restores() {
		return RemedyHand
	}
	return RemedyRepair
}

// restores reports whether servers can make a replica of what a host has.
func (x *examination) restores() bool { return x.e.in.Server.Version.AtLeast(21, 7) }

// only are the parts that no other replica of the table has.
func (x *examination) only(host string) []adapters.Part {
	var theirs []adapters.Part
	for _, donor := range x.donors(host) {
		theirs = append(theirs, x.held[donor].Parts...)
	}
	return adapters.LackingParts(theirs, x.held[host].Parts)
}

// donors are the other hosts of a host's shard that have the right table and
// from which it can be fetched.
func (x *examination) donors(host string) []string {
	shard := 0
	for _, h := range x.hosts {
		if h.Name == host {
			shard = h.Shard
		}
	}
	var donors []string
	for _, h := range x.hosts {
		if h.Shard == shard && h.Name != host && x.right(h.Name) {
			donors = append(donors, h.Name)
		}
	}
	return donors
}

// right reports whether a host's table is the right one, and well.
func (x *examination) right(host string) bool {
	held, ok := x.held[host]
	return ok && held.Replica != nil && !held.Replica.ReadOnly && x.generation[host] == x.verdict.right &&
		!slices.Contains(x.lost, host) && strings.HasPrefix(x.shape[host].engine, "Replicated")
}
