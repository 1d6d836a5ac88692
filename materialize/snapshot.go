package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// snapshot plans a table with the history of a query's rows: each version of a
// row with the time from which and up to which it was current.
//
// What has changed is computed once, in one statement, into a table of its own:
// the new versions, and those that end now. These take the place of the rows
// that were current, as with delete+insert; the rest of the history is linked
// and not written again. What is ready is put in place by the next run if this
// one does not come to it.
func (p *planner) snapshot() {
	s, ok := p.history()
	p.checkReplication()
	if !ok {
		return
	}
	if t := p.in.Target; t != nil && t.Missing {
		p.existing = nil
	}
	if p.existing != nil && p.existing.IsView() {
		p.wrong("alias", "relation-in-the-way", fmt.Sprintf("%s: %s is a view", p.in.Node.Name, p.target),
			"a snapshot keeps its history in a table", fmt.Sprintf("drop %s by hand, or give the snapshot another alias", p.target))
		return
	}
	if p.existing != nil && p.in.Target == nil {
		p.plan.unread = true
		return
	}
	if !p.complete() {
		return
	}
	settings := p.querySettings()
	if p.existing != nil {
		p.finish()
	}
	p.clean()
	p.hooks(OriginPreHook, p.in.PreHooks)
	p.header()
	p.describeSnapshot(s, settings)
	if p.existing == nil {
		p.firstSnapshot(s, settings)
	} else {
		p.nextSnapshot(s, settings)
	}
	p.grants()
	p.hooks(OriginPostHook, p.in.PostHooks)
}

// describeSnapshot reads the columns that a first snapshot would have.
func (p *planner) describeSnapshot(s history, settings map[string]any) {
	p.describes = true
	sql, origin := p.around("DESCRIBE TABLE (\n"+s.first(), s.end()+"\n)")
	p.add(Step{
		Purpose: "read the columns of the snapshot", Kind: KindDescribe, Origin: origin,
		Statement: adapters.Statement{SQL: sql, Settings: settings},
	})
}

// firstSnapshot plans the table when there is none: every row is current.
func (p *planner) firstSnapshot(s history, settings map[string]any) {
	columns := p.tableColumns()
	p.createStaging(p.staging, columns, settings)
	first, last := p.spread(func(into adapters.Relation) (int, int) {
		sql, origin := p.around(insertHead(into, columns)+s.first(), s.end())
		return p.versions(sql, origin, settings, "fill it")
	})
	p.settleReplicas()
	p.checkRows(first, last, "the SQL wrote")
	p.beginsOnce(s, twiceInSQL)
	p.swap()
}

const twiceInSQL = "unique_key is the same for several rows of the SQL"

// beginsOnce checks that no two versions begin of the same row: nobody could tell
// later which of them another one follows. why is how that can be.
func (p *planner) beginsOnce(s history, why string) {
	from := p.staging.String()
	if p.sharded() {
		from = p.ddl.onShards(p.staging)
	}
	p.add(Step{
		Purpose: "check that no key is twice among the versions that begin", Kind: KindCheck,
		Check: &Check{Zero: true, Why: why + ": so many keys are"},
		Statement: adapters.Statement{
			SQL: "SELECT count() FROM (\n  SELECT 1 FROM " + from + " WHERE " + s.current(adapters.QuoteIdent(s.names.to)) +
				" GROUP BY " + strings.Join(s.keys, ", ") + " HAVING count() > 1\n)",
		},
	})
}

// insertHead begins an INSERT into some columns.
func insertHead(into adapters.Relation, columns []column) string {
	if columns == nil {
		return "INSERT INTO " + into.String() + " (" + placeholder + ")\n"
	}
	return "INSERT INTO " + into.String() + " (" + adapters.QuoteIdents(columnNames(columns)) + ")\n"
}

