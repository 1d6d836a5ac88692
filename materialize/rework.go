package materialize

import (
	"maps"
	"regexp"

	"github.com/chmod-sql/chmod/adapters"
)

// rework makes the partitions that the new rows touch as they will be, in a
// table of their own: the rows there are, without those that the condition
// takes out, and the new ones. It returns that table.
func (p *planner) rework(out string) adapters.Relation {
	work := p.named(RoleWork)
	p.createWork(work)
	if out == "" || p.lightDelete() {
		p.applyPatches(p.ddl.partitionsTouched(p.data, p.staging, out))
		// What follows REPLACE is taken as it is; ATTACH would leave out parts
		// that are equal to one before them on replicated tables.
		p.onPartitions(Step{
			Purpose: "take over the partitions that the new rows touch; parts are linked, not copied",
			Each: &Each{
				Before: "ALTER TABLE " + work.String() + " REPLACE PARTITION ID ", After: " FROM " + p.data.String(), Settings: p.alterSettings(),
			},
		}, nil, p.ddl.partitionsTouched(p.data, p.staging, out))
		p.takeOut(work, out)
	} else {
		p.survivors(work, out)
	}
	names := adapters.QuoteIdents(p.insertableNames())
	p.onShards(Step{
		Purpose: "add the new rows", Counts: true,
		Statement: adapters.Statement{
			SQL:      "INSERT INTO " + work.String() + " (" + names + ")\nSELECT " + names + " FROM " + p.staging.String(),
			Settings: p.copySettings(),
		},
	}, nil)
	p.copied = len(p.plan.Steps)
	return work
}

// createWork creates a table for partitions that may lose all their rows. Servers
// drop parts without rows after a while, and the partition with them: it would
// then not be put in the place of the old one, whose rows would stay.
func (p *planner) createWork(work adapters.Relation) {
	engine, rest := p.likeEngine(work)
	if p.lightDelete() {
		rest = withSetting(rest, "remove_empty_parts = 0")
	}
	p.createAlike("create a table for the partitions as they will be", table{relation: work, engine: engine + rest})
}

// checkCopied appends a check of what rework has made, that reads rows only
// where the server does not tell that all of the new ones were inserted. What
// they replace is known to be gone: the server has ended the mutation without an
// error.
func (p *planner) checkCopied(s Step) {
	s.Kind = KindCheck
	if p.lightDelete() {
		s.Check.Copy, s.Check.WrittenBy = p.copied, p.filled[1]
		if p.filled[0] < p.filled[1] {
			s.Check.Since = p.filled[0]
		}
	}
	p.onShards(s, nil)
}

// takeOut deletes rows from the partitions that were taken over.
func (p *planner) takeOut(work adapters.Relation, out string) {
	if out == "" {
		return
	}
	step := Step{Purpose: "take out the rows that new ones replace; only a mask is written", Statement: adapters.Statement{
		SQL: "DELETE FROM " + work.String() + " WHERE " + out, Settings: p.deleteSettings(),
	}}
	if p.hasProjections() {
		step.Purpose = "take out the rows that new ones replace; with projections, parts that hold some are written again"
		step.Statement.SQL = "ALTER TABLE " + work.String() + " DELETE WHERE " + out
	}
	p.onShards(step, nil)
}

// survivors copies what stays of the partitions, on servers that cannot delete
// without rewriting.
func (p *planner) survivors(work adapters.Relation, out string) {
	p.note("this server has no lightweight DELETE: the partitions that the new rows touch are written again")
	id := p.ddl.partitionID()
	names := adapters.QuoteIdents(p.insertableNames())
	p.onShards(Step{
		Purpose: "copy what stays of the partitions that the new rows touch",
		Statement: adapters.Statement{
			SQL: "INSERT INTO " + work.String() + " (" + names + ")\nSELECT " + names + " FROM " + p.data.String() +
				"\nWHERE " + id + " IN (\n" + p.ddl.partitionsTouched(p.data, p.staging, out) + "\n)" +
				"\n  AND NOT ifNull(" + out + ", 0)",
			Settings: p.copySettings(),
		},
	}, nil)
}

// lightDelete reports whether rows can be deleted by a mask beside them.
func (p *planner) lightDelete() bool { return p.ddl.server.Version.AtLeast(23, 3) }

var projectionLine = regexp.MustCompile(`(?m)^\s+PROJECTION |, PROJECTION `)

func (p *planner) hasProjections() bool { return p.in.Target.hasProjections() }

func (t *Target) hasProjections() bool {
	return t.Projected || projectionLine.MatchString(t.CreateQuery)
}

// copySettings are those for filling a table from another one of ours.
func (p *planner) copySettings() map[string]any {
	s := p.insertSettings(nil)
	if p.ddl.server.Version.AtLeast(19, 4) {
		s["max_partitions_per_insert_block"] = 0
	}
	return s
}

// deleteSettings wait for the replica that is told; the others are waited for
// when what they have is compared. The rows that decide are the same on all.
func (p *planner) deleteSettings() map[string]any {
	s := maps.Clone(p.querySettings())
	if s == nil {
		s = map[string]any{}
	}
	if p.mutatesAtOnce() {
		s["mutations_sync"] = 1
		s["allow_nondeterministic_mutations"] = 1
	}
	if p.ddl.server.Version.AtLeast(24, 4) {
		s["lightweight_deletes_sync"] = 1
	}
	return s
}

func (p *planner) insertableNames() []string {
	var names []string
	for _, c := range p.in.Target.insertable() {
		names = append(names, c.Name)
	}
	return names
}
