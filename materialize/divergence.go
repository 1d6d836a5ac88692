package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Remedy is what makes a divergence go away.
type Remedy string

const (
	RemedyRepair Remedy = "repair" // RepairPlans
	RemedyBuild  Remedy = "build"  // building the node
	RemedyPrefer Remedy = "prefer" // saying which host is right
	RemedyHand   Remedy = "hand"   // nothing of ours
)

// Divergence is one way in which a relation is not on a host as the project
// says, or as other hosts have it.
type Divergence struct {
	NodeID   string // empty for what belongs to no node
	Relation adapters.Relation
	// Host is empty for the connected server without a cluster.
	Host   string
	Aspect Aspect
	What   string
	Remedy Remedy
	// Command is what to call when Remedy is RemedyBuild.
	Command string
}

// Comparison is what Compare found.
type Comparison struct {
	Divergences []Divergence
	// Relations are all that were compared, Different those with a divergence.
	Relations, Different int
	// Unknown are nodes whose SQL or columns are not known now, with why.
	Unknown map[string]error

	expected []*Expected
	examined []*examination
	sight    sight
}

// Question is what to compare, and how.
type Question struct {
	Expected []*Expected
	// Others are the nodes of the project that are not compared: what is theirs
	// is not too much.
	Others []*Expected
	Survey *Survey
	State  *State
	// Databases are those that are looked into for what is too much.
	Databases []string
	// Prefer is a host that is right where that cannot be told, or empty.
	Prefer string
	// Foreign asks for relations that chmod has not made, too.
	Foreign bool
}

// Compare holds what hosts have against what is expected of them, and against
// one another.
func Compare(q Question) *Comparison {
	c := &Comparison{Unknown: map[string]error{}, expected: q.Expected, sight: newSight(q)}
	known := map[adapters.Relation]bool{}
	for _, e := range q.Others {
		for _, r := range e.Relations {
			known[r.Relation] = true
		}
	}
	s := q.Survey
	for _, e := range q.Expected {
		if e.Unknown != nil {
			c.Unknown[e.Node.UniqueID] = e.Unknown
		}
		var behind *examination
		for _, r := range e.Relations {
			known[r.Relation] = true
			if r.distributed && behind != nil && behind.model != "" && r.shape != nil {
				// It shows the columns of what is behind it.
				own := *r.shape
				own.columns = behind.shape[behind.model].columns
				r.shape = &own
			}
			x := c.sight.examine(e, r)
			behind = x
			c.examined = append(c.examined, x)
			c.take(x)
		}
		c.grants(e, s)
	}
	c.extra(known, q)
	return c
}

// take adds what an examination has found.
func (c *Comparison) take(x *examination) {
	c.Relations++
	if len(x.problems) > 0 {
		c.Different++
	}
	for _, p := range x.problems {
		d := Divergence{NodeID: x.e.Node.UniqueID, Relation: x.r.Relation, Host: p.host, Aspect: p.aspect, What: p.what, Remedy: p.remedy}
		if p.remedy == RemedyBuild {
			d.Command = x.command(p.aspect, p.change)
		}
		c.Divergences = append(c.Divergences, d)
	}
}

// command builds the node, anew where a run does not bring the change about in
// the table that is there.
func (x *examination) command(a Aspect, c *change) string {
	n := x.e.Node
	verb := map[string]string{manifest.Seed: "seed", manifest.Snapshot: "snapshot"}[n.ResourceType]
	if verb == "" {
		verb = "run"
	}
	command := fmt.Sprintf("chmod %s --select %s", verb, n.Name)
	if x.r.loose && verb == "run" && a != AspectMissing && x.r.Rows && x.e.in.Columns != nil && !x.followed(c) {
		command += " --full-refresh"
	}
	return command
}

// followed reports whether a run alters the table so that a change is made.
func (x *examination) followed(c *change) bool {
	if c == nil {
		return false
	}
	p := newPlanner(x.e.in)
	switch configPolicy(x.e.Node.Config) {
	case "continue", "fail":
		return false
	}
	return p.alterable(*c) && (!drift{change: *c}.surplus() || p.governs(c.config))
}

