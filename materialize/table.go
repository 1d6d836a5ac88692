package materialize

import (
	"fmt"
	"math"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// table plans a table: built under a name of the invocation's own, checked,
// then put in the old one's place.
func (p *planner) table() {
	if !p.replaceable() {
		return
	}
	settings := p.querySettings()
	p.clean()
	p.hooks(OriginPreHook, p.in.PreHooks)
	p.header()
	p.describe(settings)
	columns := p.tableColumns()
	p.createStaging(p.staging, columns, settings)
	insert := p.insert(columns, settings)
	p.checkRows(insert, "the SQL wrote")
	p.swap()
	p.grants()
	p.hooks(OriginPostHook, p.in.PostHooks)
}

// describe reads the columns of the SQL.
func (p *planner) describe(settings map[string]any) {
	p.describes = true
	sql, origin := p.around("DESCRIBE TABLE (\n", "\n)")
	p.add(Step{
		Purpose: "read the columns of the SQL", Kind: KindDescribe, Origin: origin,
		Statement: adapters.Statement{SQL: sql, Settings: settings},
	})
}

// createStaging creates the new table with everything the config asks for.
func (p *planner) createStaging(r adapters.Relation, columns []column, settings map[string]any) {
	t := p.definition(r, columns)
	p.add(Step{
		Purpose:   "create the new table under a name of its own",
		Statement: adapters.Statement{SQL: p.ddl.createTable(t), Settings: settings},
		Undo:      p.undoDrop(r),
	})
}

// undoDrop drops a table of the invocation's own, whatever its size.
func (p *planner) undoDrop(r adapters.Relation) *adapters.Statement {
	s := p.dropOf(adapters.TableInfo{Relation: r, Bytes: math.MaxUint64}, true)
	return &s
}

// insert fills the staging table from the SQL and returns the step's number.
func (p *planner) insert(columns []column, settings map[string]any) int {
	names := columnNames(columns)
	head := "INSERT INTO " + p.staging.String() + " (" + placeholder + ")\n"
	if columns != nil {
		head = "INSERT INTO " + p.staging.String() + " (" + adapters.QuoteIdents(names) + ")\n"
	}
	var sql string
	var origin Origin
	if p.in.Node.Contract.Enforced {
		sql, origin = p.around(head+"SELECT "+selectList(columns)+" FROM (\n", "\n)")
	} else {
		sql, origin = p.around(head, "")
	}
	return p.add(Step{
		Purpose: "fill it", Kind: KindInsert, Origin: origin,
		Statement: adapters.Statement{SQL: sql, Settings: p.insertSettings(settings)},
	})
}

// checkRows compares what a step wrote with what the staging table holds,
// where the engine keeps each row.
func (p *planner) checkRows(writtenBy int, who string) {
	if !p.keepsRows() {
		return
	}
	purpose := fmt.Sprintf("check that it holds all rows that %s", who)
	if p.plan.Steps[writtenBy-1].Kind == KindInsert && !p.in.Server.Version.AtLeast(20, 1) {
		purpose = "count its rows: this server does not tell how many were written"
	}
	p.add(Step{
		Purpose: purpose, Kind: KindCheck, Check: &Check{WrittenBy: writtenBy},
		Statement: adapters.Statement{SQL: "SELECT count() FROM " + p.staging.String()},
	})
}

// clean removes what dead invocations left behind for this node. The copy that
// a swap set aside is put back first when it is the only one.
func (p *planner) clean() {
	left := p.in.State.leftoversOf(p.target)
	if p.existing == nil {
		for i, l := range slices.Backward(left) {
			if l.stamp.Role != RoleOld {
				continue
			}
			p.exec("put back the table that an interrupted swap set aside",
				p.ddl.rename([2]adapters.Relation{l.Relation, p.target}))
			restored := l.TableInfo
			restored.Relation = p.target
			p.existing = &restored
			left = slices.Delete(slices.Clone(left), i, i+1)
			break
		}
	}
	for _, l := range left {
		p.dropLeftover(l)
	}
}

// dropOf drops a table that chmod has replaced. Servers refuse to drop big
// tables, as a guard against slips; this is none.
func (p *planner) dropOf(t adapters.TableInfo, wait bool) adapters.Statement {
	const guarded = 40_000_000_000
	s := adapters.Statement{SQL: p.ddl.drop(t.Relation, wait)}
	if t.Bytes > guarded && p.in.Server.Version.AtLeast(23, 12) {
		s.Settings = map[string]any{"max_table_size_to_drop": 0}
	}
	return s
}

// tableColumns is what the table's columns will be; nil while nobody knows.
func (p *planner) tableColumns() []column {
	if p.in.Columns == nil {
		p.checkContractConfig()
		return nil
	}
	p.checkColumns()
	if p.in.Node.Contract.Enforced {
		p.checkContract()
		return p.contractColumns()
	}
	return p.described(p.in.Columns)
}

// checkColumns reports columns that no table can have.
func (p *planner) checkColumns() {
	seen := map[string]bool{}
	for _, c := range p.in.Columns {
		if seen[c.Name] {
			p.diags.Add(diag.Diagnostic{
				Code: "duplicate-column", Span: p.in.Node.Span,
				What: fmt.Sprintf("%s: the SQL returns two columns named %q", p.in.Node.Name, c.Name),
				Fix:  "give one of them another name with AS",
			})
		}
		seen[c.Name] = true
		if p.in.Node.Contract.Enforced || !untyped(c.Type) {
			continue
		}
		p.diags.Add(diag.Diagnostic{
			Code: "untyped-column", Span: p.in.Node.Span,
			What: fmt.Sprintf("%s: column %q has no type", p.in.Node.Name, c.Name),
			Why:  fmt.Sprintf("its value is always NULL or an empty array, which gives it the type %s that no table can hold", c.Type),
			Fix:  fmt.Sprintf("say which type is meant, as in CAST(NULL AS Nullable(String)) AS %s", adapters.QuoteIdent(c.Name)),
		})
	}
}
