package materialize

import "github.com/chmod-sql/chmod/adapters"

// deleteInsert puts the new rows in the place of those with the same key. The
// partitions that it touches are made anew beside the table and replaced, so
// that no reader sees the old rows gone and the new ones not yet there.
func (p *planner) deleteInsert(s strategy, columns []column, settings map[string]any) {
	p.computeNew(columns, settings)
	p.exchangeRows(s)
}

// exchangeRows puts the new rows, which are all there, in the place of the old
// ones.
func (p *planner) exchangeRows(s strategy) {
	out := p.out(s, p.staging)
	work := p.rework(out)
	if p.keepsRows() && len(s.predicates) == 0 {
		p.checkCopied(Step{
			Purpose: "check that of the rows with these keys there are the new ones only",
			Check:   &Check{Zero: true, Why: "rows are missing or doubled"},
			Statement: adapters.Statement{SQL: "SELECT (SELECT toInt64(count()) FROM " + work.String() + " WHERE " + out + ")" +
				"\n  - (SELECT toInt64(count()) FROM " + p.staging.String() + " WHERE " + out + ")"},
		})
	}
	if !p.lightDelete() {
		id := p.ddl.partitionID()
		p.onShards(Step{
			Purpose: "check that no partition has lost all its rows: this server could not replace it", Kind: KindCheck,
			Check: &Check{Zero: true, Why: "all rows of a partition move to others; a --full-refresh does that"},
			Statement: adapters.Statement{SQL: "SELECT count() FROM (\n" + p.ddl.partitionsTouched(p.data, p.staging, out) + "\n)" +
				"\nWHERE partition_id NOT IN (SELECT DISTINCT " + id + " FROM " + work.String() + ")"},
		}, nil)
	}
	p.settleOf(work, "wait until every active replica has all their parts")
	p.dropNew()
	p.commit(work, RoleReplace)
}
