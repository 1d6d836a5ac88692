package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// schemaChange is how what the SQL returns differs from the table's columns.
type schemaChange struct {
	added   []column
	removed []adapters.ColumnInfo
	changed []changedColumn
}

// changedColumn is a column whose type is another one now.
type changedColumn struct {
	column
	was string
}

// grows reports whether the table's column can take the SQL's type without any
// value of it changing; fits whether the SQL's values go into it as it is.
func (c changedColumn) grows() bool { return grows(c.was, c.Type) }
func (c changedColumn) fits() bool  { return widens(c.Type, c.was) }

// asKept is the column with a type that keeps the dictionary of texts that the
// table's has.
func (c changedColumn) asKept() changedColumn {
	bare, _ := bareType(NormalType(c.Type))
	if strings.HasPrefix(c.was, "LowCardinality(") && !strings.HasPrefix(c.Type, "LowCardinality(") && typeName(bare) == "String" {
		c.Type = "LowCardinality(" + c.Type + ")"
	}
	return c
}

func (s schemaChange) none() bool { return len(s.added)+len(s.removed)+len(s.changed) == 0 }

// String tells all differences.
func (s schemaChange) String() string {
	var all []string
	for _, c := range s.added {
		all = append(all, fmt.Sprintf("%s %s is new", c.Name, c.Type))
	}
	for _, c := range s.removed {
		all = append(all, fmt.Sprintf("%s %s is gone", c.Name, c.Type))
	}
	for _, c := range s.changed {
		all = append(all, fmt.Sprintf("%s was %s and is %s", c.Name, c.was, c.Type))
	}
	return strings.Join(all, "; ")
}

// The values of on_schema_change.
const (
	schemaIgnore = "ignore"
	schemaFail   = "fail"
	schemaAppend = "append_new_columns"
	schemaSync   = "sync_all_columns"
)

// schemaPolicy is the config on_schema_change.
func (p *planner) schemaPolicy() string {
	policy := strings.ToLower(p.in.Node.Config.String("on_schema_change"))
	switch policy {
	case "":
		return schemaIgnore
	case schemaIgnore, schemaFail, schemaAppend, schemaSync:
		return policy
	}
	p.wrong("on_schema_change", "wrong-config-value", fmt.Sprintf("%s: on_schema_change: %s is not known", p.in.Node.Name, policy), "",
		"use ignore, fail, append_new_columns or sync_all_columns")
	return schemaIgnore
}

// compareSchema compares the columns of the SQL with the table's. Columns that
// the table makes up by itself are not the SQL's to return.
func (t *Target) compareSchema(columns []column) schemaChange {
	var s schemaChange
	returned := map[string]bool{}
	for _, c := range columns {
		returned[c.Name] = true
		has, ok := t.column(c.Name)
		switch {
		case !ok:
			s.added = append(s.added, c)
		case !SameType(has.Type, c.Type):
			s.changed = append(s.changed, changedColumn{column: c, was: has.Type})
		}
	}
	for _, c := range t.Columns {
		if c.DefaultKind == "" && !returned[c.Name] {
			s.removed = append(s.removed, c)
		}
	}
	return s
}

// changeSchema does about differences between the SQL and the table what
// on_schema_change says, and returns the columns that are inserted.
func (p *planner) changeSchema(columns []column) []column {
	policy := p.schemaPolicy()
	if columns == nil {
		return nil
	}
	change := p.in.Target.compareSchema(columns)
	if change.none() {
		p.viewFollows()
		return columns
	}
	all := change
	if policy == schemaAppend || policy == schemaSync {
		change = p.growing(change, policy)
	}
	refuse := policy == schemaFail ||
		policy == schemaAppend && (len(change.removed) > 0 || slices.ContainsFunc(change.changed, func(c changedColumn) bool { return !c.grows() })) ||
		policy == schemaIgnore && len(change.removed) > 0
	switch {
	case refuse:
		p.wrong("on_schema_change", "schema-changed", fmt.Sprintf("%s: the SQL no longer returns the columns of %s", p.in.Node.Name, p.target),
			all.String(), schemaAdvice(policy))
	case policy == schemaIgnore:
		return p.ignoreSchema(columns, change)
	case !change.none() && p.altersNoKey(change):
		p.checkFits(change)
		p.alterColumns(change)
	}
	return columns
}

func schemaAdvice(policy string) string {
	switch policy {
	case schemaFail:
		return "run with --full-refresh, or let on_schema_change: append_new_columns or sync_all_columns follow"
	case schemaAppend:
		return "return all the table's columns, with types that the table's can become without loss, or use on_schema_change: sync_all_columns"
	}
	return "return all the table's columns, or use on_schema_change: sync_all_columns, which drops them from the table"
}

// ignoreSchema leaves the table as it is.
func (p *planner) ignoreSchema(columns []column, change schemaChange) []column {
	if len(change.added) > 0 {
		names := columnNames(change.added)
		p.warn("on_schema_change", "new-column-ignored", fmt.Sprintf("%s: %s has no column %s, and its values are left out", p.in.Node.Name, p.target, adapters.QuoteIdents(names)),
			"on_schema_change is ignore", "use on_schema_change: append_new_columns")
		columns = slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return slices.Contains(names, c.Name) })
	}
	return p.converted(columns, change)
}

