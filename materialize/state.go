package materialize

import (
	"cmp"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// DefaultMaxAge is after which age a table of an unknown invocation counts as
// left behind.
const DefaultMaxAge = 24 * time.Hour

// State is what a server holds, prepared for planning many nodes. It is
// immutable.
type State struct {
	catalog   *adapters.Catalog
	leftovers map[adapters.Relation][]leftover
}

// leftover is a table that a dead invocation left behind.
type leftover struct {
	adapters.TableInfo
	stamp Stamp
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
}

// Observe prepares a catalog for planning: it finds the tables that dead
// invocations left behind.
func Observe(catalog *adapters.Catalog, live Liveness) *State {
	s := &State{catalog: catalog, leftovers: map[adapters.Relation][]leftover{}}
	if catalog == nil {
		s.catalog = &adapters.Catalog{}
		return s
	}
	for database, d := range catalog.Databases {
		for name, t := range d.Tables {
			base, stamp, ok := ParseStaging(name)
			if ok && live.dead(stamp) {
				key := adapters.Relation{Database: database, Name: base}
				s.leftovers[key] = append(s.leftovers[key], leftover{t, stamp})
			}
		}
	}
	for _, l := range s.leftovers {
		slices.SortFunc(l, func(a, b leftover) int {
			return cmp.Or(a.stamp.StartedAt.Compare(b.stamp.StartedAt), cmp.Compare(a.Name, b.Name))
		})
	}
	return s
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
	return l.Now.Sub(s.StartedAt) > cmp.Or(l.MaxAge, DefaultMaxAge)
}

func (s *State) table(r adapters.Relation) *adapters.TableInfo {
	if t, ok := s.catalog.Table(r); ok {
		return &t
	}
	return nil
}

func (s *State) leftoversOf(r adapters.Relation) []leftover {
	return s.leftovers[adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}]
}
