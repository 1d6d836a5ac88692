package materialize

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// DefaultMaxAge is after which age a table of an unknown invocation counts as
// left behind.
const DefaultMaxAge = 24 * time.Hour

// State is what a server holds, and the hosts of its cluster, prepared for
// planning many nodes. It is immutable.
type State struct {
	catalog *adapters.Catalog
	// hosts are the catalogs of the cluster's hosts by name, the connected one
	// among them; empty on one server.
	hosts     map[string]*adapters.Catalog
	leftovers map[adapters.Relation][]leftover
	// aside is what swaps have set aside, whether or not those are dead who did.
	aside map[adapters.Relation][]leftover
	// unfinished are tables whose rows are to be put in place, by the table
	// that they are for; pending is what may become one.
	unfinished map[adapters.Relation][]unfinished
	pending    map[adapters.Relation][]leftover
	// kept are what tables were before they were replaced, by these tables, the
	// newest last. They are nobody's leftovers.
	kept map[adapters.Relation][]leftover
}

// leftover is a table that a dead invocation left behind.
type leftover struct {
	adapters.TableInfo
	stamp Stamp
	// hosts are those that have it; nil on one server.
	hosts []string
	// now is the name that it has until the plan has renamed it; empty when that
	// is its own.
	now adapters.Relation
}

// Liveness is how Observe tells dead invocations from living ones.
type Liveness struct {
	Invocation Invocation
	Now        time.Time
	// Alive reports whether a process of Invocation.Host is there; nil means
	// unknown, so that only age counts.
	Alive func(pid int) bool
	// MaxAge is DefaultMaxAge when 0.
	MaxAge time.Duration
	// Known is what the journal has of the invocation of a stamp; nil, or false,
	// when it has nothing. What it says beats age.
	Known func(stamp string) (dead, known bool)
}

// Dead reports whether the invocation that a stamp tells of is over.
func (l Liveness) Dead(s Stamp) bool { return l.dead(s) }

// Observe prepares a catalog for planning: it finds the tables that dead
// invocations left behind.
func Observe(catalog *adapters.Catalog, live Liveness) *State {
	return ObserveCluster(catalog, nil, live)
}

// ObserveCluster is Observe for a server and the hosts of its cluster, the
// server itself among them, by the names that the cluster has for them. Hosts
// that could not be asked are left out.
func ObserveCluster(catalog *adapters.Catalog, hosts map[string]*adapters.Catalog, live Liveness) *State {
	if catalog == nil {
		catalog = &adapters.Catalog{}
	}
	s := &State{
		catalog: catalog, hosts: hosts, leftovers: map[adapters.Relation][]leftover{}, aside: map[adapters.Relation][]leftover{},
		unfinished: map[adapters.Relation][]unfinished{}, pending: map[adapters.Relation][]leftover{},
		kept: map[adapters.Relation][]leftover{},
	}
	s.find("", catalog, live)
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		s.find(name, hosts[name], live)
	}
	s.join()
	for _, all := range []map[adapters.Relation][]leftover{s.leftovers, s.kept, s.aside} {
		for _, l := range all {
			slices.SortFunc(l, older)
		}
	}
	return s
}

// older orders by who began first.
func older(a, b leftover) int {
	return cmp.Or(a.stamp.StartedAt.Compare(b.stamp.StartedAt), cmp.Compare(a.Name, b.Name))
}

// find notes the leftovers in a host's catalog; the connected server has no
// name.
func (s *State) find(host string, catalog *adapters.Catalog, live Liveness) {
	for database, d := range catalog.Databases {
		for name, t := range d.Tables {
			base, stamp, ok := ParseStaging(name)
			if !ok {
				continue
			}
			key := adapters.Relation{Database: database, Name: base}
			switch {
			case stamp.Role.publishes():
				s.publication(key, host, t, stamp)
				continue
			case stamp.Role == RoleKept:
				s.kept[key] = noted(s.kept[key], host, t, stamp)
				continue
			case stamp.Role == RoleWork || stamp.Role == RoleNew:
				s.pending[key] = noted(s.pending[key], host, t, stamp)
			case stamp.Role == RoleOld:
				s.aside[key] = noted(s.aside[key], host, t, stamp)
			}
			if live.dead(stamp) {
				s.leftovers[key] = noted(s.leftovers[key], host, t, stamp)
			}
		}
	}
}

// noted are leftovers with one more, or with one more host that has it.
func noted(all []leftover, host string, t adapters.TableInfo, stamp Stamp) []leftover {
	at := slices.IndexFunc(all, func(l leftover) bool { return l.Relation == t.Relation })
	if at < 0 {
		at = len(all)
		all = append(all, leftover{TableInfo: t, stamp: stamp})
	}
	if host != "" {
		all[at].hosts = append(all[at].hosts, host)
	}
	all[at].Bytes = max(all[at].Bytes, t.Bytes)
	return all
}

func (l Liveness) dead(s Stamp) bool {
	own := l.Invocation.stamp(s.Role)
	if s.ID == own.ID && s.Host == own.Host && s.PID == own.PID {
		return false
	}
	if s.Host == own.Host {
		if s.PID == own.PID {
			return true // that process is us, and we are another invocation
		}
		if l.Alive != nil && !l.Alive(s.PID) {
			return true
		}
	}
	if l.Known != nil {
		if dead, known := l.Known(s.Of()); known {
			return dead
		}
	}
	return l.Now.Sub(s.StartedAt) > cmp.Or(l.MaxAge, DefaultMaxAge)
}

func (s *State) table(r adapters.Relation) *adapters.TableInfo {
	if t, ok := s.catalog.Table(r); ok {
		return &t
	}
	return nil
}

// on is what a host has of a relation. A host that is not known by itself is taken
// to be as the connected server is, which has no name.
func (s *State) on(host string, r adapters.Relation) (adapters.TableInfo, bool) {
	c, ok := s.hosts[host]
	if !ok {
		c = s.catalog
	}
	return c.Table(r)
}

// anywhere finds a relation on any host, for what kind of thing it is.
func (s *State) anywhere(r adapters.Relation, hosts []string) *adapters.TableInfo {
	if t := s.table(r); t != nil {
		return t
	}
	for _, h := range hosts {
		if t, ok := s.on(h, r); ok {
			return &t
		}
	}
	return nil
}

// lacking are those of the hosts that do not have the relation.
func (s *State) lacking(r adapters.Relation, hosts []string) []string {
	return slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { _, there := s.on(h, r); return there })
}

func (s *State) leftoversOf(r adapters.Relation) []leftover {
	return s.leftovers[adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}]
}
