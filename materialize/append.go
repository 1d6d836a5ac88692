package materialize

import "github.com/chmod-sql/chmod/adapters"

// movePartition is that a server moves a partition from one table to another.
func movePartition(v adapters.Version) bool { return v.AtLeast(20, 3) }

// append adds the new rows to the table.
//
// Moving a partition is one step for readers, and what was moved is gone from
// where it was, so that doing it again moves the rest. Replicated tables do
// neither in one step, and take a part for known that is equal to an earlier
// one: there, partitions are made anew with the new rows and replaced.
func (p *planner) append(columns []column, settings map[string]any) {
	p.computeNew(columns, settings)
	if !p.replicated() && movePartition(p.ddl.server.Version) {
		p.commit(p.staging, RoleMove)
		return
	}
	work := p.rework("")
	if p.keepsRows() {
		id := p.ddl.partitionID()
		p.checkCopied(Step{
			Purpose: "check that they hold the old rows and the new ones",
			Check:   &Check{Zero: true, Why: "rows are missing or doubled, or somebody else has written to the table"},
			Statement: adapters.Statement{SQL: "SELECT toInt64(count())" +
				"\n  - (SELECT toInt64(count()) FROM " + p.data.String() + " WHERE " + id + " IN (SELECT DISTINCT " + id + " FROM " + work.String() + "))" +
				"\n  - (SELECT toInt64(count()) FROM " + p.staging.String() + ")\nFROM " + work.String()},
		})
	}
	p.settleOf(work, "wait until every active replica has all their parts")
	p.dropNew()
	p.commit(work, RoleReplace)
}
