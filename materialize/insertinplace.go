package materialize

import "github.com/chmod-sql/chmod/adapters"

// insertInPlace adds the new rows by an INSERT into the table itself, where its
// partitions cannot be worked on or materialized views wait for INSERTs.
func (p *planner) insertInPlace(s strategy, columns []column, settings map[string]any) {
	if !p.partitioned() {
		p.note("engine %s has no partitions: the rows are inserted into the table itself: a reader can see some before the others, and a failure on the way leaves some of them there", p.engineName())
		p.staging = p.target
		p.insert(p.staging, columns, settings)
		return
	}
	feeds := make([]string, len(p.in.Target.Feeds))
	for i, f := range p.in.Target.Feeds {
		feeds[i] = f.String()
	}
	p.note("%s reads each row that is inserted into %s: the new rows are inserted, a reader can see some before the others%s, and a crash in that very step can leave some of them there", list(feeds), p.data, p.eachAtItsTime())
	p.computeNew(columns, settings)
	if s.name == "merge" {
		p.onceEach(s)
		if updated, kept := p.mergeColumns(); len(kept) > 0 {
			p.mergeRows(s, updated, kept)
		}
	}
	if s.name == "delete_insert" || s.name == "microbatch" || s.name == "merge" {
		p.note("until they are, a reader finds the rows that they replace gone")
		out := p.out(s, p.staging)
		step := Step{Purpose: "take out the rows that new ones replace", Statement: adapters.Statement{
			SQL: "ALTER TABLE " + p.data.String() + " DELETE WHERE " + out, Settings: p.deleteSettings(),
		}}
		if p.lightDelete() && !p.hasProjections() {
			step.Statement.SQL = "DELETE FROM " + p.data.String() + " WHERE " + out
		}
		p.onShards(step, nil)
	}
	names := adapters.QuoteIdents(p.insertableNames())
	p.onShards(Step{
		Purpose: "insert the new rows",
		Statement: adapters.Statement{
			SQL:      "INSERT INTO " + p.data.String() + " (" + names + ")\nSELECT " + names + " FROM " + p.staging.String(),
			Settings: p.copySettings(),
		},
	}, nil)
	p.settleOf(p.data, "wait until every active replica has them")
	p.dropNew()
}