// grants compares the grants of a node on each host.
func (c *Comparison) grants(e *Expected, s *Survey) {
	if e.Grants == nil {
		return
	}
	hosts := []string{""}
	if e.Hosts != nil {
		hosts = hostNames(e.Hosts)
	}
	for _, host := range hosts {
		own, ok := s.Grants[host]
		if !ok {
			continue
		}
		lacking, surplus := grantDifferences(e, own[e.target()])
		for _, g := range lacking {
			c.Divergences = append(c.Divergences, Divergence{NodeID: e.Node.UniqueID, Relation: e.target(), Host: host, Aspect: AspectGrants, Remedy: RemedyRepair,
				What: g.Privilege + " is not granted to " + g.Grantee})
		}
		for _, g := range surplus {
			c.Divergences = append(c.Divergences, Divergence{NodeID: e.Node.UniqueID, Relation: e.target(), Host: host, Aspect: AspectGrants, Remedy: RemedyRepair,
				What: g.Privilege + " is granted to " + g.Grantee + ", whom the config does not name"})
		}
	}
}

func grantDifferences(e *Expected, have []Grant) (lacking, surplus []Grant) {
	for _, g := range e.Grants {
		if !slices.Contains(have, g) {
			lacking = append(lacking, g)
		}
	}
	for _, g := range have {
		if !slices.Contains(e.Grants, g) && g.Grantee != e.in.Server.User {
			surplus = append(surplus, g)
		}
	}
	return lacking, surplus
}

// examinedOf is the examination of what a leftover was made for.
func (c *Comparison) examinedOf(l leftover) *examination {
	for _, x := range c.examined {
		if r := x.r.Relation; r.Database == l.Database && strings.HasPrefix(l.Name, stagingBase(r.Database, r.Name)+stampMark) {
			return x
		}
	}
	return nil
}

// extra reports what dead invocations have left, what builds of nodes that are
// gone have made, and, if asked for, what others have.
func (c *Comparison) extra(known map[adapters.Relation]bool, q Question) {
	for _, l := range c.sight.leftovers() {
		hosts := l.hosts
		if len(c.sight.state.hosts) == 0 {
			hosts = []string{""}
		}
		for _, host := range hosts {
			remedy, what := RemedyRepair, ""
			earlier, kept := adoptableOf(c.expected, l.base())
			switch x := c.examinedOf(l); {
			case kept && earlier.Relation == l.Relation:
				what = "; it is what the table was before, and is to be kept for chmod rollback"
			case l.stamp.Role == RoleOnItsWay:
				what = "; a rollback was broken off, and it is to be kept for the next one"
			case !disposable(l.stamp.Role):
				remedy, what = RemedyBuild, "; the next build puts its rows in place, or drops it"
			case x == nil:
			case x.verdict.undecided != "":
				remedy = RemedyPrefer
			case slices.Contains(x.lacking, host) && x.whenAbsent(host) != RemedyRepair && l.stamp.Role.copies():
				remedy, what = RemedyBuild, "; it may be the only copy"
			}
			c.Divergences = append(c.Divergences, Divergence{
				Relation: l.Relation, Host: host, Aspect: AspectExtra, Remedy: remedy,
				What: "an invocation of " + l.stamp.began() + " has left it behind" + what,
			})
		}
	}
	c.forgotten(known, q)
	catalogs := c.sight.state.hosts
	if len(catalogs) == 0 {
		catalogs = map[string]*adapters.Catalog{"": c.sight.state.catalog}
	}
	for _, host := range slices.Sorted(keys(catalogs)) {
		for _, database := range slices.Sorted(keys(catalogs[host].Databases)) {
			if !slices.Contains(q.Databases, database) {
				continue
			}
			tables := catalogs[host].Databases[database].Tables
			for _, name := range slices.Sorted(keys(tables)) {
				r := adapters.Relation{Database: database, Name: name}
				if _, _, staged := ParseStaging(name); staged || known[r] {
					continue
				}
				_, ours := builtAt(c.sight.generations[host][r])
				d := Divergence{Relation: r, Host: host, Aspect: AspectExtra, Remedy: RemedyHand}
				switch {
				case ours:
					d.What = "chmod has built it, and no selected node is built there"
				case q.Foreign:
					d.What = "no selected node is built there"
				default:
					continue
				}
				c.Divergences = append(c.Divergences, d)
			}
		}
	}
}
