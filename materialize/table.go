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
	p.checkReplication()
	if !p.replaceable() {
		return
	}
	settings := p.querySettings()
	p.takes = InChunks(p.in)
	p.clean()
	p.hooks(OriginPreHook, p.in.PreHooks)
	p.header()
	p.describe(settings)
	columns := p.tableColumns()
	if by, ok := p.chunkBy(); ok {
		p.fillInChunks(by, columns, settings)
	} else {
		p.createStaging(p.staging, columns, settings)
		first, last := p.spread(func(into adapters.Relation) (int, int) { return p.fill(into, columns, settings) })
		p.settleReplicas()
		p.checkRows(first, last, "the SQL wrote")
	}
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
	p.change(Step{
		Purpose:   "create the new table under a name of its own",
		Statement: adapters.Statement{Settings: p.typedSettings(settings)},
		Undo:      &adapters.Statement{Settings: p.dropSettings(math.MaxUint64)},
		Effect:    &Effect{There: []adapters.Relation{r}},
	}, func(d ddl) string { return d.createTable(t) }, func(d ddl) string { return d.drop(r, true) })
}

// insert fills a table from the SQL and returns the step's number.
func (p *planner) insert(into adapters.Relation, columns []column, settings map[string]any) int {
	names := columnNames(columns)
	head := "INSERT INTO " + into.String() + " (" + placeholder + ")\n"
	if columns != nil {
		head = "INSERT INTO " + into.String() + " (" + adapters.QuoteIdents(names) + ")\n"
	}
	var sql string
	var origin Origin
	if p.selects(columns) {
		sql, origin = p.around(head+"SELECT "+selectList(columns)+" FROM (\n", "\n)")
	} else {
		sql, origin = p.around(head, "")
	}
	with := p.insertSettings(settings)
	p.foreground(with)
	return p.add(Step{
		Purpose: "fill it", Kind: KindInsert, Origin: origin,
		Statement: adapters.Statement{SQL: sql, Settings: with},
	})
}

// checkRows compares what a step wrote with what the staging table holds,
// where the engine keeps each row.
func (p *planner) checkRows(first, writtenBy int, who string) {
	if !p.keepsRows() {
		return
	}
	purpose := fmt.Sprintf("check that it holds all rows that %s", who)
	inserted, uncounted := p.plan.Steps[writtenBy-1].Kind == KindInsert, false
	switch {
	case inserted && !p.in.Server.Version.AtLeast(20, 1):
		purpose = "count its rows: this server does not tell how many were written"
	case inserted && p.sharded():
		purpose, uncounted = "count its rows: servers count some of them twice on their way through a Distributed table", true
	}
	step := Step{
		Purpose: purpose, Kind: KindCheck, Check: &Check{WrittenBy: writtenBy, Uncounted: uncounted},
		Statement: adapters.Statement{SQL: "SELECT count() FROM " + p.staging.String()},
	}
	if first < writtenBy {
		step.Check.Since = first
	}
	if p.replicated() && p.onCluster() || p.sharded() {
		step.Scope, step.Check.Hosts = ScopeHosts, up(p.hosts)
		step.Hosts = hostNames(step.Check.Hosts)
		step.Purpose += ", on every replica"
	}
	p.add(step)
}

// clean removes what dead invocations left behind for this node. The copy that
// a swap set aside is put back first where it is the only one.
func (p *planner) clean() { p.found(p.cleanOf) }

func (p *planner) cleanOf(r adapters.Relation) {
	p.takeBack(r)
	if r == p.data && p.existing != nil && !p.existing.IsView() {
		p.forsake() // which an interrupted run did not come to
	}
	left := p.putBack(r)
	if r == p.data {
		left = p.adopt(left)
		if p.takes {
			left = slices.DeleteFunc(slices.Clone(left), p.candidate)
		}
	}
	for _, l := range left {
		if l.stamp.Role != RoleOnItsWay { // on hosts that are left out
			p.dropLeftover(l)
		}
	}
}

// having are those of the hosts that have the leftover.
func (p *planner) having(hosts []string, l leftover) []string {
	return slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return !slices.Contains(l.hosts, h) })
}

// dropSettings let a table go that chmod has made or replaced. Servers refuse
// to drop big tables, as a guard against slips; this is none.
func (p *planner) dropSettings(bytes uint64) map[string]any {
	const guarded = 40_000_000_000
	if bytes > guarded && p.ddl.server.Version.AtLeast(23, 12) {
		return map[string]any{"max_table_size_to_drop": 0}
	}
	return nil
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