// alterColumns makes the table's columns those of the SQL. What is there
// already, after a run that was broken off, is left alone.
func (p *planner) alterColumns(change schemaChange) {
	p.noteOnce("the columns change before the new rows are there: until they are, a reader finds the old rows with the new columns%s", p.eachAtItsTime())
	var actions, front []string
	exists, absent := "IF EXISTS ", "IF NOT EXISTS "
	if !p.ddl.server.Version.AtLeast(19, 4) {
		exists, absent = "", ""
	}
	for _, c := range change.added {
		actions = append(actions, "ADD COLUMN "+absent+c.stored())
		front = append(front, "ADD COLUMN "+absent+c.declared(false))
	}
	if p.sortBy != "" && len(change.added) > 0 {
		// New columns can be sorted by from the statement on that adds them.
		actions = []string{strings.Join(actions, ", ") + ", MODIFY ORDER BY " + p.sortBy}
	}
	for _, c := range change.changed {
		actions = append(actions, "MODIFY COLUMN "+adapters.QuoteIdent(c.Name)+" "+c.Type)
		front = append(front, "MODIFY COLUMN "+adapters.QuoteIdent(c.Name)+" "+c.Type)
	}
	// What cannot be undone comes when all else is done.
	for _, c := range change.removed {
		actions = append(actions, "DROP COLUMN "+exists+adapters.QuoteIdent(c.Name))
		front = append(front, "DROP COLUMN "+exists+adapters.QuoteIdent(c.Name))
	}
	settings := p.alterWaits(2)
	if p.followed() {
		// A replica that is down would be waited for, too.
		settings = p.alterWaits(1)
	}
	p.viewWithout(change.removed)
	// One ALTER at a time: on some servers a later one sees what an earlier one
	// has changed only once that is done.
	for _, action := range actions {
		p.onShards(Step{
			Purpose:   "follow the SQL's columns: " + action,
			Statement: adapters.Statement{SQL: "ALTER TABLE " + p.data.String() + " " + action, Settings: settings},
			Told:      p.replicated(), Again: absent != "" || strings.HasPrefix(action, "MODIFY "),
		}, nil)
	}
	if p.sharded() {
		for _, action := range front {
			// Directly: through ON CLUSTER, old servers refuse to alter what is
			// not replicated.
			p.atFront(func() {
				p.changeOn(p.active(), Step{Purpose: "the same in what reads all shards"}, func(d ddl) string { return d.alter(p.whole, action) }, nil)
			})
		}
	}
	p.in.Target = p.in.Target.after(change)
	p.awaitColumns("see that each host has these columns")
	if p.sortBy != "" {
		p.in.Target.EngineFull = resorted(p.in.Target.EngineFull, p.sortBy)
	}
	p.viewWith(change)
}

// alterWaits are settings with which an ALTER waits for nobody, for the replica
// that is told, or for all of them, by their number.
func (p *planner) alterWaits(number int) map[string]any {
	if p.ddl.server.Version.AtLeast(22, 7) {
		return map[string]any{"alter_sync": number}
	}
	settings := map[string]any{"replication_alter_partitions_sync": number}
	if number < 2 && !p.ddl.server.Version.AtLeast(20, 1) {
		// They wait for all replicas all the same, for a minute as a rule, and
		// say then that it is unfinished.
		settings["replication_alter_columns_timeout"] = 3
	}
	return settings
}

// followed reports whether replicas tell each other of alterations, and all of
// them are known.
func (p *planner) followed() bool {
	return p.ddl.scope != ScopeNode && p.replicated() && !sharedEngine(p.engineOfDatabase) && len(up(p.hosts)) > 0
}

// awaitColumns waits until each host that is up has the table with the columns
// that it has by now: what is made like it is made like the host's own.
func (p *planner) awaitColumns(purpose string) {
	if !p.followed() {
		return
	}
	p.add(Step{
		Purpose: purpose, Kind: KindAltered, Scope: ScopeHosts, Hosts: p.active(),
		Statement: adapters.Statement{SQL: p.ddl.columns(p.data)},
		Altered: &Altered{
			Relation: p.data, Wait: p.in.Topology.ddlWait(), Require: p.in.Topology.require(), columns: p.in.Target.Columns,
		},
	})
}

// followColumns waits for hosts whose table has other columns than that of the
// connected one: they were down when it got them, and have not followed yet.
func (p *planner) followColumns() {
	for _, definition := range p.in.Target.Hosts {
		s, err := readShape(definition.CreateQuery)
		if err != nil || len(s.columns) == 0 {
			continue
		}
		if !p.in.Target.sameColumns(s) {
			p.awaitColumns("wait until each host has the columns that were added before")
			return
		}
	}
}

// sameColumns reports whether a shape has the table's columns.
func (t *Target) sameColumns(s shape) bool {
	return len(s.columns) == len(t.Columns) && !slices.ContainsFunc(s.columns, func(c shapeColumn) bool {
		has, ok := t.column(c.name)
		return !ok || !SameType(has.Type, c.kind)
	})
}

// after is the target once its columns were altered.
func (t *Target) after(change schemaChange) *Target {
	next := *t
	next.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c adapters.ColumnInfo) bool {
		return slices.ContainsFunc(change.removed, func(r adapters.ColumnInfo) bool { return r.Name == c.Name })
	})
	for i, c := range next.Columns {
		if at := slices.IndexFunc(change.changed, func(to changedColumn) bool { return to.Name == c.Name }); at >= 0 {
			next.Columns[i].Type = change.changed[at].Type
		}
	}
	for _, c := range change.added {
		next.Columns = append(next.Columns, adapters.ColumnInfo{Column: c.Column})
	}
	return &next
}
