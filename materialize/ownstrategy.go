package materialize

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// OwnStrategies are the incremental strategies that a project has macros for.
type OwnStrategies struct {
	// Names are theirs, as in get_incremental_<name>_sql.
	Names []string
	// SQL calls the macro of one and returns its text; it is needed once there
	// is a Target.
	SQL func(name string, call StrategyCall) (string, error)
}

// StrategyCall is what a strategy of the project's own works on.
type StrategyCall struct {
	// Target is the table to change, and New the one with the new rows.
	Target, New adapters.Relation
	// Columns are those of both.
	Columns []adapters.Column
}

// ownMacro is the name of the macro of a strategy.
func ownMacro(name string) string { return "get_incremental_" + name + "_sql" }

// own carries out the statements of a macro of the project: on a copy of the
// table, whose parts are linked, which is put in the table's place when all of
// them were carried out. What they do to the table is so seen at once, and a
// failure on the way leaves no trace.
func (p *planner) own(s strategy, columns []column, settings map[string]any) {
	p.computeNew(columns, settings)
	target := p.whole
	aside := p.partitioned() && !p.sharded() && len(p.in.Target.Feeds) == 0
	copied := p.named(RoleStaging)
	if aside {
		target = copied
		p.copyTable(copied)
	} else {
		p.note("the statements of %s change %s itself: readers see what each one does, and a failure on the way leaves what was done", ownMacro(s.name), p.whole)
	}
	if !p.ownStatements(s, target) {
		return
	}
	if !aside {
		p.settleOf(p.data, "wait until every active replica has all of it")
		p.dropNew()
		return
	}
	p.settleOf(copied, "wait until every active replica has all of it")
	p.dropNew()
	p.swapOf(replacement{
		target: p.data, staging: copied, aside: p.named(RoleOld), existing: p.existing, missing: p.missing, held: p.replicated(),
	})
}

// copyTable makes a table that has all that the model's has.
func (p *planner) copyTable(copied adapters.Relation) {
	p.note("the statements of the strategy work on a copy of %s, which takes its place afterwards; what anybody else writes into it meanwhile is lost", p.data)
	p.createLike(copied, "create a table for the strategy's statements")
	all := p.ddl.partitions(p.data)
	if p.patched() {
		p.applyPatches(all)
		all = "SELECT partition_id FROM (\n" + all + "\n) WHERE NOT startsWith(partition_id, 'patch-')"
	}
	p.onPartitions(Step{
		Purpose: "take over all partitions; parts are linked, not copied",
		Each: &Each{
			Before: "ALTER TABLE " + copied.String() + " REPLACE PARTITION ID ", After: " FROM " + p.data.String(), Settings: p.alterSettings(),
		},
	}, nil, all)
	p.settleOf(copied, "wait until every active replica has all their parts")
}

// ownStatements plans what the macro says.
func (p *planner) ownStatements(s strategy, target adapters.Relation) bool {
	call := StrategyCall{Target: target, New: p.staging}
	if p.sharded() {
		call.New = p.readNew()
	}
	for _, c := range p.in.Target.insertable() {
		call.Columns = append(call.Columns, c.Column)
	}
	text, err := p.in.Own.SQL(s.name, call)
	if err != nil {
		if err := p.diags.AddError(err); err != nil {
			p.failed = err
		}
		return false
	}
	pieces := split(text)
	if len(pieces) == 0 {
		p.wrong("incremental_strategy", "wrong-config-value", fmt.Sprintf("%s: the macro %s gave no SQL", p.in.Node.Name, ownMacro(s.name)),
			"its text is what puts the new rows into the table", "have it write its statements, with a semicolon between them")
		return false
	}
	settings := p.deleteSettings()
	for name, v := range p.copySettings() {
		settings[name] = v
	}
	for i, piece := range pieces {
		purpose := ownMacro(s.name)
		if len(pieces) > 1 {
			purpose = fmt.Sprintf("%s, statement %d of %d", purpose, i+1, len(pieces))
		}
		p.add(Step{Purpose: purpose, Statement: adapters.Statement{SQL: piece.text, Settings: settings}})
		if p.mutatesAtOnce() {
			continue
		}
		p.awaitMutations(target)
		if i < len(pieces)-1 {
			p.settleOf(target, "wait until every active replica has all of it")
		}
	}
	if p.sharded() {
		p.add(Step{Purpose: "drop what read the new rows of all shards", Statement: adapters.Statement{
			SQL: ddl{server: p.in.Server, scope: ScopeNode}.drop(call.New, true),
		}})
	}
	return true
}

// mutatesAtOnce reports whether servers can be told to carry out what changes or
// takes out rows before they answer.
func (p *planner) mutatesAtOnce() bool { return p.ddl.server.Version.AtLeast(20, 1) }

// awaitMutations waits until a table's rows are changed or taken out: later
// statements count on it.
func (p *planner) awaitMutations(r adapters.Relation) {
	p.add(Step{
		Purpose: "wait until the rows that it changes or takes out are so", Kind: KindCheck,
		Check: &Check{Zero: true, Await: true, Why: "rows are still to be changed or taken out"},
		Statement: adapters.Statement{SQL: "SELECT count() FROM system.mutations WHERE database = " + adapters.Literal(r.Database) +
			" AND table = " + adapters.Literal(r.Name) + " AND NOT is_done"},
	})
}

// readNew makes a table that reads the new rows of all shards, on this server.
func (p *planner) readNew() adapters.Relation {
	through := p.namedFor(p.whole, RoleSpread)
	own := ddl{server: p.in.Server, scope: ScopeNode}
	p.add(Step{
		Purpose:   "create what reads the new rows of all shards",
		Statement: adapters.Statement{SQL: own.createTable(p.distributed(through, p.staging))},
		Undo:      &adapters.Statement{SQL: own.drop(through, true), Settings: p.dropSettings(math.MaxUint64)},
	})
	return through
}

// hasOwn reports whether the project has a macro for a strategy.
func (p *planner) hasOwn(name string) bool {
	return p.in.Own != nil && slices.Contains(p.in.Own.Names, name)
}

func (p *planner) unknownStrategy(written, name string) {
	var own []string
	if p.in.Own != nil {
		own = p.in.Own.Names
	}
	why := "chmod has " + list(strategies)
	if len(own) > 0 {
		why += "; the project has macros for " + list(own)
	}
	fix := diag.DidYouMean(written, append(slices.Clone(strategies), own...))
	if fix == "" {
		macro := ownMacro(strings.ReplaceAll(name, "-", "_"))
		fix = "use one of these, or write a macro " + macro + "(arg_dict), as in macros/" + macro + ".sql"
	}
	p.wrong("incremental_strategy", "unknown-strategy", fmt.Sprintf("%s: there is no incremental_strategy %s", p.in.Node.Name, written), why, fix)
}
