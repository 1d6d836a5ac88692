package materialize

import (
	"github.com/chmod-sql/chmod/adapters"
)

// publication is a complete table whose rows go into the node's table.
type publication struct {
	from adapters.Relation
	role Role
	// hosts are those that have it; none on one server.
	hosts []string
	bytes uint64
	// settled says that the replicas are known to have all of it.
	settled bool
	merging merging // for RoleMerge
}

// commit names a finished table for what is to be done with it. From then on
// its rows are put in place, by this run or the next one.
func (p *planner) commit(finished adapters.Relation, role Role) {
	p.commitTo(finished, role, merging{})
}

// commitTo is commit for rows that are merged.
func (p *planner) commitTo(finished adapters.Relation, role Role, m merging) {
	to := p.named(role)
	p.change(Step{
		Purpose: "say by its name that it is complete: from here on, the next run does what this one does not come to",
		Commit:  true,
		Effect:  &Effect{There: []adapters.Relation{to}, Gone: []adapters.Relation{finished}},
	}, func(d ddl) string { return d.rename([2]adapters.Relation{finished, to}) }, nil)
	p.publish(publication{from: to, role: role, hosts: p.active(), settled: true, merging: m})
}

// publish puts partitions in place, each in one step for all readers of a
// host. Doing it again does no harm.
func (p *planner) publish(u publication) {
	if !u.settled {
		// Where it is no more, its rows are in place.
		all := p.hosts
		p.narrow(all, u.hosts)
		p.settleOf(u.from, "wait until every active replica has all its parts")
		p.hosts = all
	}
	if u.role == RoleMerge {
		p.mergeInPlace(u)
	} else {
		p.publishPartitions(u)
	}
	hosts := u.hosts
	if len(hosts) == len(p.active()) {
		hosts = nil
	}
	p.changeOn(hosts, Step{
		Purpose:   "drop what was put in place",
		Ended:     true,
		Statement: adapters.Statement{Settings: p.dropSettings(u.bytes)},
		Effect:    &Effect{Gone: []adapters.Relation{u.from}},
	}, func(d ddl) string { return d.drop(u.from, true) }, nil)
}

func (p *planner) publishPartitions(u publication) {
	p.partitionNotes(u.role)
	step := Step{Purpose: "put each of its partitions in the place of the one in " + p.data.String()}
	step.Each = &Each{
		Before: "ALTER TABLE " + p.data.String() + " REPLACE PARTITION ID ", After: " FROM " + u.from.String(), Settings: p.alterSettings(),
	}
	if u.role == RoleMove {
		step.Purpose = "move each of its partitions into " + p.data.String()
		step.Each.Before, step.Each.After = "ALTER TABLE "+u.from.String()+" MOVE PARTITION ID ", " TO TABLE "+p.data.String()
	}
	p.onPartitions(step, u.hosts, p.ddl.partitions(u.from))
	if u.role == RoleOverwrite && p.sharded() {
		p.onPartitions(Step{
			Purpose: "empty partitions of which the new rows are all on other shards",
			Each:    p.emptying(u.from),
		}, u.hosts, p.ddl.partitionsElsewhere(u.from, p.data))
	}
	p.settleOf(p.data, "wait until every active replica has them")
}

// emptying takes all rows out of partitions that the table with the new rows does
// not have here. Where the server can, they are replaced by what that table has of
// them, which is nothing: a process that was taken for dead, and wakes up right
// here, finds it gone and takes nobody's rows away.
func (p *planner) emptying(from adapters.Relation) *Each {
	if !p.lightDelete() {
		return &Each{Before: "ALTER TABLE " + p.data.String() + " DROP PARTITION ID ", Settings: p.alterSettings()}
	}
	settings := p.alterSettings()
	if p.ddl.server.Version.AtLeast(26, 6) {
		settings["allow_replace_partition_from_empty_source"] = 1
	}
	return &Each{Before: "ALTER TABLE " + p.data.String() + " REPLACE PARTITION ID ", After: " FROM " + from.String(), Settings: settings}
}

// onPartitions appends a step that does something with each partition that a
// query names, on one replica of each shard.
func (p *planner) onPartitions(s Step, hosts []string, query string) {
	s.Kind, s.Statement.SQL = KindPartitions, query
	p.onShards(s, hosts)
}

// onShards appends a step that is carried out on one replica of each shard,
// among the hosts named; nil means all.
func (p *planner) onShards(s Step, hosts []string) {
	if p.onCluster() {
		s.Scope, s.Hosts = ScopeShard, hosts
		if hosts == nil {
			s.Hosts = p.active()
		}
		if !p.replicated() {
			s.Scope = ScopeHosts // each has rows of its own
		}
	}
	p.add(s)
}

// partitionNotes says once what a reader can see while partitions are put in
// place.
func (p *planner) partitionNotes(role Role) {
	verb := "replaced"
	if role == RoleMove {
		verb = "added"
	}
	p.noteOnce("each partition is %s in one step for all readers; of several partitions, a reader can see some before the others%s", verb, p.eachAtItsTime())
	if role == RoleReplace {
		p.noteOnce("what anybody else writes into these partitions of %s while this runs is lost", p.data)
	}
}

// eachAtItsTime says that hosts do not change at once, where there are several.
func (p *planner) eachAtItsTime() string {
	if !p.onCluster() {
		return ""
	}
	return ", and replicas and shards follow each at its own time"
}

// alterSettings keep a statement about a partition from waiting for replicas
// that may be down: the step after it waits for those that are up.
func (p *planner) alterSettings() map[string]any {
	if p.ddl.server.Version.AtLeast(22, 7) {
		return map[string]any{"alter_sync": 1}
	}
	return map[string]any{}
}