// versions appends an INSERT with the model's SQL in it, and returns its number
// as that of the first and the last one.
func (p *planner) versions(sql string, origin Origin, settings map[string]any, purpose string) (first, last int) {
	with := p.insertSettings(settings)
	p.foreground(with)
	number := p.add(Step{
		Purpose: purpose, Kind: KindInsert, Origin: origin, Statement: adapters.Statement{SQL: sql, Settings: with},
	})
	return number, number
}

// nextSnapshot plans what is added to a table that is there.
func (p *planner) nextSnapshot(s history, settings map[string]any) {
	if p.in.Columns != nil {
		p.checkColumns()
		if !p.fitsSnapshot(s) {
			return
		}
	}
	p.followConfig()
	if p.in.Columns != nil {
		change := p.in.Target.compareSchema(p.described(p.in.Columns))
		s.grown = columnNames(change.added)
		wider := slices.DeleteFunc(change.changed, func(c changedColumn) bool { return c.fits() || !c.grows() || p.inKeys(c.Name) })
		if len(change.added)+len(wider) > 0 {
			p.alterColumns(schemaChange{added: change.added, changed: asKept(wider)})
		}
	}
	p.settleOf(p.data, "wait until every active replica has all of the table")
	p.staging = p.named(RoleNew)
	p.createLike(p.staging, "create a table for the versions that begin or end")
	first, last := p.spread(func(into adapters.Relation) (int, int) { return p.insertChanges(s, into, settings) })
	p.filled = [2]int{first, last}
	p.settleReplicas()
	p.checkRows(first, last, "the SQL wrote")
	p.beginsOnce(s, fmt.Sprintf("%s, or for several versions that are current in %s", twiceInSQL, p.data))
	of, to := s.changes(p.in.Target, p.in.Columns).identity(), adapters.QuoteIdent(s.names.to)
	p.onShards(Step{
		Purpose: "check that no version ends twice", Kind: KindCheck,
		Check: &Check{Zero: true, Why: fmt.Sprintf("several versions with the same unique_key are current in %s: leave one of each, by hand", p.data)},
		Statement: adapters.Statement{
			SQL: "SELECT toInt64(count()) - toInt64(uniqExact(" + of + ")) FROM " + p.staging.String() + " WHERE NOT " + s.current(to),
		},
	}, nil)
	out := p.out(strategy{key: of, predicates: []string{s.current(to)}}, p.staging)
	work := p.rework(out)
	if p.keepsRows() {
		partition := p.ddl.partitionID()
		p.checkCopied(Step{
			Purpose: "check that they hold the history and the changes",
			Check:   &Check{Zero: true, Why: "rows are missing or doubled, or somebody else has written to the table"},
			Statement: adapters.Statement{SQL: "SELECT toInt64(count())" +
				"\n  - (SELECT toInt64(count()) FROM " + p.data.String() + " WHERE " + partition + " IN (SELECT DISTINCT " + partition + " FROM " + work.String() + ") AND NOT ifNull(" + out + ", 0))" +
				"\n  - (SELECT toInt64(count()) FROM " + p.staging.String() + ")\nFROM " + work.String()},
		})
	}
	p.settleOf(work, "wait until every active replica has all their parts")
	p.dropNew()
	p.commit(work, RoleReplace)
}

// fitsSnapshot reports whether the table that is there is one of a snapshot.
func (p *planner) fitsSnapshot(s history) bool {
	for _, name := range []string{s.names.id, s.names.updated, s.names.from, s.names.to} {
		if _, ok := p.in.Target.column(name); !ok {
			p.wrong("alias", "not-a-snapshot", fmt.Sprintf("%s: %s has no column %s", p.in.Node.Name, p.target, adapters.QuoteIdent(name)),
				"it is not the table of a snapshot, or of one with other snapshot_meta_column_names",
				fmt.Sprintf("drop %s by hand, or give the snapshot another alias", p.target))
			return false
		}
	}
	return s.checksKnown(p)
}
