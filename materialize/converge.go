package materialize

import "github.com/chmod-sql/chmod/adapters"

// Beside are the tables that builds have made of the expected relations under
// names of their own: what a survey of these has to ask for, too.
func (s *State) Beside(all []*Expected) []adapters.Relation {
	var names []adapters.Relation
	for _, e := range all {
		for _, r := range e.Relations {
			key := adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}
			for _, some := range [][]leftover{s.leftovers[key], s.kept[key]} {
				for _, l := range some {
					names = append(names, l.Relation)
				}
			}
		}
	}
	return names
}

// Convergence are plans that give each host the right one of the tables that were
// compared: a replica of it, or what a build has left there. Unlike Plans they do
// nothing else, and keep tables that they replace, unless an older build of the node
// made them. What cannot be told, or cannot be had, is left as it is.
func (c *Comparison) Convergence(r Repair) []*Plan {
	w := c.repairs(r)
	w.careful = true
	var plans []*Plan
	for _, e := range c.expected {
		p := w.planner(e)
		p.plan.Materialized = "convergence"
		for _, x := range c.examined {
			if x.e == e && x.r.Rows && p.onCluster() && x.verdict.undecided == "" {
				w.bringAll(p, x)
			}
		}
		if len(p.plan.Steps) > 0 {
			plans = append(plans, p.plan)
		}
	}
	return plans
}
